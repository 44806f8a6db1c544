"""Phrases that outputs share: units by name, what came of the missing, the period, the plan, how much a sum grew."""

from collections.abc import Sequence

from pipeline.declare.plan import Period, Plan
from pipeline.declare.project import Project
from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.values.states import State
from pipeline.values.tally import DIGITS
from pipeline.words.days import day_text
from pipeline.words.documents import dated, numbered
from pipeline.words.numbers import percent_text
from pipeline.words.prose import in_text, lowered, prose


def names(report: Report, unit_ids: Sequence[str], where: str = sheet_named("filing")) -> str:
    """Units by name, as they stand in a sentence; of very many the first."""
    return report.listed([in_text(report.name(unit_id)) for unit_id in unit_ids], where)


def unfiled_words(report: Report) -> str:
    """“02 đơn vị chưa gửi; 01 đơn vị đã gửi, chưa sử dụng được”; empty when all have filed."""
    return "; ".join(
        f"{prose(len(units))} đơn vị {report.label('unfiled', kind)}"
        for kind, units in report.tally.filings.unfiled.items()
    )


def written_state(project: Project, state: State) -> str:
    """A state as papers write it, for the middle of a sentence."""
    return project.labels["written"].get(state) or lowered(project.labels["state"][state])


def period_name(report: Report) -> str:
    """“quý III năm 2025”, for the middle of a sentence."""
    return lowered(report.project.plan.full_name(report.period))


def window(report: Report) -> str:
    """The data window, as every paper names it."""
    return window_of(report.period)


def window_of(period: Period) -> str:
    """The same of a period by itself."""
    return f"số liệu từ ngày {day_text(period.date_from)} đến ngày {day_text(period.date_to)}"


def area(report: Report) -> str:
    """“huyện Vĩnh Linh”: the issuer without the name of its kind."""
    return report.project.plan.issuer.partition(" ")[2]


def plan_reference(report: Report) -> str:
    """The plan by number, day and name; its blanks stay blank."""
    return cited(report.project.plan)


def cited(plan: Plan) -> str:
    """The same of a plan by itself."""
    about = lowered(plan.title).removeprefix("kế hoạch ")
    return f"Kế hoạch số {numbered(plan.number, 'KH-UBND')} {dated(plan.date, plan.year)} của {plan.issuer} về {about}"


def subject(report: Report) -> str:
    """What both papers are about."""
    return f"công tác tuyên truyền cải cách hành chính nhà nước trên địa bàn {area(report)} {period_name(report)}"


def growth_words(now: float, before: float) -> str:
    """“ (tăng 3,2%)”; empty where there was nothing to grow from."""
    change = now - before
    if not round(change, DIGITS):
        return " (không đổi)"
    if before <= 0:
        return ""
    return f" ({'tăng' if change > 0 else 'giảm'} {percent_text(abs(change), before)})"
