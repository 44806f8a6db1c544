"""Questions about the listed activities: implausible audiences and items that two units claim (R34, R35)."""

from collections.abc import Iterator

import pandas as pd

from pipeline.judge.case import Case
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.words.numbers import number_text


def activity_problems(case: Case) -> Iterator[Problem]:
    """Every question about the accepted activities."""
    yield from _crowds(case)
    yield from _claimed_twice(case)


def _crowds(case: Case) -> Iterator[Problem]:
    """R35: more people at one event than a commune can gather."""
    limit = case.project.plan.plausible.participants_at_most
    why = f"nhiều hơn mức thường gặp của một cuộc ({number_text(limit)} người)"
    rows = case.mine.rows.accepted["activities"]
    for doc, row, participants in tuples(rows[rows["participants"] > limit], "doc", "row", "participants"):
        yield case.at("activities", doc, row, "participants", "outlier", number_text(participants), why=why)


def _claimed_twice(case: Case) -> Iterator[Problem]:
    """R34: the same link in two units, where neither says that it is a repost."""
    shared = _shared_links(case.mine.rows.accepted["activities"])
    for link, same in shared.groupby("evidence", sort=True):
        for doc, row, unit_id in tuples(same, "doc", "row", "unit_id"):
            others = [unit for unit in dict.fromkeys(same["unit_id"]) if unit != unit_id]
            facts = {
                "detail": f"Đường dẫn “{link}”",
                "other": ", ".join(case.project.register.name(unit) for unit in others),
            }
            yield case.at("activities", doc, row, "evidence", "same-as-other-unit", link, **facts)


def _shared_links(activities: pd.DataFrame) -> pd.DataFrame:
    """The rows that are no repost and name as evidence a link that another unit names too."""
    rows = activities[["doc", "unit_id", "row", "evidence", "repost_of"]]
    same = rows[rows["evidence"].notna() & rows["repost_of"].isna() & rows.duplicated("evidence", keep=False)]
    texts = same["evidence"].drop_duplicates()
    links = same[same["evidence"].isin(texts[texts.str.contains("://|www\\.", regex=True)])]
    return links[links.groupby("evidence")["unit_id"].transform("nunique") > 1]
