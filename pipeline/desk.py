"""What an officer does between runs: check a file, take files in, see who has filed. Judges as the run does."""

import hashlib
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isnan
from pathlib import Path
from typing import Any

from pipeline.batch import Batch
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period, day_text
from pipeline.declare.problems import Problem
from pipeline.declare.project import Project
from pipeline.declare.records import RECEIVING_BOOK, Arrival, shown
from pipeline.evaluate import Evaluation, Settlement, evaluate, settle_forms
from pipeline.executors import Engine
from pipeline.intake.book import BookLine, add_line, read_book
from pipeline.intake.gather import files_in, gather
from pipeline.judge.submissions import time_text, verdict_of
from pipeline.publish.comparison import DIGITS, difference_sentences
from pipeline.publish.report import Report, records
from pipeline.publish.returns.messages import deadline_words, unit_message
from pipeline.reading import STANDARD, Folders, holds_real_forms, read_folder, read_one, read_periods
from pipeline.run import judge_period, make_report, remarks_on_book

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Check:
    """The judgement of one file by itself."""

    file: str
    unit: str
    period: Period
    verdict: str
    problems: tuple[Problem, ...]
    messages: tuple[str, ...]
    severities: tuple[str, ...]
    project: Project

    @property
    def needs_mending(self) -> bool:
        return self.verdict != "accepted"

    def as_dict(self) -> dict[str, Any]:
        lines = [
            {
                "code": problem.code,
                "severity": severity,
                "sheet": problem.sheet,
                "cell": problem.cell,
                "field": problem.field,
                "value": problem.value,
                "message": message,
            }
            for problem, message, severity in zip(self.problems, self.messages, self.severities, strict=True)
        ]
        return {
            "file": self.file,
            "unit_id": self.unit,
            "period": self.period.code,
            "verdict": self.verdict,
            "problems": lines,
        }


@dataclass(frozen=True)
class Receipt:
    """One file taken in: where it stands now, its judgement, and the words to send back."""

    check: Check
    stored_as: str
    is_known: bool
    reply: str

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.check.as_dict(),
            "stored_as": self.stored_as,
            "already_received": self.is_known,
            "reply": self.reply,
        }


@dataclass(frozen=True)
class Status:
    """Who has filed and who has not, with the days that remain."""

    report: Report
    days_left: int
    call_list: tuple[tuple[str, float], ...]
    sentences: tuple[str, ...]  # on the receiving book

    def as_dict(self) -> dict[str, Any]:
        filings = self.report.filings
        return {
            "period": self.report.period.code,
            "deadline": self.report.period.last_day.isoformat(),
            "as_of": self.report.as_of.isoformat(),
            "days_left": self.days_left,
            "units_expected": len(filings),
            "on_time": self.report.filed("on-time"),
            "late": self.report.filed("late"),
            "missing": self.report.filed("missing"),
            "to_mend": list(filings.loc[(filings["blocked"] > 0) | (filings["verdict"] == "returned"), "unit_id"]),
            "questions": list(filings.loc[filings["questions"] > 0, "unit_id"]),
            "book_remarks": list(self.sentences),
            "call_list": [
                {"unit_id": unit_id, "share_of_main_figures": round(share, 4)} for unit_id, share in self.call_list
            ],
        }


def check_files(project: Project, places: Sequence[Path]) -> tuple[Check, ...]:
    """Judge each file, and each file of a folder, by itself, for the period that its own card names."""
    return tuple(_check(project, path, path.name) for place in places for path in _files_at(place))


def _files_at(place: Path) -> list[Path]:
    files = files_in(place) if place.is_dir() else [place]
    if not files:
        raise PipelineError(f"Thư mục {place} chưa có tệp nào.")
    return files


def _check(project: Project, path: Path, name: str, period: Period | None = None) -> Check:
    period = period or _own_period(project, path)
    judged = _judge_alone(project, path, name, period)
    return _told(
        name,
        judged.readings[0].unit_id,
        period,
        [problem for problem in judged.problems if problem.code != "late"],
        project,
    )


def _told(name: str, unit_id: str, period: Period, problems: Sequence[Problem], project: Project) -> Check:
    severities = tuple(project.catalogue.severity(problem.code) for problem in problems)
    messages = tuple(project.message(problem, period) for problem in problems)
    return Check(name, unit_id, period, verdict_of(severities), tuple(problems), messages, severities, project)


def _own_period(project: Project, path: Path) -> Period:
    """The period that the card names; without one, the last of the plan, whose sentence then says what is wrong."""
    [reading] = _read(project, path, path.name, project.plan.periods[-1]).readings
    written = shown(reading.card["period"].raw) if "period" in reading.card else ""
    return next((period for period in project.plan.periods if period.is_called(written)), project.plan.periods[-1])


def _read(project: Project, path: Path, name: str, period: Period) -> Batch:
    stat = path.stat()
    received = datetime.fromtimestamp(int(stat.st_mtime), project.plan.zone)
    return read_one(Arrival(name, path, stat.st_size, received, False), project, period)


