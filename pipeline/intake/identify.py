"""Say whose form it is and whether it belongs to this period, from its card and what it says of itself.

A file name may only suggest.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.declare.form import Form
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.card import BLANK, Card
from pipeline.intake.check_period import weigh_period
from pipeline.intake.find_unit import find_unit, unit_changes
from pipeline.intake.imprint import Imprint
from pipeline.values.forms import CardCell, Change
from pipeline.values.problems import Problem
from pipeline.words.names import fold

_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose form it is (empty when unknown), for which period most of it speaks, and what is wrong with either.

    `changes`: the cells of identity that are read other than as written.
    """

    unit_id: str
    period: str
    problems: tuple[Problem, ...]
    changes: tuple[Change, ...]


def identify(
    answers: Mapping[str, CardCell], imprint: Imprint, sheet: str, file: str, project: Project, period: Period
) -> Identity:
    """The unit, and every problem of identity, period and version. `imprint`: what the form says of itself."""
    card = Card(answers, sheet, file)
    unit, problems = find_unit(card, imprint, project, period)
    said = weigh_period(card, imprint, project, period)
    return Identity(
        unit.unit_id if unit else "",
        said.own,
        (*problems, *said.problems, *_version_problems(card, imprint, project)),
        (*unit_changes(card, project), *said.changes, *_version_changes(card, project)),
    )


def _version_problems(card: Card, imprint: Imprint, project: Project) -> list[Problem]:
    """A version that is written otherwise than the hidden sheet has it is a slip."""
    written, version = card.text("form_version"), project.form.version
    if written == version or _is_version(written, project.form):
        return []
    if imprint.meta.get("form_version") != version:
        return [card.problem_at("form-outdated", "form_version", written or BLANK, {})]
    says = f"đang ghi “{written}”" if written else "còn để trống"
    label = project.form.card.by_key["form_version"].label
    what = f"“{label}” {says}, trong khi thông tin ẩn của biểu là {version}"
    return [card.odd_at("form_version", what, f"phiên bản {version}", version)]


def _version_changes(card: Card, project: Project) -> Iterator[Change]:
    written = card.text("form_version")
    if written != project.form.version and _is_version(written, project.form):
        yield card.change_at("form_version", project.form.version, "control-spelling")


def _is_version(written: str, form: Form) -> bool:
    """Whether the words mean our version: “V1”, “v. 1”, “phiên bản 1”."""
    key, version = _NO_WORD.sub("", fold(written)), _NO_WORD.sub("", fold(form.version))
    heads = [_NO_WORD.sub("", fold(word)) for word in form.version_words]
    return key in {version, *(head + tail for head in heads for tail in (version, version.removeprefix("v")))}
