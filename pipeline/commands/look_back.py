"""What earlier reports of the year say that new forms need not ask again. Light where there is nothing to look at."""

from collections.abc import Callable, Mapping
from functools import cache

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.reading.executors import Engine
from pipeline.reading.periods import STANDARD, Folders, holds_real_forms, read_folder
from pipeline.values.known import Known

KnownUnits = Mapping[str, Known]  # by unit
Before = Callable[[Period], KnownUnits]  # what is known before a period


def look_back(project: Project, period: Period, folders: Folders, engine: Engine = STANDARD) -> KnownUnits:
    """By unit what is in force of the periods of the year that ended before this one.

    Sample forms say nothing of a unit, so nothing is taken from them.
    """
    before = [item for item in project.plan.periods if item.date_to < period.date_to]
    there = [item for item in before if folders.input(project, item).is_dir()]
    if not there:
        return {}
    with engine.kept() as kept:
        readings = {item.code: read_folder(folders.input(project, item), project, item, engine=kept) for item in there}
    real = {code: batches for code, batches in readings.items() if holds_real_forms(batches)}
    if not real:
        return {}
    from pipeline.commands.known_before import know_units  # noqa: PLC0415 - loads pandas, which a first form needs not

    return know_units(project, period, real)


def looking_back(project: Project, folders: Folders, engine: Engine) -> Before:
    """The same for whichever period is asked about, looked up once and only when it is."""
    return cache(lambda period: look_back(project, period, folders, engine))