def _judge_alone(project: Project, path: Path, name: str, period: Period) -> Evaluation:
    return evaluate(
        settle_forms([_read(project, path, name, period)], project, period, leave_samples_out=False), project, {}
    )


def receive_files(
    project: Project,
    period: Period,
    folders: Folders,
    files: Sequence[Path],
    moment: datetime,
    channel: str,
    note: str,
    as_of: date | None = None,
) -> tuple[Receipt, ...]:
    """Copy files into the period's folder under a clear name, book them, judge them, word the reply as on `as_of` (the day of `moment`)."""
    folder = folders.input(project, period)
    stored = [_store(project, period, folder, path, moment, channel, note) for path in files]
    beside = _problems_of_versions(project, period, folder)
    until = deadline_words(period, as_of or moment.date())
    return tuple(_receipt(item, beside.get(item.name, ()), until) for item in stored)


@dataclass(frozen=True)
class _Stored:
    """A file that lies in the folder now, and its judgement by itself."""

    name: str
    is_known: bool
    received_at: datetime
    check: Check


def _store(
    project: Project, period: Period, folder: Path, path: Path, moment: datetime, channel: str, note: str
) -> _Stored:
    folder.mkdir(parents=True, exist_ok=True)
    check = _check(project, path, path.name, period)
    if known := _same_content(folder, path):
        received = next(item.received_at for item in gather(folder, project.plan.zone) if item.path == known.absolute())
        return _Stored(known.relative_to(folder).as_posix(), True, received, check)
    place = _free_place(folder, _clear_name(project, check, path))
    read_book(folder / RECEIVING_BOOK, project.plan.zone)  # a book that cannot be read is not added to
    add_line(folder / RECEIVING_BOOK, place.name, BookLine(moment, channel, note))
    shutil.copy2(path, place)
    return _Stored(place.name, False, moment, check)


def _problems_of_versions(project: Project, period: Period, folder: Path) -> dict[str, list[Problem]]:
    """By file, what only shows beside the other files of the folder: forms that block each other, and copies."""
    batches = read_folder(folder, project, period)
    found: dict[str, list[Problem]] = {}
    for problem in settle_forms(batches, project, period, holds_real_forms(batches)).versions.problems:
        found.setdefault(problem.file, []).append(problem)
    return found


def _receipt(stored: _Stored, beside: Sequence[Problem], until: str) -> Receipt:
    alone = stored.check
    project, unit = alone.project, alone.project.register.by_id.get(alone.unit)
    check = _told(alone.file, alone.unit, alone.period, [*alone.problems, *beside], project) if beside else alone
    if unit is None:
        return Receipt(check, stored.name, stored.is_known, "\n".join(check.messages))
    reply = unit_message(
        unit, check.period, project, check.problems, check.verdict, stored.received_at, False, until, has_copy=False
    )
    return Receipt(check, stored.name, stored.is_known, reply)


def _same_content(folder: Path, path: Path) -> Path | None:
    digest = hashlib.sha256(path.read_bytes()).digest()
    size = path.stat().st_size
    same = (item for item in sorted(folder.rglob("*")) if item.is_file() and item.stat().st_size == size)
    return next((item for item in same if hashlib.sha256(item.read_bytes()).digest() == digest), None)


def _clear_name(project: Project, check: Check, path: Path) -> str:
    """`Xã Vĩnh Thái - <the sender's own name>`: whose it is stands first, and nothing of the sender's name is lost."""
    unit = project.register.by_id.get(check.unit)
    whose = unit.name if unit else "Chưa rõ đơn vị"
    return _NOT_IN_NAMES.sub("-", path.name if path.name.startswith(whose) else f"{whose} - {path.name}")


def _free_place(folder: Path, name: str) -> Path:
    place, number = folder / name, 2
    while place.exists():
        place = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return place


def status_of(project: Project, period: Period, folders: Folders, as_of: date, engine: Engine = STANDARD) -> Status:
    """Judge what lies in the folder, write nothing."""
    judged = judge_period(project, period, read_periods(project, period, folders, engine=engine))
    report = make_report(judged, project, as_of)
    return Status(report, (period.last_day - as_of).days, _call_list(report, judged), remarks_on_book(report, folders))


@dataclass(frozen=True)
class Trace:
    """One figure of PL3: why it differs from the period before, and where it comes from.

    `lines`: a unit's figure in a period that is added up, with its file, sheet, cell, revision and time. `units`: what
    each unit adds to the difference, most first, with its lines of this period, of the one before, and of those added up.
    """

    title: str
    sample_mark: str
    answer: str  # the sentence of `Trả lời nhanh`; empty where there is nothing to compare
    total: float
    cumulative: float
    cumulative_note: str
    compared: Mapping[str, float | None]  # with the period before, see `_compared`; no value where there is none
    lines: tuple[dict[str, Any], ...]
    units: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "indicator": self.title,
            "total": _or_none(self.total),
            "cumulative": _or_none(self.cumulative),
            "cumulative_note": self.cumulative_note,
            **self.compared,
            "sample_mark": self.sample_mark,
            "answer": self.answer,
            "lines": list(self.lines),
            "units": list(self.units),
        }


