"""What single rows of the forms in force show by themselves: that they are none of the form's, mere sums, or doubled.

In: typed frames. Out: problems; which rows they keep out is settled later (see `judge.rows`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.declare.form import Sheet
from pipeline.declare.project import Project
from pipeline.judge.rows import ranks
from pipeline.judged.settlement import UNCLEAR
from pipeline.values.cells import is_blank
from pipeline.values.forms import Found, Reading, problem_at
from pipeline.values.frames import rows_where
from pipeline.values.problems import Problem
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

_MOST_NAMED = 20  # rows that a sentence names; a column filled down has thousands
NOT_HELD = "not-held"
_BESIDE = ("note", "venue", "evidence")
_TOTAL_WORDS = ("tong cong", "tong so", "cong", "tong")


def check_rows(frames: Mapping[str, pd.DataFrame], readings: Sequence[Reading], project: Project) -> list[Problem]:
    """Find rows that are unknown, unfinished or mere sums, and fixed rows of which there are two."""
    problems: list[Problem] = []
    for table in project.row_names:
        filled = frames[table][frames[table]["filled"]]
        problems += _unknown(filled, project.form[table], readings, project)
        problems += _doubled_names(filled, project.form[table], readings)
    problems += _statuses(frames["tasks"], readings, project)
    problems += _totals(frames["activities"], readings)
    problems += _not_held(frames["activities"], readings, project)
    return problems


def find_doubles(
    frames: Mapping[str, pd.DataFrame],
    chains: Mapping[str, tuple[int, ...]],
    readings: Sequence[Reading],
    project: Project,
) -> list[Problem]:
    """Open rows that a unit wrote twice."""
    open_sheets = [sheet for sheet in project.form.tables.values() if sheet.shape == "open"]
    found = (_doubles(frames[sheet.id], sheet, ranks(chains), readings) for sheet in open_sheets)
    return [problem for problems in found for problem in problems]


def _first_filled(found: Found, number: int) -> tuple[str, Any]:
    cells = zip(found.keys, found.row(number), strict=True)
    return next((key, value) for key, value in cells if not is_blank(value))


def _unknown(filled: pd.DataFrame, sheet: Sheet, readings: Sequence[Reading], project: Project) -> Iterator[Problem]:
    """Rows of a fixed table that are none of the form's, told at the first cell that holds something."""
    example = project.plan.tasks[0].id if sheet.id == "tasks" else project.plan.indicators[0].id
    for index in filled.index[filled[sheet.row_key] == ""]:
        found = readings[int(filled.at[index, "doc"])].tables[sheet.id]
        key, value = _first_filled(found, int(filled.at[index, "row"]))
        yield _at(readings, filled, index, sheet.id, key, "row-unknown", value, example=example)


def _doubled_names(filled: pd.DataFrame, sheet: Sheet, readings: Sequence[Reading]) -> Iterator[Problem]:
    """Rows of a fixed table of which a form has several: these block each other."""
    same = ["doc", sheet.row_key]
    spare = next(sheet.by_key[key].label for key in ("note", "result") if key in sheet.by_key)
    place = f"cột “{spare}” của dòng đó"
    asked = f"Đề nghị cho biết dòng nào đúng: trả lời ở một dòng, nội dung của dòng kia chuyển sang {place}"
    named = filled[filled[sheet.row_key] != ""]
    for _, rows in named[named.duplicated(same, keep=False)].groupby(same, sort=False):
        first = rows["row"].iloc[: _MOST_NAMED + 1].tolist()
        more = "…" if len(rows) > len(first) else ""
        for index, number in rows["row"].items():
            others = ", ".join([str(other) for other in first if other != number][:_MOST_NAMED]) + more
            facts = {"alike": "trùng mã với", "effect": "chưa tính dòng nào", "asked": asked}
            yield _at(readings, filled, index, sheet.id, sheet.row_key, "duplicate-row", others, **facts)


def _statuses(tasks: pd.DataFrame, readings: Sequence[Reading], project: Project) -> Iterator[Problem]:
    """R06: a row that its lead has begun to fill needs a status; one that could not be read has its own problem."""
    is_empty = ~project.form["tasks"].holds(tasks["held"], "status")
    open_rows = tasks[tasks["filled"] & is_empty & (tasks["task_id"] != "")]
    for index, unit_id, task_id in zip(open_rows.index, open_rows["unit_id"], open_rows["task_id"], strict=True):
        unit = project.register.by_id.get(unit_id)
        if unit and project.plan.leads(project.plan.task[task_id], unit):
            yield _at(readings, tasks, index, "tasks", "status", "value-required")


