"""Questions about figures: blanks, figures that do not fit each other, figures that look copied or out of scale.

The relations themselves stand in the plan (`checks`, `plausible`); here is only what each kind of relation means.
Rule numbers follow docs/rules.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import timedelta
from math import isnan

import numpy as np
import pandas as pd

from pipeline.declare.plan import FigureCheck
from pipeline.judge.case import Case
from pipeline.judge.named_items import named_items
from pipeline.judged.settlement import Settlement
from pipeline.values.frames import tuples
from pipeline.values.problems import Problem
from pipeline.words.numbers import number_text
from pipeline.words.prose import capitalised, lowered

SAY_WHY = "ở cột “Ghi chú” nêu tên đợt tuyên truyền làm số này tăng hoặc giảm"
_FEW = 3  # numbers beside “nothing arose”; when there are more, the word is the mistake


def figure_problems(case: Case) -> Iterator[Problem]:
    """Every question about the figures of the forms in force."""
    yield from _blanks(case)
    yield from _not_theirs(case)
    for check in case.project.plan.checks:
        if check.rule in _RULES:
            yield from _RULES[check.rule](case, check)
    yield from _covers_texts(case)
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
    grid, office = case.mine.grid, case.project.plan.office
    extra = grid[~grid["is_expected"] & grid["is_filled"] & grid["unit_id"].isin(case.mine.versions.chains)]
    for unit_id, indicator_id, value, kind in tuples(extra, "unit_id", "indicator_id", "value", "kind_of_nothing"):
        if value > 0 or value < 0 or kind == "not-yet-known":
            what = f"Chỉ tiêu {_name(case, [indicator_id])}"
            yield case.figure(unit_id, indicator_id, "row-not-lead", _number(value), what=what, office=office)


def _at_least(case: Case, check: FigureCheck) -> Iterator[Problem]:
    if check.since_start:
        yield from _at_least_since_start(case, check)
        return
    left, right = _sums(case, check.left), _sums(case, check.right)
    yield from _mismatches(case, check, left, right, _owes(case, check) & (right > 0) & (left < right))


def _at_least_since_start(case: Case, check: FigureCheck) -> Iterator[Problem]:
    """The same for the year so far; who gave nothing on the left lives on what stands in no form, and is not asked."""
    left, right = _since_start(case, check.left), _since_start(case, check.right)
    has_other = (case.values[list(check.unless)] > 0).any(axis=1)
    words = " từ đầu năm" if len(case.mine.period.cumulative) > 1 else ""
    is_wrong = _owes(case, check) & (left > 0) & (right > 0) & (left < right) & ~has_other
    yield from _mismatches(case, check, left, right, is_wrong, words)


def _equal(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    yield from _mismatches(
        case, check, left, right, _owes(case, check) & left.notna() & right.notna() & (left != right)
    )


def _needs(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    for unit_id in left.index[_owes(case, check) & (left > 0) & (right == 0)]:
        yield _follows(case, unit_id, check, left[unit_id], right[unit_id])


def _both(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left, right = _sums(case, check.left), _sums(case, check.right)
    for unit_id in left.index[_owes(case, check) & left.notna() & right.notna() & ((left > 0) != (right > 0))]:
        yield _follows(case, unit_id, check, left[unit_id], right[unit_id])


def _range(case: Case, check: FigureCheck) -> Iterator[Problem]:
    left = _sums(case, check.left)
    for unit_id in left.index[_owes(case, check) & (left > 0) & ((left < check.low) | (left > check.high))]:
        problem = _outlier(case, unit_id, check.left[0], left[unit_id], check.why, check.example)
        yield replace(_about(problem, check.left), on_form=True)


def _covers_activities(case: Case, check: FigureCheck) -> Iterator[Problem]:
    """R21: a count is at least the number of rows listed; reposts are listed but not counted."""
    left = _sums(case, check.left)
    right = _listed(case, check).reindex(left.index).fillna(0)
    words = f"số dòng đã kê ở “{case.project.form['activities'].name}”"
    for unit_id in left.index[_owes(case, check) & left.notna() & (left < right)]:
        yield _mismatch(case, unit_id, check, left[unit_id], right[unit_id], words)


def _listed(case: Case, check: FigureCheck) -> "pd.Series[int]":
    """How many rows of Biểu 3 are of the forms of a check, by unit; reposts are none."""
    labels = {case.project.form.label("form", form) for form in check.forms}
    rows = case.listed_activities
    return rows["unit_id"][rows["form"].isin(labels) & rows["repost_of"].isna()].value_counts()


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
            why = f"{check.why} ({number_text(then[unit_id])})"
            yield _outlier(case, unit_id, indicator_id, now[unit_id], why, check.example)


def _covers_texts(case: Case) -> Iterator[Problem]:
    """R22: of the items that a text of Biểu 1 names no more than the figures of its channels have."""
    for item in named_items(case):
        ids = list(dict.fromkeys(name for check in item.checks for name in check.left))
        total, check = _sums(case, ids).get(item.unit_id, np.nan), item.checks[0]
        if total < item.items:
            sides = _sides(_name(case, ids), total, f"số tin, bài nêu ở nhiệm vụ {item.task_id}", item.items)
            place = "tasks", int(item.doc), int(item.row), item.field, "sum-mismatch", number_text(item.items)
            yield _unseen(_about(case.at(*place, why=check.why, example_text=check.example, **sides), ids))


def _carries(case: Case, check: FigureCheck) -> Iterator[Problem]:
    """R54: what is carried over is what was left at the end of the period that ended right before this one began."""
    before = carried_from(case)
    if before is None:
        return
    left = _sums(case, check.left)
    then = before.values.reindex(index=left.index, columns=list(check.right)).sum(axis=1, skipna=False)
    name = f"{_name(case, check.right)} của {before.period.name}"
    is_told = ~left.index.isin(case.nothing_units)  # whose blanks count as zero in every figure, stocks among them
    for unit_id in left.index[_owes(case, check) & is_told & left.notna() & then.notna() & (left != then)]:
        sides = _sides(_name(case, check.left), left[unit_id], name, then[unit_id])
        place = unit_id, check.left[0], "sum-mismatch"
        problem = case.figure(*place, sides["left_value"], why=check.why, example_text=check.example, **sides)
        yield _unseen(_about(problem, check.left))


def carried_from(case: Case) -> Settlement | None:
    """The period that ended right before this one began, if it was read."""
    day_before = case.mine.period.date_from - timedelta(days=1)
    return next((other for other in case.earlier.values() if other.period.date_to == day_before), None)


_RULES: dict[str, Callable[[Case, FigureCheck], Iterator[Problem]]] = {
    "at-least": _at_least,
    "equal": _equal,
    "needs": _needs,
    "both": _both,
    "range": _range,
    "covers-activities": _covers_activities,
    "carries": _carries,
    "keeps": _keeps,
}


def could_fail(case: Case, check: FigureCheck, unit_id: str, lacking: Set[str]) -> bool:
    """Whether a check may find fault with a unit's figures once those that are lacking now can be read."""
    if check.rule not in _MAY_FAIL or not _owes(case, check)[unit_id]:
        return False
    if check.rule == "carries":
        before = carried_from(case)
        return bool(
            before and unit_id in before.values.index and before.values.loc[unit_id, list(check.right)].notna().all()
        )
    known = case.values.loc[unit_id]
    left, right = (float(known[list(ids)].sum()) for ids in (check.left, check.right))
    if check.rule == "covers-activities":
        right = float(_listed(case, check).get(unit_id, 0))
    return _MAY_FAIL[check.rule](left, right, not lacking.isdisjoint(check.left), not lacking.isdisjoint(check.right))


