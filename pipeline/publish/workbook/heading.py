"""The lines under the title of a sheet."""

from pipeline.publish.report import Report
from pipeline.words.documents import dated, numbered


def period_line(report: Report) -> str:
    """The period and its data window in words."""
    return f"{report.project.plan.full_name(report.period)} – số liệu {report.period.window}"


def annex_lines(report: Report) -> tuple[str, str]:
    """To which report an annex is attached, and its period; blanks of the plan stay “…” until they are filled in."""
    plan = report.project.plan
    attached_to = f"{numbered(plan.report_number, 'BC-UBND')} {dated(plan.report_date, plan.year)} của {plan.issuer}"
    return f"(Kèm theo Báo cáo số {attached_to})", period_line(report)
