"""What is no longer as it was sent, told to the level above: which units and why, old figures beside the right ones.

In: the report with its lines since the last sending. Out: the part that explains, as lines and tables. The whole
corrected report stands behind it (see `papers.describe_correction`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.publish.papers.document import Grid, Line, Marked, one_line
from pipeline.publish.report import Report
from pipeline.publish.sentences.phrases import subject
from pipeline.publish.sentences.since import sending_words
from pipeline.publish.sheets import sheet_named
from pipeline.values.cells import is_missing
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import SinceLine
from pipeline.values.states import SinceKind
from pipeline.words.lists import first_of, named
from pipeline.words.numbers import number_text, signed_text
from pipeline.words.prose import prose

_LONGEST = 300  # letters of a reason that a unit gave
_MOST_REASONS = 3
_COUNTED: Mapping[SinceKind, str] = {"figure": "chỉ tiêu", "state": "nhiệm vụ", "filing": "tình hình gửi báo cáo"}
_NUMBERS = ("Đã báo cáo", "Số đính chính", "Tăng, giảm")
_CHANGED = ("Đã báo cáo", "Nay xác định")
_WHOLE, _BY_UNIT = ("Chỉ tiêu", *_NUMBERS, "Nguyên nhân chính"), ("Đơn vị", "Chỉ tiêu", *_NUMBERS)
_WHOLE_WIDTHS, _UNIT_WIDTHS = (58.0, 24.0, 24.0, 22.0, 27.0), (32.0, 53.0, 24.0, 24.0, 22.0)
# The tables in their order: kind of line, title, header, widths in millimetres.
_SHAPES: tuple[tuple[SinceKind, str, tuple[str, ...], tuple[float, ...]], ...] = (
    ("total", "Tổng số trong kỳ", _WHOLE, _WHOLE_WIDTHS),
    ("cumulative", "Số lũy kế", _WHOLE, _WHOLE_WIDTHS),
    ("figure", "Số liệu theo đơn vị", _BY_UNIT, _UNIT_WIDTHS),
    ("state", "Tình trạng nhiệm vụ", ("Đơn vị", "Nhiệm vụ", *_CHANGED), (42.0, 53.0, 30.0, 30.0)),
    ("filing", "Tình hình gửi báo cáo", ("Đơn vị", *_CHANGED), (75.0, 40.0, 40.0)),
    ("earlier-figure", "Số liệu của kỳ trước nay khác bản đã gửi", _BY_UNIT, _UNIT_WIDTHS),
)
_Lines = Sequence[SinceLine]
_Row = Callable[[SinceLine], tuple[str, ...]]


def is_corrected(report: Report) -> bool:
    """Whether anything of the period itself is no longer as it was sent."""
    return any(line.kind != "earlier-figure" for line in _lines(report))


def explain(report: Report) -> Iterator[Line | Grid | Marked]:
    """Part A: what was sent, which units have changed it and why, then the tables, totals first."""
    plan, sending = report.project.plan, report.sendings[report.period.code]
    sent, lines = f"Báo cáo {sending_words(sending)}", _lines(report)
    yield Line(
        f"{plan.issuer} đã gửi {plan.addressee} {sent} về kết quả {subject(report)}. Qua rà soát, một số nội dung "
        f"của báo cáo đó cần được đính chính: mục A nêu nội dung đính chính; mục B là báo cáo đầy đủ sau khi đính "
        f"chính, thay thế {sent}."
    )
    yield Line("A. NỘI DUNG ĐÍNH CHÍNH", "heading")
    yield Line("1. Đơn vị có nội dung thay đổi và nguyên nhân", "subheading")
    yield from _causes(report, lines)
    yield Marked("A.1", "[Bổ sung: trách nhiệm và việc đã làm để không lặp lại.]")
    number = 1
    for title, table in _tables(report, lines):
        number += 1
        yield from (Line(f"{number}. {title}", "subheading"), *table)
    yield Line("B. BÁO CÁO SAU KHI ĐÍNH CHÍNH", "heading")


def _lines(report: Report) -> tuple[SinceLine, ...]:
    """Within each kind by unit in the order of the register, so that what one unit changed stands together."""
    if report.since is None or report.period.code not in report.sendings:
        return ()
    places = {unit_id: place for place, unit_id in enumerate(report.project.register.by_id)}
    return tuple(sorted(rows_as(SinceLine, report.since), key=lambda line: places.get(line.unit_id, len(places))))


def _causes(report: Report, lines: _Lines) -> Iterator[Line]:
    """One line a unit, or for those that it fits alike: causes, how much they changed, the reasons of its card."""
    by_unit: dict[str, list[SinceLine]] = {}
    for line in lines:
        if line.kind in _COUNTED:
            by_unit.setdefault(line.unit_id, []).append(line)
    shown, left = first_of([*by_unit], report.project.plan.outputs.most_units)
    reasons = _reasons(report)
    alike: dict[str, list[str]] = {}
    for unit_id in shown:
        alike.setdefault(_why(report, by_unit[unit_id], reasons.get(unit_id, ())), []).append(_unit(report, unit_id))
    for why, units in alike.items():
        yield Line(f"- {', '.join(units)}: {why}.")
    if left:
        yield Line(f"- Và {prose(left)} đơn vị khác, nêu tại {sheet_named('since_sent')} của bảng tổng hợp.")
    if not by_unit:
        causes = dict.fromkeys(report.label("correction", line.cause) for line in lines)
        yield Line(f"Không đơn vị nào có số liệu của kỳ này thay đổi; nguyên nhân: {'; '.join(causes)}.")


def _why(report: Report, lines: _Lines, reasons: Sequence[str]) -> str:
    """Of one unit."""
    causes = "; ".join(dict.fromkeys(report.label("correction", line.cause) for line in lines))
    is_again = any(line.cause in ("later-version", "supplement") for line in lines)
    told = f"; lý do đơn vị nêu: {named(reasons, _MOST_REASONS, 'lý do khác')}" if reasons and is_again else ""
    return f"{causes} (thay đổi {_counted(lines)}){told}"


def _counted(lines: _Lines) -> str:
    """“02 chỉ tiêu, 01 nhiệm vụ”: each once, whatever the number of its causes."""
    kinds = Counter(kind for kind, _ in {(line.kind, line.id) for line in lines})
    return ", ".join(
        words if kind == "filing" else f"{prose(kinds[kind])} {words}"
        for kind, words in _COUNTED.items()
        if kinds[kind]
    )


def _reasons(report: Report) -> dict[str, list[str]]:
    """By unit what the cards of its forms in force say of why they were sent again."""
    mine = report.judged.settlement
    said = dict(tuples(mine.cards, "doc", "revision_reason")) if "revision_reason" in mine.cards else {}
    found: dict[str, list[str]] = {}
    for unit_id, chain in mine.versions.chains.items():
        told = (one_line(said[doc]) for doc in chain if not is_missing(said.get(doc)))
        if texts := list(dict.fromkeys(f"“{_short(text)}”" for text in told if text)):
            found[unit_id] = texts
    return found


def _short(text: str) -> str:
    text = text.rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _tables(report: Report, lines: _Lines) -> Iterator[tuple[str, tuple[Line | Grid, ...]]]:
    """The tables that have rows, each with its title."""
    row = _rows(report)
    for kind, title, header, widths in _SHAPES:
        if mine := [line for line in lines if line.kind == kind]:
            yield title, tuple(_table(report, map(row[kind], mine), header, widths))


def _rows(report: Report) -> Mapping[SinceKind, _Row]:
    """How a line of each kind stands in its table."""
    item, task = _titles(report)
    periods = {period.code: period.name for period in report.project.plan.periods}

    def total(line: SinceLine) -> tuple[str, ...]:
        return item(line), *_amounts(line), report.label("correction_short", line.cause)

    def earlier(line: SinceLine) -> tuple[str, ...]:
        return f"{_unit(report, line.unit_id)} ({periods[line.period]})", item(line), *_amounts(line)

    return {
        "total": total,
        "cumulative": total,
        "figure": lambda line: (_unit(report, line.unit_id), item(line), *_amounts(line)),
        "state": lambda line: (_unit(report, line.unit_id), task(line), *_codes(report, "state", line)),
        "filing": lambda line: (_unit(report, line.unit_id), *_codes(report, "received", line)),
        "earlier-figure": earlier,
    }


def _codes(report: Report, group: str, line: SinceLine) -> tuple[str, str]:
    """What was sent and what is so now, in the words of `group`."""
    return _label(report, group, line.sent), _label(report, group, line.now)


def _table(
    report: Report, rows: Iterable[tuple[str, ...]], header: tuple[str, ...], widths: tuple[float, ...]
) -> Iterator[Line | Grid]:
    """A table of numbered rows; of a very long one the first, and where all of them stand."""
    shown, left = first_of([*rows], report.project.plan.outputs.most_units)
    numbered = tuple((str(place), *row) for place, row in enumerate(shown, start=1))
    words = tuple(place for place, name in enumerate(header, start=1) if name not in _NUMBERS)
    yield Grid(("TT", *header), numbered, widths=(10.0, *widths), words=words)
    if left:
        yield Line(f"Còn {prose(left)} dòng khác, nêu tại {sheet_named('since_sent')} của bảng tổng hợp.")


def _titles(report: Report) -> tuple[Callable[[SinceLine], str], Callable[[SinceLine], str]]:
    items = report.project.plan.indicator
    tasks = {task.id: task.short for task in report.project.plan.tasks}

    def item(line: SinceLine) -> str:
        known = items.get(line.id)
        return f"{known.title} ({known.measure})" if known else line.id

    return item, lambda line: tasks.get(line.id, line.id)


def _unit(report: Report, unit_id: str) -> str:
    return report.name(unit_id) if unit_id else "Phần ghi ở tổng số"


def _label(report: Report, group: str, code: object) -> str:
    return report.project.labels[group].get(str(code), str(code)) or "Chưa có"


def _amounts(line: SinceLine) -> tuple[str, str, str]:
    return _amount(line.sent), _amount(line.now), signed_text(float(line.change or 0))  # type: ignore[arg-type]


def _amount(value: object) -> str:
    return number_text(float(value)) if isinstance(value, (int, Decimal)) else "Chưa có"
