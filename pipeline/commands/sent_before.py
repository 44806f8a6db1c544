"""What was sent of a period and of those before it, for a run to compare with; what cannot be read is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.declare.errors import PipelineError
from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from pipeline.reading.periods import Folders
from pipeline.sent.newest import newest
from pipeline.values.sent import Sent


@dataclass(frozen=True)
class SentBefore:
    """The newest packages by the code of their period, and a sentence for each that is not compared."""

    packages: Mapping[str, Sent] = field(default_factory=dict)
    untold: tuple[str, ...] = ()


NOTHING_SENT = SentBefore()


def sent_before(judged: Evaluation, project: Project, folders: Folders) -> SentBefore:
    """Of the judged period and of every other one that was read; samples are compared with samples alone."""
    packages: dict[str, Sent] = {}
    untold = []
    for period in (judged.settlement.period, *(item.period for item in judged.others.values())):
        try:
            found = newest(folders.sent, project.plan.year, period.code)
        except PipelineError as error:
            untold.append(f"{period.name}: chưa so được với bản đã gửi. {error}")
            continue
        except OSError:
            untold.append(f"{period.name}: chưa so được với bản đã gửi, vì không đọc được thư mục {folders.sent}.")
            continue
        if found and found.is_sample == judged.uses_samples:
            packages[period.code] = found
        elif found:
            untold.append(_of_other_kind(period.name, found, project))
    return SentBefore(packages, tuple(untold))


def _of_other_kind(name: str, found: Sent, project: Project) -> str:
    mark = project.form.sample_mark
    return f"{name}: không so với gói {found.sending.package}, vì chỉ một trong hai bên là {mark}."
