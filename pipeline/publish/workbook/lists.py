"""The long lists: requests in the units' own words, problems, and what was changed."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from pipeline.publish.report import Report
from pipeline.publish.sheets import sheet_named
from pipeline.publish.workbook.heading import annex_lines, period_line
from pipeline.publish.workbook.pages import Block, Column, Page, Styled
from pipeline.values.frames import rows_as
from pipeline.values.lines import ChangeLine, ProblemLine
from pipeline.values.states import Severity
from pipeline.values.tally import Ids
from pipeline.words.numbers import number_text

L = TypeVar("L")
N = TypeVar("N", bound=tuple[Any, ...])
NOTHING = "Không có"
_LONG = 30  # lines, from which a list is summed up above it
_MOST_NOTES, _MOST_CHANGES = 5, 20  # lines of one kind; the others are folded away


def list_page(
    report: Report,
    sheet_id: str,
    columns: tuple[Column[L], ...],
    lines: Sequence[L],
    elsewhere: str,
    frozen_columns: int = 0,
    is_folded: Callable[[L], bool] | None = None,
) -> Page:
    """A list with a filter; an empty one says so, and one that is too long says where it stands (`elsewhere`)."""
    block = Block(columns, lines, empty=NOTHING, instead=elsewhere, has_filter=True, is_folded=is_folded)
    return Page(sheet_id, (block,), (period_line(report),), frozen_columns=frozen_columns)


def lines_of(kind: type[N], frame: pd.DataFrame, elsewhere: str) -> Sequence[N]:
    """The rows that a sheet shows: all, or none where it says that they stand elsewhere."""
    return () if elsewhere else list(rows_as(kind, frame))


@dataclass(frozen=True, slots=True)
class _Said:
    """What units wrote in the same words: the kind, the body that they ask, the words, the units."""

    kind: str
    addressed_to: str
    content: str
    units: Ids


def requests_page(report: Report) -> Page:
    """PL6: the units' own words, requests first and by the body that is asked; the same words stand once."""
    columns: tuple[Column[_Said], ...] = (
        Column("kind", "Loại", 19),
        Column("addressed_to", "Cơ quan được kiến nghị", 24),
        Column("content", "Nội dung", 72),
        Column("count", "Số đơn vị", 8, "line counted", of=lambda line: len(line.units)),
        Column("unit", "Đơn vị nêu", 42, of=lambda line: report.names(line.units, sheet_named("requests"))),
    )
    elsewhere = report.elsewhere("requests", len(report.judged.settlement.rows.accepted["requests"]))
    lines = () if elsewhere else [*_wishes(report), *_other_words(report)]
    block = Block(columns, lines, empty=NOTHING, instead=elsewhere, numbered=True)
    return Page("requests", (block,), annex_lines(report), remarks=_how_many(report))


def _wishes(report: Report) -> Iterator[_Said]:
    kind = report.project.form.label("request_kind", "request")
    for body, wishes in report.tally.requests.wishes.items():
        for content, units in wishes.items():
            yield _Said(kind, body or "(chưa ghi cơ quan được kiến nghị)", content, units)


def _other_words(report: Report) -> Iterator[_Said]:
    """The other kinds in the order of the form; words that mean the same by their letters are one line."""
    asked = report.project.form.label("request_kind", "request")
    for kind, told in report.tally.requests.by_kind.items():
        grouped: dict[str, dict[str, None]] = {}
        words: dict[str, str] = {}
        for line in told if kind != asked else ():
            key = " ".join(line.content.split()).rstrip(" .;,").casefold()
            grouped.setdefault(words.setdefault(key, line.content), {})[line.unit_id] = None
        for content, units in grouped.items():
            yield _Said(kind, "", content, tuple(units))


def _how_many(report: Report) -> tuple[str, ...]:
    """How many rows units wrote, by kind: what is said several times stands above once."""
    told = "; ".join(
        f"{kind.lower()}: {number_text(len(mine))}" for kind, mine in report.tally.requests.by_kind.items()
    )
    return (f"Số ý kiến các đơn vị đã ghi ({told}); ý kiến giống nhau xếp chung một dòng.",) if told else ()


