"""Which file of a unit is in force: the newest valid revision, with the supplements that came after it.

`Thay thế` replaces; `Bổ sung` adds to what stands before it. Identical content counts once. Equal revisions with
different content block each other, since nobody can say which one the unit means.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, groupby
from operator import attrgetter
from typing import Any

import pandas as pd

from pipeline.declare.form import Field, Form
from pipeline.declare.project import Project
from pipeline.judged.settlement import Decision, Versions
from pipeline.values.cells import is_blank, is_missing, shown
from pipeline.values.forms import Found, Reading, problem_at
from pipeline.values.frames import RowsOfForms, tuples
from pipeline.values.problems import Problem
from pipeline.values.states import SubmissionState
from pipeline.words.lists import first_of
from pipeline.words.numbers import number_text

_MOST_NAMED = 5  # files that a sentence names; each of very many would name them all


@dataclass(frozen=True, slots=True)
class _Version:
    """A form that can be used, and which of its unit's reports it says that it is.

    `revision` is 0 where one is written that is none (see `revision_of`).
    """

    doc: int
    reading: Reading
    revision: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class _Choice:
    """What one look at the forms of a unit has decided, and the forms that are left: for the next look, or in force."""

    left: tuple[_Version, ...]
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Conflict:
    """Why a form goes back: in short for the list of files, in a sentence for its unit, and the number to send next."""

    reason: str
    detail: str
    next_revision: int
    key: str = "revision"


def choose_versions(
    readings: Sequence[Reading], frames: Mapping[str, pd.DataFrame], project: Project, leave_samples_out: bool
) -> Versions:
    """Decide for every reading; `frames` are the converted card and tables of the forms (`doc` names the reading)."""
    found = ((doc, _decided_at_once(reading, project, leave_samples_out)) for doc, reading in enumerate(readings))
    decisions = {doc: decision for doc, decision in found if decision}
    rows = {table: RowsOfForms(frames[table]) for table in project.form.tables}
    chains: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    for unit_id, sent in _by_unit(readings, frames["card"], decisions, project):
        choice = _choose(sent, rows, project)
        decisions.update(choice.decisions)
        problems += choice.problems
        if choice.left:
            chains[unit_id] = tuple(version.doc for version in choice.left)
    return Versions(tuple(decisions[doc] for doc in range(len(readings))), chains, tuple(problems))


def _decided_at_once(reading: Reading, project: Project, leave_samples_out: bool) -> Decision | None:
    """The files that no version of anything can use."""
    if reading.kind == "ignored":
        return Decision("not-a-form", reading.ignored_as)
    if reading.is_sample and leave_samples_out:
        return Decision("superseded", "Dữ liệu mẫu, không đưa vào tổng hợp vì đã có biểu thật", is_set_aside=True)
    blocking = project.catalogue.keeping_out(reading.problems)
    if not blocking:
        return None
    state: SubmissionState = "returned" if reading.is_form else "not-a-form"
    return Decision(state, "; ".join(dict.fromkeys(project.catalogue.title(problem.code) for problem in blocking)))


def _by_unit(
    readings: Sequence[Reading], cards: pd.DataFrame, decided: Container[int], project: Project
) -> Iterator[tuple[str, list[_Version]]]:
    """Each unit with its forms that are not decided yet, in the order in which they came."""
    declared = project.form.card.by_key["revision"]
    by_unit: dict[str, list[_Version]] = {}
    for doc, value, kind in zip(cards["doc"], cards["revision"], cards["revision_kind"], strict=True):
        if doc not in decided:
            reading = readings[doc]
            version = _Version(int(doc), reading, revision_of(reading, value, declared), kind)
            by_unit.setdefault(reading.unit_id, []).append(version)
    for unit_id, sent in sorted(by_unit.items()):
        yield unit_id, sorted(sent, key=lambda version: (version.reading.arrival.received_at, version.reading.file))


def _choose(sent: Sequence[_Version], rows: Mapping[str, RowsOfForms], project: Project) -> _Choice:
    """Decide on all forms of a unit; those that are left are in force, base first."""
    unique = _set_duplicates_aside(sent, rows, project.form)
    clear = _set_unclear_aside(unique.left, project)
    chain = _walk(clear.left, project)
    decisions = {**unique.decisions, **clear.decisions, **chain.decisions}
    return _Choice(chain.left, decisions, (*unique.problems, *clear.problems, *chain.problems))


def _set_duplicates_aside(sent: Sequence[_Version], rows: Mapping[str, RowsOfForms], form: Form) -> _Choice:
    """The first received of each content, and a note for every copy of it."""
    if len(sent) < 2:
        return _Choice(tuple(sent))
    alike = [_card_and_figures(version.reading, form) for version in sent]  # tells most apart, and costs little
    times = Counter(alike)
    first: dict[tuple[str, str], _Version] = {}
    copies: list[tuple[_Version, str]] = []
    for version, written in zip(sent, alike, strict=True):
        content = written, _open_rows(version, rows, form) if times[written] > 1 else ""
        kept = first.setdefault(content, version)
        if kept is not version:
            copies.append((version, kept.reading.file))
    return _Choice(
        left=tuple(first.values()),
        decisions={copy.doc: Decision("duplicate", f"Nội dung giống hệt {file}") for copy, file in copies},
        problems=tuple(
            Problem("duplicate-file", copy.reading.file, copy.reading.unit_id, value=file) for copy, file in copies
        ),
    )


def _set_unclear_aside(sent: Sequence[_Version], project: Project) -> _Choice:
    """Where a unit sent several, those with a revision number that is none: nobody can say where they stand."""
    is_alone = len(sent) == 1
    unclear = [
        version
        for version in sent
        if version.revision < 1 and not is_alone and not is_blank(_raw_revision(version.reading))
    ]
    back = {version.doc for version in unclear}
    label = project.form.card.by_key["revision"].label
    newest = max((1, *(version.revision for version in sent)))
    conflicts = []
    for version in unclear:
        written = f"Ô “{label}” ghi “{shown(_raw_revision(version.reading))}”"
        detail = f"{written}, nên chưa rõ đây là lần gửi thứ mấy trong {len(sent)} bản của đơn vị."
        conflicts.append((version, _Conflict(f"Không đọc được “{label}”", detail, newest + 1)))
    return _sent_back(conflicts, left=[version for version in sent if version.doc not in back])


def revision_of(reading: Reading, value: float, declared: Field) -> int:
    """The revision number; a blank one is the first, one that cannot be read or that the form does not allow is 0."""
    if is_missing(value):
        return 1 if is_blank(_raw_revision(reading)) else 0
    return int(value) if declared.minimum <= value <= declared.maximum else 0


def _raw_revision(reading: Reading) -> object:
    return reading.card["revision"].raw if "revision" in reading.card else ""


def _card_and_figures(reading: Reading, form: Form) -> str:
    """What the unit wrote on the card and in the fixed rows, and nothing of how the file was saved.

    Nor what the form tells it: another program works out otherwise, or not at all, what the form counts by itself.
    """
    card = [(key, cell.raw) for key, cell in sorted(reading.card.items()) if key in form.card.core_keys]
    fixed = [(name, found) for name, found in sorted(reading.tables.items()) if found.is_fixed]
    return repr((card, [(name, _untold(found, compress(found.rows, found.filled), form)) for name, found in fixed]))


def _untold(found: Found, rows: Iterable[Sequence[Any]], form: Form) -> list[list[Any]]:
    """The rows without the columns in which the form only tells something."""
    is_core = [key in form.tables[found.table].core_keys for key in found.keys]
    return [list(compress(row, is_core)) for row in rows]


def _open_rows(version: _Version, rows: Mapping[str, RowsOfForms], form: Form) -> str:
    """The same of the open rows: as written, or as used where that is the same."""
    written = []
    for table, found in sorted(version.reading.tables.items()):
        if found.is_fixed:
            continue
        mine, core = rows[table].of(version.doc), form.tables[table].core_keys
        used = tuples(mine, "row", "filled", *(key for key in found.keys if key in mine and key in core))
        lines = [(found.row(number), values) for number, is_filled, *values in used if is_filled]
        written.append((table, [_untold(found, [raw], form)[0] if raw else list(values) for raw, values in lines]))
    return repr(written)


def _walk(sent: Sequence[_Version], project: Project) -> _Choice:
    """From the newest revision down to the first that stands for itself; what is left is in force, base first."""
    supplement = project.form.label("revision_kind", "supplement")
    revision = attrgetter("revision")
    newest_first = [list(same) for _, same in groupby(sorted(sent, key=revision, reverse=True), key=revision)]
    chain: list[_Version] = []
    superseded: list[_Version] = []
    refused: list[tuple[_Version, _Conflict]] = []
    for place, same in enumerate(newest_first):
        if chain and (chain[0].kind != supplement or chain[0].revision == 1):
            superseded += same
        elif conflict := _conflict(same, newest_first[0][0].revision, place + 1 < len(newest_first), project):
            refused += [(version, conflict) for version in same]
        else:
            chain.insert(0, same[0])
    return _sent_back(refused, left=chain, decisions={**_superseded(superseded, chain), **_in_force(chain)})


def _of_one_number(same: Sequence[_Version], newest: int) -> _Conflict:
    """Several forms of one revision that say different things."""
    first, left = first_of([f"“{version.reading.file}”" for version in same], _MOST_NAMED)
    names = " và ".join([*first, f"{number_text(left)} tệp khác"] if left else first)
    number = same[0].revision
    sent = f"Đơn vị gửi {len(same)} bản cùng ghi lần gửi {number} nhưng nội dung khác nhau ({names})"
    detail = f"{sent}, nên chưa dùng bản nào trong số đó."
    return _Conflict(f"Nhiều bản cùng lần gửi {number}, nội dung khác nhau", detail, newest + 1)


def _conflict(same: Sequence[_Version], newest: int, has_older: bool, project: Project) -> _Conflict | None:
    """Why the forms of one revision cannot be used, if they cannot; `newest` is the greatest number that came."""
    revision, kind = same[0].revision, same[0].kind
    if len(same) > 1:
        return _of_one_number(same, newest)
    known = {choice.label for choice in project.form.choices["revision_kind"]}
    if revision > 1 and kind not in known and has_older:
        label = project.form.card.by_key["revision_kind"].label
        written = f"Biểu ghi lần gửi {revision} nhưng chưa chọn “{label}”"
        detail = f"{written}, nên chưa rõ là thay thế hay bổ sung."
        return _Conflict("Chưa chọn thay thế hay bổ sung", detail, revision, key="revision_kind")
    return None


def _superseded(older: Iterable[_Version], chain: Sequence[_Version]) -> dict[int, Decision]:
    """What becomes of the forms that are older than the base of the chain."""
    return {
        version.doc: Decision("superseded", f"Đã có lần gửi {chain[0].revision} thay thế: {chain[0].reading.file}")
        for version in older
    }


def _in_force(chain: Sequence[_Version]) -> dict[int, Decision]:
    decisions = {}
    for place, version in enumerate(chain):
        base = f", cùng với {chain[0].reading.file}" if place else ""
        decisions[version.doc] = Decision("in-force", f"Lần gửi {max(version.revision, 1)}{base}")
    return decisions


def _sent_back(
    refused: Sequence[tuple[_Version, _Conflict]],
    left: Iterable[_Version],
    decisions: Mapping[int, Decision] | None = None,
) -> _Choice:
    """The forms in conflict go back, each with a problem that tells its unit why; the others are left or decided."""
    back = {version.doc: Decision("returned", conflict.reason) for version, conflict in refused}
    problems = tuple(_conflict_problem(version.reading, conflict) for version, conflict in refused)
    return _Choice(tuple(left), {**back, **(decisions or {})}, problems)


def _conflict_problem(reading: Reading, conflict: _Conflict) -> Problem:
    place = problem_at(reading, "card", conflict.key, 0, "revision-conflict")
    facts = {"detail": conflict.detail, "next_revision": str(conflict.next_revision)}
    return replace(place, value="", facts=facts)
