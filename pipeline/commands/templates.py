"""What `templates` does: one form to fill for each unit that must report, with what its earlier reports say."""

from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path

from pipeline.commands.look_back import look_back
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.publish.outputs import FORMS
from pipeline.publish.swap import put_files, staging_folder
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, Progress
from pipeline.values.known import NOTHING_KNOWN


@dataclass(frozen=True)
class BlankForms:
    """Where the forms stand, and what had to be said."""

    paths: tuple[Path, ...]
    sentences: tuple[str, ...]


def write_templates(
    project: Project,
    period: Period,
    folders: Folders,
    progress: Progress = lambda text: None,
    engine: Engine = STANDARD,
) -> BlankForms:
    """One blank form per reporting unit, in a folder of their own.

    All are made before the first takes its place; one held open gets a new name beside it.
    """
    target, known = folders.output(project, period), look_back(project, period, folders, engine)
    with staging_folder(target) as staged:
        (staged / FORMS).mkdir()
        names = []
        for unit in project.register.reporting_on(period.date_to):
            names.append(f"{FORMS}/{unit.unit_id}.xlsx")
            before = known.get(unit.unit_id, NOTHING_KNOWN)
            write_blank_form(staged / names[-1], project, unit, period, known=before)
            progress(unit.name)
        swapped = put_files(staged, target, names, {copy for name in names for copy in _copies(staged / name, target)})
    return BlankForms(tuple(target / swapped.name(name) for name in names), swapped.sentences)


def _copies(form: Path, target: Path) -> list[str]:
    """Numbered files beside the old form that are this very form: written when the old one was held open."""
    numbered = (target / FORMS).glob(f"{form.stem} (*){form.suffix}")
    return [path.relative_to(target).as_posix() for path in numbered if cmp(form, path, shallow=False)]