# By the kind of relation, whether it may fail, told from what is known of both sides and whether more is to come there.
_MAY_FAIL: dict[str, Callable[[float, float, bool, bool], bool]] = {
    "at-least": lambda left, right, _more_left, more_right: more_right or left < right,
    "equal": lambda _left, _right, more_left, more_right: more_left or more_right,
    "needs": lambda left, right, more_left, _more_right: (more_left or left > 0) and right == 0,
    "both": lambda left, right, more_left, more_right: (
        (right == 0 and (left > 0 or more_left)) or (left == 0 and (right > 0 or more_right))
    ),
    "range": lambda left, _right, _more_left, _more_right: left == 0,
    "carries": lambda _left, _right, more_left, _more_right: more_left,
    "covers-activities": lambda left, right, _more_left, _more_right: left < right,
}


def _nothing_but_something(case: Case) -> Iterator[Problem]:
    """R08: the card says that nothing arose, a figure says otherwise."""
    label = case.project.form.card.by_key["nothing_to_report"].label
    why, example = f"trong khi “{label}” ghi “Có”", f"Nếu có phát sinh, ô “{label}” ghi “Không”"
    said = case.values[case.values.index.isin(case.nothing_units)]
    told: set[str] = set()
    for unit_id, indicator_id in _where(said > 0):
        count = int((said.loc[unit_id] > 0).sum())
        if count > _FEW and unit_id in told:
            continue  # the one word on the card is wrong, not all the numbers
        told.add(unit_id)
        others = f" và {count - 1} số liệu khác lớn hơn 0" if count > _FEW else ""
        detail = f"{_name(case, [indicator_id])} là {number_text(said.at[unit_id, indicator_id])}{others}"
        problem = case.figure(unit_id, indicator_id, "follows-from", detail=detail, why=why, example_text=example)
        yield _about(problem, _above_zero(said, unit_id).index if count > _FEW else ())


