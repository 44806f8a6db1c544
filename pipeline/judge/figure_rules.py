"""Questions about figures: blanks, figures that do not fit each other, figures that look copied or out of scale.

The relations themselves stand in the plan (`checks`, `plausible`); here is only what each kind of relation means.
Rule numbers follow docs/rules.md.
"""

from collections.abc import Callable, Iterator, Sequence
from math import isnan

import numpy as np
import pandas as pd

from pipeline.declare.plan import FigureCheck
from pipeline.judge.case import Case
from pipeline.judge.settlement import Settlement
from pipeline.values.problems import Problem
from pipeline.words.numbers import number_text

_FEW = 3  # numbers beside “nothing arose”; when there are more, the word is the mistake


def figure_problems(case: Case) -> Iterator[Problem]:
    """Every question about the figures of the forms in force."""
    yield from _blanks(case)
    yield from _not_theirs(case)
    for check in case.project.plan.checks:
        yield from _RULES[check.rule](case, check)
    yield from _nothing_but_something(case)
    yield from _less_than_contained(case)
    yield from _out_of_scale(case)
    yield from _all_round(case)
    yield from _looks_cumulative(case)
    yield from _copied_from_before(case)
    yield from _copied_from_neighbour(case)


def _blanks(case: Case) -> Iterator[Problem]:
    """R07: an owed figure left blank is not filled in; it is never zero."""
    optional = {item.id for item in case.project.plan.indicators if item.optional}
    grid = case.mine.grid
    blank = grid[grid["is_expected"] & (grid["kind_of_nothing"] == "not-filled") & ~grid["indicator_id"].isin(optional)]
    for unit_id, indicator_id in zip(blank["unit_id"], blank["indicator_id"], strict=True):
        yield case.figure(unit_id, indicator_id, "value-missing", label=_name(case, [indicator_id]))


def _not_theirs(case: Case) -> Iterator[Problem]:
    """R09: a figure on a greyed row is kept and asked about."""
    grid = case.mine.grid
    extra = grid[~grid["is_expected"] & grid["is_filled"] & grid["unit_id"].isin(case.mine.versions.chains)]
    for unit_id, indicator_id, value, kind in zip(
        extra["unit_id"], extra["indicator_id"], extra["value"], extra["kind_of_nothing"], strict=True
    ):
        if value > 0 or value < 0 or kind == "not-yet-known":
            yield case.figure(
                unit_id,
                indicator_id,
                "row-not-lead",
                _number(value),
                what=f"Chỉ tiêu {_name(case, [indicator_id])}",
                office=case.project.plan.office,
            )


