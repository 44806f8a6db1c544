"""What `check` does: judge files by themselves, for the period that each names, as the run would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.commands.collecting import UNKNOWN, Collecting
from pipeline.commands.look_back import Before, KnownUnits, looking_back
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.evaluate import evaluate, settle_forms
from pipeline.intake.gather import arrival_of, files_in
from pipeline.judge.submissions import verdict_of
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.sentences.messages import below_done
from pipeline.reading.batch import Batch
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, read_one
from pipeline.values.forms import Arrival
from pipeline.values.frames import rows_as
from pipeline.values.lines import TaskLine
from pipeline.values.problems import Problem
from pipeline.values.states import Severity, State, Verdict


@dataclass(frozen=True)
class Check:
    """The judgement of one file by itself."""

    file: str
    unit: str
    period: Period
    verdict: Verdict
    problems: tuple[Problem, ...]
    messages: tuple[str, ...]
    severities: tuple[Severity, ...]
    project: Project
    below_done: Mapping[State, Sequence[str]] = field(default_factory=dict)  # its tasks by state, where it is in force
    collecting: Collecting = UNKNOWN

    @property
    def needs_mending(self) -> bool:
        return self.verdict != "accepted"

    @property
    def is_collected(self) -> bool | None:
        """Whether forms of its period are being collected; `None` where nobody can tell."""
        return self.period in self.collecting.periods if self.collecting.periods else None

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
                "on_form": self.project.catalogue.is_on_form(problem),
            }
            for problem, message, severity in zip(self.problems, self.messages, self.severities, strict=True)
        ]
        return {
            "file": self.file,
            "unit_id": self.unit,
            "period": self.period.code,
            "verdict": self.verdict,
            "is_collected": self.is_collected,
            "problems": lines,
        }


def check_files(
    project: Project, places: Sequence[Path], collecting: Collecting = UNKNOWN, folders: Folders | None = None
) -> tuple[Check, ...]:
    """Judge each file, and each file of a folder, by itself, for the period that its own card names.

    What forms in force below `folders` prove done before is not asked for again.
    """
    found: list[Check] = []
    guess = next(iter(collecting.periods), None)
    with STANDARD.kept() as engine:
        before = looking_back(project, folders, engine) if folders else _nothing_before
        for path, name in (file for place in places for file in _files_at(place)):
            found.append(check_one(project, path, name, engine, before=before, guess=guess))
            guess = found[-1].period  # files of one folder are of one period
    return tuple(replace(check, collecting=collecting) for check in found)


def _files_at(place: Path) -> list[tuple[Path, str]]:
    """The files with their names; in a folder, a link that leads out of it is named and not followed."""
    if place.exists() and not place.is_dir() and not place.is_file():
        raise PipelineError(f"“{place}” là đường ống hoặc thiết bị, không phải là tệp.")
    if not place.is_dir():
        return [(place.resolve(), place.name)]
    files = [(place / entry.file, entry.file.rpartition("/")[2]) for entry in files_in(place)]
    if not files:
        raise PipelineError(f"Thư mục {place} chưa có tệp nào.")
    return files


def _nothing_before(_period: Period) -> KnownUnits:
    return {}


def check_one(
    project: Project,
    path: Path,
    name: str,
    engine: Engine,
    period: Period | None = None,
    before: Before = _nothing_before,
    guess: Period | None = None,
) -> Check:
    """What one file comes to as `name`, for the period given or else the one that its card names."""
    return check_of(judge_one(project, path, name, engine, period, before, guess), name, project)


def judge_one(
    project: Project,
    path: Path,
    name: str,
    engine: Engine,
    period: Period | None = None,
    before: Before = _nothing_before,
    guess: Period | None = None,
) -> Evaluation:
    """Judge one file by itself; where `guess` is its period, it is read once."""
    arrival = arrival_of(path, name, project.plan.zone)
    if period:
        batch = read_one(arrival, project, period, engine)
    else:
        batch, period = _read_for_its_own(arrival, project, engine, guess)
    return _judge_alone(batch, project, period, before)


def check_of(judged: Evaluation, name: str, project: Project) -> Check:
    """What the judgement of a single file comes to; when it came is not asked here."""
    unit_id = judged.settlement.readings[0].unit_id
    problems = [item for item in judged.problems if item.code != "late" and item.field != "received_at"]
    is_in_force = unit_id in judged.settlement.versions.chains
    states = below_done(rows_as(TaskLine, judged.completeness)).get(unit_id, {}) if is_in_force else {}
    return replace(judged_file(name, unit_id, judged.settlement.period, problems, project), below_done=states)


def judged_file(name: str, unit_id: str, period: Period, problems: Sequence[Problem], project: Project) -> Check:
    """What these problems of a file come to, each with its severity and sentence."""
    severities = tuple(project.catalogue.severity(problem.code) for problem in problems)
    messages = tuple(project.message(problem, period) for problem in problems)
    return Check(name, unit_id, period, verdict_of(severities), tuple(problems), messages, severities, project)


def _read_for_its_own(arrival: Arrival, project: Project, engine: Engine, guess: Period | None) -> tuple[Batch, Period]:
    """The file, read for the period for which most of the form speaks; and that period.

    Without one, that is the last of the plan, whose sentence says so.
    """
    last = project.plan.periods[-1]
    first = guess or last
    batch = read_one(arrival, project, first, engine)
    told = batch.readings[0].period
    period = next((period for period in project.plan.periods if period.code == told), last)
    return (batch if period == first else read_one(arrival, project, period, engine)), period


def _judge_alone(batch: Batch, project: Project, period: Period, before: Before) -> Evaluation:
    """The form by itself; only where it leaves a task blank that may be done already, what came before is looked at."""
    settled = settle_forms([batch], project, period, leave_samples_out=False)
    alone = evaluate(settled, project, {})
    grid = alone.completeness
    if not (
        grid["unit_id"].isin(settled.versions.chains) & (grid["obligation"] == "carried") & (grid["state"] == "missing")
    ).any():
        return alone
    proved = {
        (unit_id, task_id): project.plan.period(code)
        for unit_id, known in before(period).items()
        for task_id, code in known.done.items()
    }
    return evaluate(settled, project, {}, proved) if proved else alone