def _less_than_contained(case: Case) -> Iterator[Problem]:
    """R15, R17: a period that contains others cannot have less of a flow than they have together."""
    inner = [case.earlier[code] for code in case.mine.period.contains if code in case.earlier]
    if not inner or len(inner) < len(case.mine.period.contains):
        return
    now, then = _flows(case), sum(_flows_of(earlier, case) for earlier in inner)
    names = " + ".join(earlier.period.name for earlier in inner)
    why = f"số {case.mine.period.name} gồm cả {names} nên không thể ít hơn"
    for unit_id, indicator_id in _where(now < then):
        sides = _sides(
            _name(case, [indicator_id]), now.at[unit_id, indicator_id], names, then.at[unit_id, indicator_id]
        )
        usual = case.project.plan.indicator[indicator_id].example
        example = f"{names} là {usual} thì {case.mine.period.name} từ {usual} trở lên"
        place = unit_id, indicator_id, "sum-mismatch"
        yield _unseen(case.figure(*place, sides["left_value"], why=why, example_text=example, **sides))


def _out_of_scale(case: Case) -> Iterator[Problem]:
    """R31: far above the unit's own period before, or far above the middle of its kind."""
    limits, before = case.project.plan.plausible, _previous(case)
    now = _flows(case)
    then = _flows_of(before, case) if before else now * np.nan
    middle = _middle_of_kind(now, case)
    is_large = now >= limits.median_floor
    above_before = (then > 0) & (now > then * limits.times_previous) & is_large
    above_middle = (middle > 0) & (now > middle * limits.times_median) & is_large
    for place in _where(above_before | above_middle):
        if above_before.at[place] and before:
            usual = f"số của {lowered(before.period.name)} ({number_text(then.at[place])})"
            why = f"gấp hơn {limits.times_previous} lần {usual}"
        else:
            usual = f"mức phổ biến (trung vị) của các đơn vị cùng loại ({number_text(middle.at[place])})"
            why = f"gấp hơn {limits.times_median} lần {usual}"
        yield _outlier(case, *place, now.at[place], why)


