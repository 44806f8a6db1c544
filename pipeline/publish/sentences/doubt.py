"""The words for figures that stand in a total though their units are still asked about them."""

from collections.abc import Callable

from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.values.lines import TotalLine
from pipeline.values.tally import DIGITS, Imbalance, UnitImbalance
from pipeline.words.numbers import number_text, signed_text
from pipeline.words.prose import in_text

PENDING = "đang chờ xác minh"


def doubt_words(total: TotalLine, measure: str, number: Callable[[float], str] = number_text) -> str:
    """“trong đó 4.500 tờ của 1 đơn vị đang chờ xác minh”; empty where nobody is asked about the indicator."""
    if not total.questioned_units:
        return ""
    return _part(total.questioned_amount, total.questioned_units, measure, number)


def earlier_doubt_words(total: TotalLine, measure: str, number: Callable[[float], str] = number_text) -> str:
    """The same of the cumulative figure, where more of it is under question than of this period alone."""
    if not has_earlier_doubt(total):
        return ""
    return _part(total.cumulative_questioned_amount, total.cumulative_questioned_units, measure, number)


def has_earlier_doubt(total: TotalLine) -> bool:
    """Whether the periods before add to what is under question of the cumulative figure."""
    now, added = total.questioned_units, total.cumulative_questioned_units
    is_more = round(total.cumulative_questioned_amount - total.questioned_amount, DIGITS) != 0
    return added > 0 and (added > now or is_more)


def _part(amount: float, units: int, measure: str, number: Callable[[float], str]) -> str:
    amount = round(amount, DIGITS)
    part = f"{number(amount)} {measure}" if amount else "số 0"
    return f"trong đó {part} của {number(units)} đơn vị {PENDING}"


def imbalance_words(report: Report, item: Imbalance) -> str:
    """Both sums, what they should be, and the units that make the difference, each with what it adds to it."""
    plan = report.project.plan
    left = f"{plan.named(item.left)} là {_number(item.left_total)}"
    right = f"{plan.named(item.right)} là {_number(item.right_total)}"
    units = report.listed([_unit_words(report, unit) for unit in item.units], sheet_named("by_unit"))
    return f"{left}, {right}; {item.why}. Chênh lệch {_signed(item.left_total - item.right_total)} do: {units}."


def _unit_words(report: Report, unit: UnitImbalance) -> str:
    """“xã Vĩnh Hòa +2 (7 so với 5)”; a figure that lacks is named, because it makes a difference, too."""
    amounts = f"{_number(unit.left_total)} so với {_number(unit.right_total)}"
    lacking = f", chưa có số liệu {', '.join(unit.gaps)}" if unit.gaps else ""
    name = in_text(report.name(unit.unit_id))
    return f"{name} {_signed(unit.left_total - unit.right_total)} ({amounts}{lacking})"


def _number(value: float) -> str:
    return number_text(round(value, DIGITS))


def _signed(value: float) -> str:
    return signed_text(round(value, DIGITS))
