"""Which file of a unit is in force: the newest valid revision, with the supplements that came after it.

`Thay thế` replaces; `Bổ sung` adds to what stands before it. Identical content counts once. Equal revisions with
different content block each other, since nobody can say which one the unit means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from pipeline.declare.form import Field
from pipeline.declare.project import Project
from pipeline.values.cells import is_blank, is_missing, shown
from pipeline.values.forms import Reading, problem_at
from pipeline.values.problems import Problem
from pipeline.values.states import SubmissionState


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one file. `is_set_aside`: a sample form beside real ones, which is nobody's report."""

    state: SubmissionState | Literal[""]
    reason: str = ""
    is_set_aside: bool = False


@dataclass(frozen=True)
class Versions:
    """A decision per reading, the readings in force by unit (base first, then supplements), and what stood in the way."""

    decisions: tuple[Decision, ...]
    chains: Mapping[str, tuple[int, ...]]
    problems: tuple[Problem, ...]

    @property
    def in_force(self) -> tuple[int, ...]:
        return tuple(sorted(doc for chain in self.chains.values() for doc in chain))


def choose_versions(
    readings: Sequence[Reading], frames: Mapping[str, pd.DataFrame], project: Project, leave_samples_out: bool
) -> Versions:
    """Decide for every reading; `frames` are the converted card and tables of those that are forms (`doc` names the reading)."""
    cards = frames["card"]
    decisions = {doc: _first_decision(reading, project, leave_samples_out) for doc, reading in enumerate(readings)}
    declared = project.form.card.by_key["revision"]
    revisions = {
        int(doc): _revision(readings[int(doc)], value, declared)
        for doc, value in zip(cards["doc"], cards["revision"], strict=True)
    }
    kinds = dict(zip(cards["doc"], cards["revision_kind"], strict=True))
    chains: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    by_unit: dict[str, list[int]] = {}
    for doc, decision in decisions.items():
        if not decision.state and readings[doc].unit_id:
            by_unit.setdefault(readings[doc].unit_id, []).append(doc)
    for unit_id in sorted(by_unit):
        docs = sorted(by_unit[unit_id], key=lambda doc: (readings[doc].arrival.received_at, readings[doc].file))
        unique, found = _set_duplicates_aside(docs, readings, frames, decisions)
        clear, unclear = _set_unclear_aside(unique, readings, revisions, decisions, project)
        chain, more = _walk(clear, readings, revisions, kinds, decisions, project)
        problems += [*found, *unclear, *more]
        if chain:
            chains[unit_id] = chain
    return Versions(tuple(decisions[doc] for doc in range(len(readings))), chains, tuple(problems))


def _first_decision(reading: Reading, project: Project, leave_samples_out: bool) -> Decision:
    """The files that no version of anything can use; an empty state is still to be decided."""
    if reading.kind == "ignored":
        return Decision("not-a-form", "Tệp tạm hoặc tệp khóa của hệ thống, bỏ qua")
    if reading.is_sample and leave_samples_out:
        return Decision("superseded", "Dữ liệu mẫu, để ra vì đã có biểu thật", is_set_aside=True)
    blocking = project.catalogue.keeping_out(reading.problems)
    if blocking:
        state: SubmissionState = "returned" if reading.is_form else "not-a-form"
        return Decision(state, "; ".join(dict.fromkeys(project.catalogue.title(problem.code) for problem in blocking)))
    return Decision("")


def _set_duplicates_aside(
    docs: list[int], readings: Sequence[Reading], frames: Mapping[str, pd.DataFrame], decisions: dict[int, Decision]
) -> tuple[list[int], list[Problem]]:
    """The first received of each content, and a note for every copy of it."""
    if len(docs) < 2:
        return docs, []
    alike = [_card_and_figures(readings[doc]) for doc in docs]  # tells most versions apart, and costs little
    first: dict[tuple[str, str], int] = {}
    problems = []
    for doc, written in zip(docs, alike, strict=True):
        kept = first.setdefault(
            (written, _open_rows(doc, readings[doc], frames) if alike.count(written) > 1 else ""), doc
        )
        if kept != doc:
            reading = readings[doc]
            decisions[doc] = Decision("duplicate", f"Nội dung giống hệt {readings[kept].file}")
            problems.append(Problem("duplicate-file", reading.file, reading.unit_id, value=readings[kept].file))
    return list(first.values()), problems


