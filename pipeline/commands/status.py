"""What `status` does: who has filed, who has not, whom to call first. Judges as the run does and writes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.commands.report import judge_period, make_report
from pipeline.commands.run import remarks_on_book
from pipeline.commands.sent_before import sent_before
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.figures.totals import share_main
from pipeline.publish.report import Report
from pipeline.publish.sentences.since import since_sentences
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, read_periods
from pipeline.words.days import day_text


@dataclass(frozen=True)
class Status:
    """Who has filed and who has not, with the days that remain."""

    report: Report
    days_left: int
    call_list: tuple[tuple[str, float], ...]
    sentences: tuple[str, ...]  # on the receiving book

    @property
    def since(self) -> tuple[str, ...]:
        """What is not as it was sent."""
        return since_sentences(self.report)

    def as_dict(self) -> dict[str, Any]:
        report, filings = self.report, self.report.tally.filings
        return {
            "period": report.period.code,
            "deadline": report.period.last_day.isoformat(),
            "as_of": report.as_of.isoformat(),
            "days_left": self.days_left,
            "units_expected": filings.expected,
            "on_time": list(filings.on_time),
            "late": list(filings.late),
            "missing": list(filings.out),
            "unusable": list(filings.unusable),
            "to_mend": list(filings.to_mend),
            "questions": list(filings.asked),
            "book_remarks": list(self.sentences),
            "since_sent": list(self.since),
            "other_periods": list(report.unused_words),
            "call_list": [
                {"unit_id": unit_id, "share_of_main_figures": round(share, 4)} for unit_id, share in self.call_list
            ],
        }


def status_of(project: Project, period: Period, folders: Folders, as_of: date, engine: Engine = STANDARD) -> Status:
    """Judge what lies in the folder, write nothing."""
    judged = judge_period(project, period, read_periods(project, period, folders, engine=engine, has_last_year=False))
    report = make_report(judged, project, as_of, sent_before(judged, project, folders))
    return Status(report, (period.last_day - as_of).days, _call_list(report), remarks_on_book(report, folders))


def _call_list(report: Report) -> tuple[tuple[str, float], ...]:
    """Units of which no form can be used, those first that made up most of the main figures of the period before."""
    before = report.judged.others.get(report.period.previous)
    shares = {} if before is None else share_main(before.grid, report.project)
    missing = {unit_id: shares.get(unit_id, 0.0) for unit_id in report.tally.filings.out}
    return tuple(sorted(missing.items(), key=lambda item: -item[1]))


def days_left_words(days_left: int, period: Period) -> str:
    """The days that remain, or by how many the deadline is past."""
    day = day_text(period.last_day)
    if days_left < 0:
        return f"đã quá hạn {-days_left} ngày (hạn: {period.until})"
    return f"còn {days_left} ngày (hạn: {period.until})" if days_left else f"hôm nay là hạn cuối ({day})"
