"""One file of a unit on its way back: what was sent, what is wrong with it, and what the copy has to know besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.register import Unit
from pipeline.publish.sentences.revised import Revision
from pipeline.values.problems import Problem


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """What goes back with one file of a unit. `problems` of its other files are listed, not marked.

    `original` are the bytes that were judged, None when the file has changed or gone since; `kind` is what intake
    took them for. The card gets a later revision number, `next_revision` or more, so that the corrected copy
    replaces what was sent (0: the card is left alone); `others_in_force` are the unit's files that count together
    with this one, which may itself be a supplement. `replies`, by the key of the problem, are those given earlier;
    they are shown again. `revised`: what the unit changed since the version before, which is told, not asked.
    """

    file: str
    kind: str
    original: bytes | None
    problems: Sequence[Problem]
    project: Project
    period: Period
    unit: Unit
    is_sample: bool
    next_revision: int = 1
    others_in_force: Sequence[str] = ()
    is_supplement: bool = False
    replies: Mapping[str, str] = field(default_factory=dict)
    revised: Sequence[Revision] = ()

    @property
    def own_problems(self) -> list[Problem]:
        """Those of this file."""
        return [problem for problem in self.problems if problem.file == self.file]

    @property
    def is_wrong_form(self) -> bool:
        return self.project.catalogue.asks_for_another_form(self.own_problems)
