"""Whether a form can have come when the receiving book, or the file itself, says that it came (R05)."""

from collections.abc import Iterator
from typing import Any

from pipeline.declare.plan import Period
from pipeline.values.cells import is_missing
from pipeline.values.forms import RECEIVING_BOOK, Reading
from pipeline.values.problems import Problem
from pipeline.words.days import day_text, moment_text


def doubted_time(reading: Reading, reported: Any, period: Period) -> Iterator[Problem]:
    """One question where the time cannot be read, cannot be, or where the card speaks for a later one.

    `reported`: the day on the report, where it has one.
    """
    arrival = reading.arrival
    why = arrival.time_doubt or came_before_the_end(reading, reported, period)
    if not why:
        return
    counted = moment_text(arrival.received_at)
    if arrival.is_booked:
        place = f"dòng {arrival.book_line}" if arrival.book_line else ""
        written = arrival.written_time or counted
        what = f"Sổ nhận ghi thời gian nhận biểu này là “{written}”, {why}"
    else:
        place, written = "", counted
        what = f"Biểu không có trong sổ nhận, còn thời gian ghi của tệp là {counted}, {why}"
    facts = {
        "what": what,
        "taken": f"Tạm tính nhận lúc {counted}",
        "asked": "Đề nghị cho biết biểu được gửi ngày, giờ nào, để ghi lại sổ nhận cho đúng",
        "example": f"{day_text(period.last_day)} 08:30",
    }
    sheet = RECEIVING_BOOK if arrival.is_booked else ""
    yield Problem("control-odd", reading.file, reading.unit_id, sheet, place, "", "received_at", written, facts=facts)


def came_before_the_end(reading: Reading, reported: Any, period: Period) -> str:
    """That it came before the closing day, while the report is of a later one; so it is this time that is odd."""
    if is_missing(reported) or reported.date() < period.date_to:
        return ""
    if reading.arrival.received_at.date() >= period.date_to:
        return ""
    return f"trước ngày chốt số liệu {day_text(period.date_to)}"
