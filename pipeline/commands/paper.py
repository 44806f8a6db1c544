"""What `paper` does: a unit's own report in Word from one filled form that passed its check."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.commands.check import Check, check_of, judge_one
from pipeline.commands.look_back import looking_back
from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.evaluate import settle_forms
from pipeline.figures.own_plans import find_own_plans
from pipeline.figures.totals import total_figures
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.edited.paper_words import read_places
from pipeline.publish.edited.paper_xml import DamagedPaperError
from pipeline.publish.outputs import FEEDBACK, KEPT, OWN_REPORT
from pipeline.publish.papers.carry import OldWords
from pipeline.publish.papers.own_form import OwnForm
from pipeline.publish.papers.own_report import write_own_report
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, read_folder
from pipeline.records.digests import digest_of
from pipeline.records.locks import held
from pipeline.records.workplace import workplace
from pipeline.records.writing import write_record, write_whole
from pipeline.values.frames import rows_as, rows_where
from pipeline.values.lines import TotalLine

_KIND = ".docx"
_SUPPLEMENT = "supplement"


@dataclass(frozen=True)
class Drafted:
    """The draft of one unit's report. `kept`: where another file of that name went that somebody may have changed."""

    check: Check
    who: str
    path: Path
    kept: Path | None = None

    def as_dict(self) -> dict[str, Any]:
        kept = str(self.kept) if self.kept else None
        return {**self.check.as_dict(), "paper": str(self.path), "kept": kept}


def draft_paper(
    project: Project, path: Path, folders: Folders, out: Path | None = None, engine: Engine = STANDARD
) -> Drafted:
    """Draft the report of the unit whose form `path` is, beside its reply or at `out`.

    A form with anything to mend or to answer is refused in one sentence, and nothing is written.
    """
    if out and out.suffix.lower() != _KIND:
        raise PipelineError(f"“{out}” không phải là tên tệp Word; cần tên có đuôi {_KIND}, như bao-cao{_KIND}.")
    if out and not out.parent.is_dir():
        raise PipelineError(f"Chưa có thư mục “{out.parent}” để ghi báo cáo; xin tạo trước hoặc chọn thư mục khác.")
    with engine.kept() as kept:
        judged = judge_one(project, path.resolve(), path.name, kept, None, looking_back(project, folders, kept))
        check = check_of(judged, path.name, project)
        _refuse(check, judged, project)
        return draft_checked(project, judged, check, folders, kept, out)


def draft_checked(
    project: Project, judged: Evaluation, check: Check, folders: Folders, engine: Engine, out: Path | None = None
) -> Drafted:
    """The same of a form of which it is known that nothing is to be mended in it."""
    form = _own_form(project, judged, check, folders, engine)
    if out:
        return Drafted(check, form.who, out, _write(out, out.parent, form))
    folder = folders.output(project, check.period)
    place = folder / FEEDBACK / OWN_REPORT.format(check.unit)
    place.parent.mkdir(parents=True, exist_ok=True)
    with held(folder):  # no run exchanges it meanwhile
        return Drafted(check, form.who, place, _write(place, folder, form))


def _refuse(check: Check, judged: Evaluation, project: Project) -> None:
    """A report is drafted from a whole form of which everything is used as it stands."""
    see = f"; xem từng điểm bằng lệnh: cchc check “{check.file}”."
    if check.verdict == "returned":
        raise PipelineError(f"Tệp “{check.file}” chưa dùng được làm biểu nên chưa soạn báo cáo{see}")
    if check.needs_mending:
        mend, ask = (check.severities.count(severity) for severity in ("block-row", "question"))
        raise PipelineError(
            f"Biểu “{check.file}” còn {mend} điểm phải sửa, {ask} điểm cần làm rõ nên chưa soạn báo cáo{see}"
        )
    if is_supplement(judged, project):
        raise PipelineError(
            f"Biểu “{check.file}” là bản bổ sung, chỉ có phần thêm; báo cáo cần soạn từ biểu có đủ số liệu của kỳ."
        )


def is_supplement(judged: Evaluation, project: Project) -> bool:
    """Whether the form only adds to one that was sent before."""
    label = project.form.label("revision_kind", _SUPPLEMENT)
    return label in judged.settlement.frames["card"]["revision_kind"].tolist()


def _own_form(project: Project, judged: Evaluation, check: Check, folders: Folders, engine: Engine) -> OwnForm:
    """With what the unit's earlier reports of the year add to its figures, where they lie in the folder of inputs."""
    mine, period = judged.settlement, check.period
    earlier = _earlier_grids(project, judged, check, folders, engine)
    totals = total_figures(mine.grid, earlier, period, project)
    return OwnForm(
        project=project,
        judged=judged,
        unit=project.register.by_id[check.unit],
        totals={line.indicator_id: line for line in rows_as(TotalLine, totals)},
        plan=find_own_plans(judged, project).get(check.unit),
    )


def _earlier_grids(
    project: Project, judged: Evaluation, check: Check, folders: Folders, engine: Engine
) -> Mapping[str, Any]:
    """The figures of the unit in the other periods that this one adds up; those of samples only beside a sample."""
    found = {}
    for code in check.period.cumulative:
        period = project.plan.period(code)
        if code != check.period.code and (folder := folders.input(project, period)).is_dir():
            batches = read_folder(folder, project, period, engine=engine)
            settled = settle_forms(batches, project, period, leave_samples_out=not judged.uses_samples)
            found[code] = rows_where(settled.grid, settled.grid["unit_id"] == check.unit)
    return found


def _write(path: Path, keeper: Path, form: OwnForm) -> Path | None:
    """Write the draft; of a file that was there its words are carried on, and where it differs it is kept.

    Kept once per content, in the folder for that in `keeper`; returns where.
    """
    with held(path), workplace(path, "ghi") as work:
        made = work / f"moi{_KIND}"
        write_own_report(made, form, _old_words(path))
        data = made.read_bytes()
        if not path.is_file():
            write_whole(path, data, work)
            return None
        if path.read_bytes() == data:
            return None
        kept = _keep(path, keeper)
        write_whole(path, data, work)
        return kept


def _old_words(path: Path) -> OldWords:
    with suppress(DamagedPaperError):
        return read_places(path) if path.is_file() else OldWords()
    return OldWords()


def _keep(path: Path, keeper: Path) -> Path:
    """A copy of the file under a name that tells its content."""
    copy = keeper / KEPT / f"{path.stem}-{digest_of(path)[:8]}{path.suffix}"
    if not copy.exists():
        copy.parent.mkdir(exist_ok=True)
        write_record(copy, path.read_bytes())
    return copy