def _at_least(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    yield from _mismatches(case, check, left, right, _owes(case, check) & (right > 0) & (left < right))


def _equal(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    yield from _mismatches(
        case, check, left, right, _owes(case, check) & left.notna() & right.notna() & (left != right)
    )


def _needs(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    for unit_id in left.index[_owes(case, check) & (left > 0) & (right == 0)]:
        yield _follows(case, unit_id, check.left, left[unit_id], check.right, right[unit_id], check.why)


def _both(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    for unit_id in left.index[_owes(case, check) & left.notna() & right.notna() & ((left > 0) != (right > 0))]:
        yield _follows(case, unit_id, check.left, left[unit_id], check.right, right[unit_id], check.why)


def _range(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left = _sums(case, check.left)
    for unit_id in left.index[_owes(case, check) & (left > 0) & ((left < check.low) | (left > check.high))]:
        yield _outlier(case, unit_id, check.left[0], left[unit_id], check.why)


def _covers_activities(case: Case, check: FigureCheck) -> Iterator[Problem]:
    """R21: a count is at least the number of rows listed; reposts are listed but not counted."""
    labels = {case.project.form.label("form", form) for form in check.forms}
    rows = case.mine.rows.accepted["activities"]
    listed = rows["unit_id"][rows["form"].isin(labels) & rows["repost_of"].isna()].value_counts()
    left = _sums(case, check.left)
    right = listed.reindex(left.index).fillna(0)
    for unit_id in left.index[_owes(case, check) & left.notna() & (left < right)]:
        words = "số dòng đã kê ở “" + case.project.form["activities"].name + "”"
        yield _mismatch(case, unit_id, check, left[unit_id], right[unit_id], words)


def _keeps(case: Case, check: FigureCheck) -> Iterator[Problem]:
    """R38: a stock that fell by more than its share since the period before."""
    before = _previous(case)
    if before is None:
        return
    for indicator_id in check.left:
        now = case.values[indicator_id]
        then = before.values.reindex(index=now.index, columns=[indicator_id])[indicator_id]
        has_said_why = now.index.isin(case.nothing_units)  # its blanks count as zero in every figure, stocks among them
        for unit_id in now.index[(then > 0) & (now < then * check.share) & ~has_said_why]:
            yield _outlier(case, unit_id, indicator_id, now[unit_id], f"{check.why} ({number_text(then[unit_id])})")


_RULES: dict[str, Callable[[Case, FigureCheck], Iterator[Problem]]] = {
    "at-least": _at_least,
    "equal": _equal,
    "needs": _needs,
    "both": _both,
    "range": _range,
    "covers-activities": _covers_activities,
    "keeps": _keeps,
}


def _nothing_but_something(case: Case) -> Iterator[Problem]:
    """R08: the card says that nothing arose, a figure says otherwise."""
    said = case.values[case.values.index.isin(case.nothing_units)]
    told: set[str] = set()
    for unit_id, indicator_id in _where(said > 0):
        count = int((said.loc[unit_id] > 0).sum())
        if count > _FEW and unit_id in told:
            continue  # the one word on the card is wrong, not all the numbers
        told.add(unit_id)
        others = f" và {count - 1} số liệu khác lớn hơn 0" if count > _FEW else ""
        detail = f"{_name(case, [indicator_id])} là {number_text(said.at[unit_id, indicator_id])}{others}"
        label = case.project.form.card.by_key["nothing_to_report"].label
        yield case.figure(
            unit_id,
            indicator_id,
            "follows-from",
            detail=detail,
            why=f"trong khi “{label}” ghi “Có”",
            example_text=f"Nếu có phát sinh, ô “{label}” ghi “Không”",
        )


def _less_than_contained(case: Case) -> Iterator[Problem]:
    """R15, R17: a period that contains others cannot have less of a flow than they have together."""
    inner = [case.earlier[code] for code in case.mine.period.contains if code in case.earlier]
    if not inner or len(inner) < len(case.mine.period.contains):
        return
    flows = [item.id for item in case.project.plan.indicators if item.kind == "flow"]
    now = case.values[flows]
    then = sum(earlier.values.reindex(index=now.index, columns=flows) for earlier in inner)
    names = " + ".join(earlier.period.name for earlier in inner)
    for unit_id, indicator_id in _where(now < then):
        facts = {
            "left": _name(case, [indicator_id]),
            "left_value": number_text(now.at[unit_id, indicator_id]),
            "right": names,
            "right_value": number_text(then.at[unit_id, indicator_id]),
        }
        yield case.figure(
            unit_id,
            indicator_id,
            "sum-mismatch",
            number_text(now.at[unit_id, indicator_id]),
            why=f"số {case.mine.period.name} gồm cả {names} nên không thể ít hơn",
            example_text=f"Ít nhất {facts['right_value']}",
            **facts,
        )


def _out_of_scale(case: Case) -> Iterator[Problem]:
    """R31: far above the unit's own period before, or far above the middle of its kind."""
    limits, before = case.project.plan.plausible, _previous(case)
    flows = [item.id for item in case.project.plan.indicators if item.kind == "flow"]
    now = case.values[flows]
    then = before.values.reindex(index=now.index, columns=flows) if before else now * np.nan
    kinds = pd.Series({unit.unit_id: unit.kind for unit in case.project.register.units}).reindex(now.index)
    middle = now.groupby(kinds).transform("median").where(now.groupby(kinds).transform("count") >= limits.median_units)
    above_before = (then > 0) & (now > then * limits.times_previous) & (now >= limits.median_floor)
    above_middle = (middle > 0) & (now > middle * limits.times_median) & (now >= limits.median_floor)
    for unit_id, indicator_id in _where(above_before | above_middle):
        if above_before.at[unit_id, indicator_id] and before:
            why = f"gấp hơn {limits.times_previous} lần {before.period.name} ({number_text(then.at[unit_id, indicator_id])})"
        else:
            why = f"gấp hơn {limits.times_median} lần mức giữa của các đơn vị cùng loại ({number_text(middle.at[unit_id, indicator_id])})"
        yield _outlier(case, unit_id, indicator_id, now.at[unit_id, indicator_id], why)


def _all_round(case: Case) -> Iterator[Problem]:
    """R36: all figures alike, or all whole tens, as if estimated."""
    least = case.project.plan.plausible.same_figures_at_least
    money = [item.id for item in case.project.plan.indicators if not item.whole]
    values = case.values.drop(columns=money)
    count, lowest, highest = (values > 0).sum(axis=1), values.where(values > 0).min(axis=1), values.max(axis=1)
    is_round = (values.isna() | (values <= 0) | (values % 10 == 0)).all(axis=1)
    for unit_id in values.index[(count >= least) & ((lowest == highest) | is_round)]:
        figures = values.loc[unit_id][values.loc[unit_id] > 0]
        how = "bằng nhau" if lowest[unit_id] == highest[unit_id] else "tròn chục, có phải số ước tính"
        yield _outlier(case, unit_id, figures.index[0], figures.iloc[0], f"cả {len(figures)} số liệu khác 0 đều {how}")


def _looks_cumulative(case: Case) -> Iterator[Problem]:
    """Figures of a single quarter that mostly reach those of the longer period before: counted since January?"""
    before = _previous(case)
    if before is None or before.period.code in case.mine.period.contains:
        return
    least = case.project.plan.plausible.same_figures_at_least
    flows = [item.id for item in case.project.plan.indicators if item.kind == "flow"]
    now = case.values[flows]
    then = before.values.reindex(index=now.index, columns=flows)
    compared, reached = (then > 0).sum(axis=1), ((then > 0) & (now > then)).sum(axis=1)
    for unit_id in now.index[(compared >= least) & (reached > 0.8 * compared)]:
        first = next(column for column in flows if now.at[unit_id, column] > then.at[unit_id, column] > 0)
        why = f"{reached[unit_id]}/{compared[unit_id]} số liệu đều lớn hơn {before.period.name}; có phải đơn vị ghi số cộng dồn từ đầu năm"
        yield _outlier(case, unit_id, first, now.at[unit_id, first], why)


def _copied_from_before(case: Case) -> Iterator[Problem]:
    """R32: the same figures as in the period before."""
    before = _previous(case)
    if before is None:
        return
    flows = [item.id for item in case.project.plan.indicators if item.kind == "flow"]
    now = case.values[flows]
    then = before.values.reindex(index=now.index, columns=flows)
    is_same = ((now == then) | ~(now > 0)).all(axis=1)
    for unit_id in now.index[is_same & ((now > 0).sum(axis=1) >= case.project.plan.plausible.same_figures_at_least)]:
        figures = now.loc[unit_id][now.loc[unit_id] > 0]
        yield case.figure(
            unit_id,
            figures.index[0],
            "copied-forward",
            _number(figures.iloc[0]),
            count=str(len(figures)),
            period=before.period.name,
        )


def _copied_from_neighbour(case: Case) -> Iterator[Problem]:
    """R32: two units with the same figures throughout."""
    least = case.project.plan.plausible.same_figures_at_least
    given = case.values.where(case.values > 0, 0.0)
    given = given[(given > 0).sum(axis=1) >= least]
    groups: dict[bytes, list[str]] = {}
    for unit_id, vector in zip(given.index, given.to_numpy(), strict=True):
        groups.setdefault(vector.tobytes(), []).append(str(unit_id))
    for units in (units for units in groups.values() if len(units) > 1):
        figures = given.loc[units[0]][given.loc[units[0]] > 0]
        for unit_id in units:
            others = ", ".join(case.project.register.name(other) for other in units if other != unit_id)
            detail = f"Cả {len(figures)} số liệu khác 0 ở Biểu 2"
            yield case.figure(
                unit_id, figures.index[0], "same-as-other-unit", _number(figures.iloc[0]), detail=detail, other=others
            )


def _previous(case: Case) -> Settlement | None:
    return case.earlier.get(case.mine.period.previous)


def _sums(case: Case, ids: Sequence[str]) -> pd.Series:
    """The sum over indicators by unit; NaN where one of those that the unit owes is a gap."""
    values, expected = case.values[list(ids)], case.is_expected[list(ids)]
    return values.mask(~expected & values.isna(), 0.0).sum(axis=1, skipna=False)


def _owes(case: Case, check: FigureCheck) -> pd.Series:
    """Which units owe any of the figures; something on rows that are all greyed is asked about as such."""
    return case.is_expected[[*check.left, *check.right]].any(axis=1)


def _mismatches(
    case: Case, check: FigureCheck, left: pd.Series, right: pd.Series, is_wrong: pd.Series
) -> Iterator[Problem]:
    for unit_id in left.index[is_wrong]:
        yield _mismatch(case, unit_id, check, left[unit_id], right[unit_id], _name(case, check.right))


def _mismatch(case: Case, unit_id: str, check: FigureCheck, left: float, right: float, right_name: str) -> Problem:
    place = _first_given(case, unit_id, (*check.left, *check.right))
    facts = {
        "left": _name(case, check.left),
        "left_value": number_text(left),
        "right": right_name,
        "right_value": number_text(right),
    }
    relation = "bằng" if check.rule == "equal" else "ít nhất bằng"
    return case.figure(
        unit_id,
        place,
        "sum-mismatch",
        number_text(left),
        why=check.why,
        example_text=f"{facts['left']} {relation} {facts['right_value']}",
        **facts,
    )


def _follows(
    case: Case, unit_id: str, left: Sequence[str], left_value: float, right: Sequence[str], right_value: float, why: str
) -> Problem:
    place = _first_given(case, unit_id, left if left_value == 0 else (*left, *right))
    detail = f"{_name(case, left)} là {number_text(left_value)}, còn {_name(case, right)} là {number_text(right_value)}"
    return case.figure(
        unit_id,
        place,
        "follows-from",
        number_text(left_value),
        detail=detail,
        why=why,
        example_text="Cả hai số cùng lớn hơn 0, hoặc cùng ghi “-”",
    )


def _outlier(case: Case, unit_id: str, indicator_id: str, value: float, why: str) -> Problem:
    return case.figure(unit_id, indicator_id, "outlier", number_text(value), why=why, label=_name(case, [indicator_id]))


def _first_given(case: Case, unit_id: str, ids: Sequence[str]) -> str:
    """The first of the indicators that stands in the unit's form, for the address."""
    return next((name for name in ids if (unit_id, name) in case.figure_line.index), ids[0])


def _name(case: Case, ids: Sequence[str]) -> str:
    return " + ".join(f"{name} ({case.project.plan.indicator[name].title})" if len(ids) == 1 else name for name in ids)


def _number(value: float) -> str:
    return "…" if isnan(value) else number_text(value)


def _where(mask: pd.DataFrame) -> list[tuple[str, str]]:
    """Row and column labels of the true cells, row by row."""
    rows, columns = np.nonzero(mask.to_numpy())
    return [(str(mask.index[row]), str(mask.columns[column])) for row, column in zip(rows, columns, strict=True)]
