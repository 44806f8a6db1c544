"""Say whose form it is and whether it belongs to this period, from the card alone; a file name may only suggest."""

from collections.abc import Mapping

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.intake.card import BLANK, Card
from pipeline.intake.check_period import period_problems
from pipeline.intake.find_unit import find_unit
from pipeline.values.forms import CardCell
from pipeline.values.problems import Problem


def identify(
    answers: Mapping[str, CardCell], meta: Mapping[str, str], sheet: str, file: str, project: Project, period: Period
) -> tuple[str, list[Problem]]:
    """The unit id (empty when unknown) and every problem of identity, period and version.

    `meta`: what the form says of itself where nobody types.
    """
    card = Card(answers, sheet, file)
    unit, problems = find_unit(card, project, period)
    problems = [*problems, *period_problems(card, meta, project, period), *_version_problems(card, project)]
    return (unit.unit_id if unit else ""), problems


def _version_problems(card: Card, project: Project) -> list[Problem]:
    written = card.text("form_version")
    if written == project.form.version:
        return []
    return [card.problem_at("form-outdated", "form_version", written or BLANK, {})]