def _set_unclear_aside(
    docs: list[int],
    readings: Sequence[Reading],
    revisions: Mapping[int, int],
    decisions: dict[int, Decision],
    project: Project,
) -> tuple[list[int], list[Problem]]:
    """Where a unit sent several, those whose revision number is written but is none: nobody can say where they stand."""
    unclear = [
        doc for doc in docs if len(docs) > 1 and not is_blank(_raw_revision(readings[doc])) and revisions[doc] < 1
    ]
    label = project.form.card.by_key["revision"].label
    newest = max(max((revisions[doc] for doc in docs), default=0), 1)
    problems = []
    for doc in unclear:
        detail = f"Ô “{label}” ghi “{shown(_raw_revision(readings[doc]))}”, nên chưa rõ đây là lần gửi thứ mấy trong {len(docs)} bản của đơn vị."
        problems.append(_conflict(readings[doc], detail, newest + 1))
        decisions[doc] = Decision("returned", f"Không đọc được “{label}”")
    return [doc for doc in docs if doc not in unclear], problems


def _revision(reading: Reading, value: float, declared: Field) -> int:
    """The revision number; a blank one is the first, and one that cannot be read, or that the form does not allow, is 0."""
    if is_missing(value):
        return 1 if is_blank(_raw_revision(reading)) else 0
    return int(value) if declared.minimum <= value <= declared.maximum else 0


def _raw_revision(reading: Reading) -> object:
    return reading.card["revision"].raw if "revision" in reading.card else ""


def _card_and_figures(reading: Reading) -> str:
    """What the unit wrote on the card and in the fixed rows, and nothing of how the file was saved."""
    card = [(key, cell.raw) for key, cell in sorted(reading.card.items())]
    fixed = [(name, found) for name, found in sorted(reading.tables.items()) if found.is_fixed]
    return repr(
        (
            card,
            [
                (name, [row for row, is_filled in zip(found.rows, found.filled, strict=True) if is_filled])
                for name, found in fixed
            ],
        )
    )


def _open_rows(doc: int, reading: Reading, frames: Mapping[str, pd.DataFrame]) -> str:
    """The same of the open rows: as written, or as used where that is the same."""
    rows = []
    for table, found in sorted(reading.tables.items()):
        if found.is_fixed:
            continue
        mine = frames[table][(frames[table]["doc"] == doc) & frames[table]["filled"]]
        used = mine[[key for key in found.keys if key in mine]].astype(object).to_numpy().tolist()
        rows.append((table, [found.row(number) or values for number, values in zip(mine["row"], used, strict=True)]))
    return repr(rows)


def _walk(
    docs: list[int],
    readings: Sequence[Reading],
    revisions: Mapping[int, int],
    kinds: Mapping[int, str | None],
    decisions: dict[int, Decision],
    project: Project,
) -> tuple[tuple[int, ...], list[Problem]]:
    """From the newest revision down to the first that stands for itself; returns the chain, base first."""
    supplement = project.form.label("revision_kind", "supplement")
    known = {choice.label for choice in project.form.choices["revision_kind"]}
    by_revision: dict[int, list[int]] = {}
    for doc in docs:
        by_revision.setdefault(revisions[doc], []).append(doc)
    chain: list[int] = []
    problems: list[Problem] = []
    order = sorted(by_revision, reverse=True)
    is_closed = False
    for position, revision in enumerate(order):
        same = by_revision[revision]
        if is_closed:
            for doc in same:
                decisions[doc] = Decision(
                    "superseded", f"Đã có lần gửi {revisions[chain[0]]} thay thế: {readings[chain[0]].file}"
                )
        elif len(same) > 1:
            names = " và ".join(f"“{readings[doc].file}”" for doc in same)
            detail = f"Đơn vị gửi {len(same)} bản cùng ghi lần gửi {revision} nhưng nội dung khác nhau ({names}), nên chưa dùng bản nào trong số đó."
            problems += [_conflict(readings[doc], detail, order[0] + 1) for doc in same]
            decisions.update(
                {doc: Decision("returned", f"Nhiều bản cùng lần gửi {revision}, nội dung khác nhau") for doc in same}
            )
        elif revision > 1 and kinds[same[0]] not in known and position + 1 < len(order):
            detail = f"Biểu ghi lần gửi {revision} nhưng chưa chọn “{project.form.card.by_key['revision_kind'].label}”, nên chưa rõ là thay thế hay bổ sung."
            problems.append(_conflict(readings[same[0]], detail, revision, key="revision_kind"))
            decisions[same[0]] = Decision("returned", "Chưa chọn thay thế hay bổ sung")
        else:
            chain.insert(0, same[0])
            is_closed = kinds[same[0]] != supplement or revision == 1
    for doc in chain:
        base = f", cùng với {readings[chain[0]].file}" if doc != chain[0] else ""
        decisions[doc] = Decision("in-force", f"Lần gửi {max(revisions[doc], 1)}{base}")
    return tuple(chain), problems


def _conflict(reading: Reading, detail: str, next_revision: int, key: str = "revision") -> Problem:
    place = problem_at(reading, "card", key, 0, "revision-conflict")
    return replace(place, value="", facts={"detail": detail, "next_revision": str(next_revision)})