def _or_none(value: float) -> float | None:
    return None if isnan(value) else value


def trace_figure(project: Project, ticket: str, folders: Folders) -> Trace:
    """Follow a ticket such as Q3-CT05 to every unit's own cell, in this period, the one before and those that are added up."""
    word, _, name = ticket.partition("-")
    period = project.plan.period(word)
    item = next((item for item in project.plan.indicators if item.id.casefold() == name.casefold()), None)
    if item is None:
        raise PipelineError(
            f"Không có chỉ tiêu “{name}” trong kế hoạch năm {project.plan.year}; mã tra cứu có dạng {period.code.upper()}-{project.plan.indicators[0].id}."
        )
    judged = judge_period(project, period, read_periods(project, period, folders))
    report = make_report(judged, project, period.last_day)
    settled = {period.code: judged.settlement, **judged.others}
    codes = dict.fromkeys(code for code in (period.code, period.previous, *period.cumulative) if code)
    found = {code: _traced(settled[code], item.id, report) for code in codes}
    totals = report.totals.set_index("indicator_id").loc[item.id]
    return Trace(
        title=f"{item.id}. {item.title} ({item.measure})",
        sample_mark=report.sample_mark,
        answer=difference_sentences(report).get(item.id, ""),
        total=float(totals["this_period"]),
        cumulative=float(totals["cumulative"]),
        cumulative_note=totals["cumulative_note"],
        compared=_compared(report, item.id),
        lines=tuple(line for code in period.cumulative for line in found[code]),
        units=_by_unit(report, item.id, [line for code in codes for line in found[code]]),
    )


def _compared(report: Report, indicator_id: str) -> dict[str, float | None]:
    """The total before, the difference, and what both are by the month where the periods differ in length."""
    numbers = report.compared.drop(columns="this_period").set_index("indicator_id").reindex([indicator_id])
    return {str(key): _or_none(round(float(value), DIGITS)) for key, value in numbers.iloc[0].items()}


def _traced(judged: Settlement, indicator_id: str, report: Report) -> list[dict[str, Any]]:
    revisions = dict(zip(judged.cards["doc"], judged.cards["revision"], strict=True))
    lines = []
    for line in judged.grid[judged.grid["indicator_id"] == indicator_id].itertuples():
        reading = judged.readings[line.doc] if line.doc >= 0 else None
        lines.append(
            {
                "period": judged.period.name,
                "unit_id": line.unit_id,
                "unit": report.name(line.unit_id),
                "value": _or_none(line.value),
                "kind_of_nothing": line.kind_of_nothing,
                "nothing": report.nothing_words(line.kind_of_nothing) if line.kind_of_nothing else "",
                "file": line.file,
                "sheet": line.sheet,
                "cell": line.cell,
                "revision": shown(revisions.get(line.doc)) if reading else "",
                "received_at": time_text(reading.arrival.received_at) if reading else "",
            }
        )
    return lines


def _by_unit(report: Report, indicator_id: str, lines: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The lines of each unit; where there is a period before, beside what the unit adds to the difference, those that add most first."""
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_unit.setdefault(line["unit_id"], []).append(line)
    compared = {
        line.unit_id: {
            "now": _or_none(line.value),
            "before": _or_none(line.before),
            "difference": round(line.difference, DIGITS),
            "reason": line.reason,
        }
        for line in records(report.differences[report.differences["indicator_id"] == indicator_id])
    }
    units = dict.fromkeys((*compared, *by_unit))
    return tuple(
        {"unit_id": unit_id, "unit": report.name(unit_id), **compared.get(unit_id, {}), "lines": by_unit[unit_id]}
        for unit_id in units
    )


def _call_list(report: Report, judged: Evaluation) -> tuple[tuple[str, float], ...]:
    """Missing units, those first that made up most of the main figures of the period before."""
    before = judged.others.get(report.period.previous)
    shares: dict[str, float] = dict.fromkeys(report.filed("missing"), 0.0)
    if before is not None:
        main = [item.id for item in report.project.plan.indicators if item.main]
        grid = before.grid[before.grid["indicator_id"].isin(main)]
        share = grid["value"] / grid.groupby("indicator_id")["value"].transform("sum")
        by_unit = share.groupby(grid["unit_id"]).sum() / max(1, len(main))
        shares = {unit_id: float(by_unit.get(unit_id, 0.0)) for unit_id in shares}
    return tuple(sorted(shares.items(), key=lambda item: -item[1]))


def days_left_words(days_left: int, period: Period) -> str:
    """The days that remain, or by how many the deadline is past."""
    day = day_text(period.last_day)
    if days_left < 0:
        return f"đã quá hạn {-days_left} ngày (hạn hết ngày {day})"
    return f"còn {days_left} ngày (hạn hết ngày {day})" if days_left else f"hôm nay là hạn cuối ({day})"
