"""What `templates` does: one blank form for each unit that must report. Light, since it reads no form and judges nothing."""

from pathlib import Path

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.reading import Folders, Progress


def write_templates(project: Project, period: Period, folders: Folders, progress: Progress = lambda text: None) -> tuple[Path, ...]:
    """One blank form per reporting unit, under `mau/`."""
    folder = folders.output(project, period) / "mau"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for unit in project.register.reporting_on(period.date_to):
        path = folder / f"{unit.unit_id}.xlsx"
        fresh = path.with_suffix(".moi")
        write_blank_form(fresh, project, unit, period)
        fresh.replace(path)
        progress(unit.name)
        paths.append(path)
    return tuple(paths)
