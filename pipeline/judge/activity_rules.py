"""Questions about the listed activities: implausible audiences, items of two units or two tasks (R34, R35, R55)."""

from collections.abc import Iterator

import pandas as pd

from pipeline.judge.case import Case
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.words.names import fold
from pipeline.words.numbers import number_text


def activity_problems(case: Case) -> Iterator[Problem]:
    """Every question about the listed activities; a wrong cell elsewhere in their row hides none."""
    yield from _crowds(case)
    yield from _claimed_twice(case)
    yield from _under_two_tasks(case)


def _crowds(case: Case) -> Iterator[Problem]:
    """R35: more people at one event than a commune can gather."""
    limit = case.project.plan.plausible.participants_at_most
    why = f"nhiều hơn mức thường gặp của một cuộc ({number_text(limit)} người)"
    facts = {"why": why, "example_text": "ở cột “Ghi chú” nêu những đơn vị cùng dự"}
    rows = case.listed_activities
    for doc, row, participants in tuples(rows[rows["participants"] > limit], "doc", "row", "participants"):
        yield case.at("activities", doc, row, "participants", "outlier", number_text(participants), **facts)


def _claimed_twice(case: Case) -> Iterator[Problem]:
    """R34: the same link in two units, where neither says that it is a repost."""
    shared = _shared_links(case.listed_activities)
    for link, same in shared.groupby("evidence", sort=True):
        for doc, row, unit_id in tuples(same, "doc", "row", "unit_id"):
            others = [unit for unit in dict.fromkeys(same["unit_id"]) if unit != unit_id]
            facts = {
                "detail": f"Đường dẫn “{link}”",
                "other": ", ".join(case.project.register.name(unit) for unit in others),
            }
            yield case.at("activities", doc, row, "evidence", "same-as-other-unit", link, **facts)


def _under_two_tasks(case: Case) -> Iterator[Problem]:
    """R55: one activity (title, day, evidence) that a unit lists under two tasks."""
    rows = case.listed_activities
    rows = rows[rows["task_id"].isin(list(case.project.plan.task))]
    rows = rows[
        rows["evidence"].notna() & rows["title"].notna() & rows.duplicated(["unit_id", "date", "evidence"], keep=False)
    ]
    first: dict[tuple[object, ...], tuple[int, str]] = {}
    keys = "doc", "row", "unit_id", "date", "evidence", "title", "task_id"
    for doc, row, unit_id, day, link, title, task_id in tuples(rows, *keys):
        above, task = first.setdefault((unit_id, day, link, fold(title)), (row, task_id))
        if task != task_id and not case.project.proof.says_nothing(link):
            yield case.at("activities", doc, row, "task_id", "same-activity", task_id, other=str(above), task=task)


def _shared_links(activities: pd.DataFrame) -> pd.DataFrame:
    """The rows that are no repost and name as evidence a link that another unit names too."""
    rows = activities[["doc", "unit_id", "row", "evidence", "repost_of"]]
    same = rows[rows["evidence"].notna() & rows["repost_of"].isna() & rows.duplicated("evidence", keep=False)]
    texts = same["evidence"].drop_duplicates()
    links = same[same["evidence"].isin(texts[texts.str.contains("://|www\\.", regex=True)])]
    return links[links.groupby("evidence")["unit_id"].transform("nunique") > 1]
