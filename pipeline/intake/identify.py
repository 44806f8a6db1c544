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
_NO_CHANGE = re.compile(r"(?:[.,]0+)+\s*$")  # behind a whole number: “v2.0” is v2


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose form it is (empty when unknown), for which period most of it speaks, and what is wrong with either.

    `version`: the one of the form that it is read as.

    `changes`: the cells of identity that are read other than as written.
    """

    unit_id: str
    period: str
    version: str
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
        version_of(answers, imprint.meta, project),
        (*problems, *said.problems, *_version_problems(card, imprint, project)),
        (*unit_changes(card, project), *said.changes, *_version_changes(card, project)),
    )


def version_of(answers: Mapping[str, CardCell], meta: Mapping[str, str], project: Project) -> str:
    """The version that a form is read as: that of its hidden sheet, else what its card says, else the plan's own."""
    hidden = meta.get("form_version", "")
    if hidden in project.plan.versions:
        return hidden
    return _meant(Card(answers, "", "").text("form_version"), project) or project.plan.form


def _version_problems(card: Card, imprint: Imprint, project: Project) -> list[Problem]:
    """A version that is written otherwise than the hidden sheet has it is a slip."""
    written, hidden = card.text("form_version"), imprint.meta.get("form_version", "")
    meant, is_known = _meant(written, project), hidden in project.plan.versions
    if meant and (meant == hidden or not is_known):
        return []
    if not is_known:
        return [card.problem_at("form-outdated", "form_version", written or BLANK, {})]
    says = f"đang ghi “{written}”" if written else "còn để trống"
    label = project.form.card.by_key["form_version"].label
    what = f"“{label}” {says}, trong khi thông tin ẩn của biểu là {hidden}"
    return [card.odd_at("form_version", what, f"phiên bản {hidden}", hidden)]


def _version_changes(card: Card, project: Project) -> Iterator[Change]:
    written = card.text("form_version")
    if (meant := _meant(written, project)) not in ("", written):
        yield card.change_at("form_version", meant, "control-spelling")


def _meant(written: str, project: Project) -> str:
    """The version that the words mean, of those that are read: “V1”, “v. 1”, “1.0”, “phiên bản 1”; empty for none."""
    versions = project.plan.versions
    return next((version for version in versions if _is_version(written, version, project.form)), "")


def _is_version(written: str, version: str, form: Form) -> bool:
    key, known = _NO_WORD.sub("", _NO_CHANGE.sub("", fold(written))), _NO_WORD.sub("", fold(version))
    heads = ["", *(_NO_WORD.sub("", fold(word)) for word in form.version_words)]
    return key in {head + tail for head in heads for tail in (known, known.removeprefix("v"))}