def problems_page(report: Report) -> Page:
    """`Kiểm tra`: every problem, most serious first; below, what could not be used of other periods."""
    elsewhere = report.elsewhere("problems", len(report.problems))
    lines = lines_of(ProblemLine, report.problems, elsewhere)
    folded = _rest_of(lines, lambda line: line.code if line.severity == "note" else "", _MOST_NOTES)
    page = list_page(report, "problems", _problem_columns(report), lines, elsewhere, is_folded=folded)
    counted = Counter(report.project.catalogue.title(line.code) for line in lines)
    return replace(page, subtitles=(*page.subtitles, *_counted(counted)), remarks=report.unused_words)


def _problem_columns(report: Report) -> tuple[Column[ProblemLine], ...]:
    return (
        Column("unit", "Đơn vị", 23, of=lambda line: report.name(line.unit_id) if line.unit_id else "(chưa rõ)"),
        Column("severity", "Mức", 13, "line center", of=lambda line: _severity_cell(report, line.severity)),
        Column("title", "Vấn đề", 19, of=lambda line: report.project.catalogue.title(line.code)),
        Column("sheet", "Sheet", 15),
        Column("cell", "Ô", 7, "line center"),
        Column("message", "Nội dung, cách sửa, ví dụ", 68),
        Column("reply", report.project.form.reply_label, 20),
        Column("file", "Tệp", 34, "line small", is_printed=False),
        Column("code", "Mã lỗi", 20, "line id", is_printed=False),
    )


def _severity_cell(report: Report, severity: Severity) -> Styled:
    return Styled(report.project.catalogue.severities[severity], f"line center severity-{severity}")


def _rest_of(lines: Sequence[L], group: Callable[[L], str], most: int) -> Callable[[L], bool] | None:
    """Whether a line is one of so many that say the same that it may be folded away below the first of them."""
    counts = Counter(map(group, lines))
    many = {name for name, count in counts.items() if name and count > most}
    seen: set[str] = set()

    def is_folded(line: L) -> bool:
        name = group(line)
        is_rest = name in many and name in seen
        seen.add(name)
        return is_rest

    return is_folded if many else None


def _counted(counts: Counter[str]) -> tuple[str, ...]:
    """How many lines say what, for the top of a long list: the most frequent first."""
    if counts.total() < _LONG:
        return ()
    told = "; ".join(f"{name}: {number_text(count)}" for name, count in counts.most_common())
    return (
        f"Tổng số {number_text(counts.total())} dòng. {told}. Dòng giống nhau được gộp, bấm dấu + ở lề trái để mở.",
    )


def changes_page(report: Report) -> Page:
    """`Nhật ký xử lý`: every value used other than as written or changed when sent again, and comments.

    What happens often is routine: it stands last, and what is left of it is folded away.
    """
    rules, elsewhere = report.project.labels["rule"], report.elsewhere("changes", len(report.changes))
    lines = lines_of(ChangeLine, report.changes, elsewhere)
    counts = Counter(line.rule for line in lines)
    rare_first = sorted(lines, key=lambda line: (counts[line.rule], line.rule))
    folded = _rest_of(rare_first, lambda line: line.rule, _MOST_CHANGES)
    page = list_page(report, "changes", _change_columns(report), rare_first, elsewhere, is_folded=folded)
    told = Counter({rules.get(rule, rule): count for rule, count in counts.items()})
    return replace(page, subtitles=(*page.subtitles, *_counted(told)))


def _change_columns(report: Report) -> tuple[Column[ChangeLine], ...]:
    rules = report.project.labels["rule"]
    labels = {item.key: item.label for sheet in report.project.form.sheets.values() for item in sheet.fields}
    return (
        Column("rule", "Quy tắc", 30, of=lambda line: rules.get(line.rule, line.rule)),
        Column("unit", "Đơn vị", 24, of=lambda line: report.name(line.unit_id)),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 8, "line center"),
        Column("field", "Cột", 20, of=lambda line: labels.get(line.field, line.field)),
        Column("raw", "Đơn vị ghi", 33),
        Column("used", "Giá trị dùng", 33),
        Column("file", "Tệp", 40, "line small", is_printed=False),
    )