def _totals(activities: pd.DataFrame, readings: Sequence[Reading]) -> Iterator[Problem]:
    """R19: a sum row that the unit added is no activity; its figure is compared with the rows above it."""
    filled = rows_where(activities, activities["filled"])
    found = dict(_sum_rows(filled))
    above = _sums_above(filled, list(found)) if found else filled["quantity"]
    for index, (key, text) in found.items():
        yield _at(readings, filled, index, "activities", key, "total-row", text)
        written, summed = filled.at[index, "quantity"], above.at[index]
        if not pd.isna(written) and written != summed:
            place = index, "activities", "quantity"
            yield _at(readings, filled, *place, "total-mismatch", written, sum=number_text(summed))


def _sums_above(filled: pd.DataFrame, sums: Sequence[int]) -> "pd.Series[Any]":
    """What the activities from the first of a form down to each row come to, sum rows left out."""
    in_order = filled.sort_values(["doc", "row"], kind="stable")
    counted = in_order["quantity"].mask(in_order.index.isin(sums)).fillna(0.0)
    return counted.groupby(in_order["doc"]).cumsum()


def _sum_rows(filled: pd.DataFrame) -> Iterator[tuple[int, tuple[str, str]]]:
    """The rows without a date in which a cell is called a sum: key and text of the first that is."""
    texts = filled.loc[filled["date"].isna(), ["stt", "title", "venue"]].fillna("").astype(str)
    is_sum = texts.apply(lambda column: column.map(_is_total)).any(axis=1).astype(bool)
    for index, row in texts[is_sum].iterrows():
        yield index, next((str(key), text) for key, text in row.items() if _is_total(text))


def _not_held(activities: pd.DataFrame, readings: Sequence[Reading], project: Project) -> Iterator[Problem]:
    """R51: a row whose own words say that nothing took place is no activity; one that may say so is asked about."""
    filled = rows_where(activities, activities["filled"])
    is_suspect = pd.Series(data=False, index=filled.index)
    for key in ("title", *_BESIDE):  # many rows share their texts
        suspects = [text for text in filled[key].dropna().unique() if text and project.proof.is_suspect(str(text))]
        if suspects:
            is_suspect |= filled[key].isin(suspects)
    texts = filled.loc[is_suspect, ["title", *_BESIDE]].fillna("").astype(str)
    took = {told: project.proof.took_place(*told) for told in set(texts.itertuples(index=False, name=None))}
    for index, *told in texts.itertuples(name=None):
        if took[(*told,)] != "yes":
            title, *beside = told
            code = NOT_HELD if took[(*told,)] == "no" else UNCLEAR
            written = "; ".join(text for text in (title, *beside[:1]) if text)
            yield _at(readings, filled, index, "activities", "title", code, written)


def _is_total(text: str) -> bool:
    return fold(text).rstrip(" :.") in _TOTAL_WORDS


def _doubles(
    frame: pd.DataFrame, sheet: Sheet, in_force: Mapping[int, int], readings: Sequence[Reading]
) -> Iterator[Problem]:
    """Rows of one unit that are alike in every own cell: the first counts, in the base before any supplement."""
    keys = sheet.own_keys
    filled = rows_where(frame, frame["filled"] & frame["doc"].isin(in_force))
    # few are alike so far, and only they are looked at whole
    filled = filled[filled.duplicated(["unit_id", *keys[:3]], keep=False)]
    filled = filled.assign(rank=filled["doc"].map(in_force)).sort_values(["unit_id", "rank", "row"], kind="stable")
    same = ["unit_id", *keys]
    doubled = filled.index[filled.duplicated(same, keep="first")]
    if doubled.empty:
        return
    first = filled.groupby(same, dropna=False, sort=False)["row"].transform("first")
    asked = "Nếu chỉ là một thì không phải sửa; nếu là hai nội dung khác nhau, đề nghị ghi rõ điểm khác nhau"
    facts = {"alike": "giống hệt", "effect": "chỉ tính một lần", "asked": asked}
    for index in doubled:
        yield _at(readings, filled, index, sheet.id, keys[0], "duplicate-row", str(first.at[index]), **facts)


def _at(
    readings: Sequence[Reading],
    frame: pd.DataFrame,
    index: int,
    table: str,
    key: str,
    code: str,
    value: object = "",
    /,
    **facts: str,
) -> Problem:
    return problem_at(
        readings[int(frame.at[index, "doc"])], table, key, int(frame.at[index, "row"]), code, value, **facts
    )
