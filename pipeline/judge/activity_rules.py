"""Questions about the listed activities: implausible audiences and items that two units claim (R34, R35)."""

from collections.abc import Iterator

from pipeline.judge.case import Case
from pipeline.values.problems import Problem
from pipeline.words.numbers import number_text


def activity_problems(case: Case) -> Iterator[Problem]:
    """Every question about the accepted activities."""
    yield from _crowds(case)
    yield from _claimed_twice(case)


def _crowds(case: Case) -> Iterator[Problem]:
    """R35: more people at one event than a commune can gather."""
    limit = case.project.plan.plausible.participants_at_most
    rows = case.mine.rows.accepted["activities"]
    for line in rows[rows["participants"] > limit].itertuples():
        yield case.at(
            "activities",
            line.doc,
            line.row,
            "participants",
            "outlier",
            number_text(line.participants),
            why=f"nhiều hơn mức thường gặp của một cuộc ({number_text(limit)} người)",
        )


def _claimed_twice(case: Case) -> Iterator[Problem]:
    """R34: the same link in two units, where neither says that it is a repost."""
    rows = case.mine.rows.accepted["activities"][["doc", "unit_id", "row", "evidence", "repost_of"]]
    same = rows[rows["evidence"].notna() & rows["repost_of"].isna() & rows.duplicated("evidence", keep=False)]
    texts = same["evidence"].drop_duplicates()
    links = same[same["evidence"].isin(texts[texts.str.contains("://|www\\.", regex=True)])]
    shared = links[links.groupby("evidence")["unit_id"].transform("nunique") > 1]
    for _, same in shared.groupby("evidence", sort=True):
        for line in same.itertuples():
            others = [unit for unit in dict.fromkeys(same["unit_id"]) if unit != line.unit_id]
            names = ", ".join(case.project.register.name(unit) for unit in others)
            yield case.at(
                "activities",
                line.doc,
                line.row,
                "evidence",
                "same-as-other-unit",
                line.evidence,
                detail=f"Đường dẫn “{line.evidence}”",
                other=names,
            )
