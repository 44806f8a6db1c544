"""Before a command begins: what killed commands left is finished or cleared, as far as it can be done at once."""

from contextlib import suppress

from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.intake.taking_in import finish_interrupted
from pipeline.publish.swap import recover_all
from pipeline.reading.periods import Folders
from pipeline.records.locks import real_place
from pipeline.records.workplace import clear_abandoned
from pipeline.sent.sealing import finish_interrupted as finish_sending


def clear_leavings(project: Project, folders: Folders) -> None:
    """Finish and clear in the folders of the plan's year. What is held, or refused by the machine, stays."""
    with suppress(PipelineError, OSError):
        finish_sending(folders.sent_in(project.plan.year))
    with suppress(PipelineError, OSError):
        clear_abandoned(real_place(folders.sent))
    for period in project.plan.periods:
        inputs, outputs = folders.input(project, period), folders.output(project, period)
        with suppress(PipelineError, OSError):
            finish_interrupted(inputs, project.plan.zone)
        with suppress(PipelineError, OSError):  # a store of files that is only read holds no leavings of ours
            clear_abandoned(real_place(inputs).parent)
        with suppress(PipelineError, OSError):
            recover_all(real_place(outputs).parent)