def _middle_of_kind(figures: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Beside each figure the median of its kind of unit; NaN where too few of them gave one."""
    kinds = pd.Series({unit.unit_id: unit.kind for unit in case.project.register.units}).reindex(figures.index)
    of_kind = figures.groupby(kinds)
    is_enough = of_kind.transform("count") >= case.project.plan.plausible.median_units
    return of_kind.transform("median").where(is_enough)


def _all_round(case: Case) -> Iterator[Problem]:
    """R36: all figures alike, or all whole tens, as if estimated."""
    money = [item.id for item in case.project.plan.indicators if not item.whole]
    values = case.values.drop(columns=money)
    given = values.where(values > 0)
    is_alike = given.min(axis=1) == values.max(axis=1)
    is_round = (given.isna() | (given % 10 == 0)).all(axis=1)
    for unit_id in values.index[_has_enough(values, case) & (is_alike | is_round)]:
        figures = _above_zero(values, unit_id)
        how = "bằng nhau" if is_alike[unit_id] else "tròn chục, có phải số ước tính"
        why = f"cả {len(figures)} số liệu khác 0 đều {how}"
        yield _about(_outlier(case, unit_id, figures.index[0], figures.iloc[0], why), figures.index)


def _looks_cumulative(case: Case) -> Iterator[Problem]:
    """Figures of a single quarter that mostly reach those of the longer period before: counted since January?"""
    before = _previous(case)
    if before is None or before.period.code in case.mine.period.contains:
        return
    now, then = _flows(case), _flows_of(before, case)
    is_more = (then > 0) & (now > then)
    reached, compared = is_more.sum(axis=1), (then > 0).sum(axis=1)
    for unit_id in now.index[_has_enough(then, case) & (reached > 0.8 * compared)]:
        grown = is_more.columns[is_more.loc[unit_id].to_numpy()]
        told = f"{reached[unit_id]}/{compared[unit_id]} số liệu đều lớn hơn {before.period.name}"
        why = f"{told}; có phải đơn vị ghi số cộng dồn từ đầu năm"
        yield _about(_outlier(case, unit_id, grown[0], now.at[unit_id, grown[0]], why), grown)


def _copied_from_before(case: Case) -> Iterator[Problem]:
    """R32: the same figures as in the period before."""
    before = _previous(case)
    if before is None:
        return
    now, then = _flows(case), _flows_of(before, case)
    is_same = ((now == then) | ~(now > 0)).all(axis=1)
    for unit_id in now.index[is_same & _has_enough(now, case)]:
        figures = _above_zero(now, unit_id)
        place, value = (unit_id, figures.index[0], "copied-forward"), _number(figures.iloc[0])
        problem = case.figure(*place, value, count=str(len(figures)), period=before.period.name)
        yield _about(problem, figures.index)


def _copied_from_neighbour(case: Case) -> Iterator[Problem]:
    """R32: two units with the same figures throughout."""
    given = case.values.where(case.values > 0, 0.0)
    given = given[_has_enough(given, case)]
    for units in _alike(given):
        figures = _above_zero(given, units[0])
        detail = f"Cả {len(figures)} số liệu khác 0 ở Biểu 2"
        for unit_id in units:
            others = ", ".join(case.project.register.name(other) for other in units if other != unit_id)
            place, value = (unit_id, figures.index[0], "same-as-other-unit"), _number(figures.iloc[0])
            yield _about(case.figure(*place, value, detail=detail, other=others), figures.index)


def _alike(given: pd.DataFrame) -> list[list[str]]:
    """The units whose figures are those of another, together with it."""
    groups: dict[bytes, list[str]] = {}
    for unit_id, vector in zip(given.index, given.to_numpy(), strict=True):
        groups.setdefault(vector.tobytes(), []).append(str(unit_id))
    return [units for units in groups.values() if len(units) > 1]


def _flows(case: Case) -> pd.DataFrame:
    """Units in force × flows of this period; NaN is a gap."""
    return case.values[[item.id for item in case.project.plan.indicators if item.kind == "flow"]]


def _flows_of(other: Settlement, case: Case) -> pd.DataFrame:
    """The flows of another period, laid out as those of this one."""
    return other.values.reindex_like(_flows(case))


def _has_enough(figures: pd.DataFrame, case: Case) -> "pd.Series[bool]":
    """Which units gave so many figures above zero that their likeness tells something."""
    return (figures > 0).sum(axis=1) >= case.project.plan.plausible.same_figures_at_least


def _above_zero(figures: pd.DataFrame, unit_id: str) -> "pd.Series[float]":
    """The figures of a unit that are above zero, by indicator."""
    return figures.loc[unit_id][figures.loc[unit_id] > 0]


def _previous(case: Case) -> Settlement | None:
    return case.earlier.get(case.mine.period.previous)


def _sums(case: Case, ids: Sequence[str]) -> pd.Series:
    """The sum over indicators by unit; NaN where one of those that are the unit's to fill is a gap."""
    return pd.Series(np.add.reduce([case.addends[name] for name in ids]), index=case.values.index)


def _since_start(case: Case, ids: Sequence[str]) -> pd.Series:
    """The same, of flows with what the other periods that add up to the year so far had."""
    flows = [name for name in ids if case.project.plan.indicator[name].kind == "flow"]
    total = _sums(case, ids)
    for code in case.mine.period.cumulative:
        if flows and code in case.earlier and code != case.mine.period.code:
            then = case.earlier[code].values.reindex(index=total.index, columns=flows)
            total = total + then.sum(axis=1, skipna=False)
    return total


def _owes(case: Case, check: FigureCheck) -> pd.Series:
    """Which units owe any of the figures; something on rows that are all greyed is asked about as such."""
    owed = [case.owed[name] for name in (*check.left, *check.right)]
    return pd.Series(np.logical_or.reduce(owed), index=case.values.index)


def _mismatches(
    case: Case, check: FigureCheck, left: pd.Series, right: pd.Series, is_wrong: pd.Series, since: str = ""
) -> Iterator[Problem]:
    for unit_id in left.index[is_wrong]:
        yield _mismatch(case, unit_id, check, left[unit_id], right[unit_id], f"{_name(case, check.right)}{since}")


def _mismatch(case: Case, unit_id: str, check: FigureCheck, left: float, right: float, right_name: str) -> Problem:
    sides = _sides(_name(case, check.left), left, right_name, right)
    place = unit_id, _first_given(case, unit_id, (*check.left, *check.right)), "sum-mismatch"
    problem = case.figure(*place, sides["left_value"], why=check.why, example_text=check.example, **sides)
    return _about(problem, (*check.left, *check.right))


def _sides(left: str, left_value: float, right: str, right_value: float) -> dict[str, str]:
    """What the sentence about two figures that do not fit names of them; it begins with the left one."""
    return {
        "left": capitalised(left),
        "left_value": number_text(left_value),
        "right": right,
        "right_value": number_text(right_value),
    }


def _follows(case: Case, unit_id: str, check: FigureCheck, left_value: float, right_value: float) -> Problem:
    left, right = check.left, check.right
    place = unit_id, _first_given(case, unit_id, left if left_value == 0 else (*left, *right)), "follows-from"
    detail = f"{_name(case, left)} là {number_text(left_value)}, còn {_name(case, right)} là {number_text(right_value)}"
    facts = {"detail": capitalised(detail), "why": check.why, "example_text": check.example}
    return _about(case.figure(*place, number_text(left_value), **facts), (*left, *right))


def _outlier(case: Case, unit_id: str, indicator_id: str, value: float, why: str, example: str = SAY_WHY) -> Problem:
    facts = {"why": why, "label": _name(case, [indicator_id]), "example_text": example}
    return case.figure(unit_id, indicator_id, "outlier", number_text(value), **facts)


def _about(problem: Problem, names: Iterable[str]) -> Problem:
    """The same question, about all of these figures of the unit: nobody knows which of them is wrong."""
    return replace(problem, about=tuple(names))


def _unseen(problem: Problem) -> Problem:
    """The same, of which the form that is being filled in cannot know: it is about another period, or about a text."""
    return replace(problem, on_form=False)


def _first_given(case: Case, unit_id: str, ids: Sequence[str]) -> str:
    """The first of the indicators that stands in the unit's form, for the address."""
    return next((name for name in ids if (unit_id, name) in case.figure_line.index), ids[0])


def _name(case: Case, ids: Sequence[str]) -> str:
    return case.project.plan.named(ids)


def _number(value: float) -> str:
    return "…" if isnan(value) else number_text(value)


def _where(mask: pd.DataFrame) -> list[tuple[str, str]]:
    """Row and column labels of the true cells, row by row."""
    rows, columns = np.nonzero(mask.to_numpy())
    return [(str(mask.index[row]), str(mask.columns[column])) for row, column in zip(rows, columns, strict=True)]
