"""The text of a paper in Word as it reads now: paragraphs in their order, tables by rows and cells.

What somebody deleted with changes tracked is gone, what was so put in is there. What an officer wrote at a marked place
is not ours to compare, and is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.publish.edited.paper_words import lines_at_places
from pipeline.publish.edited.paper_xml import GONE, SIGNS, W, load_paper


@dataclass(frozen=True, slots=True)
class PaperText:
    """Paragraphs outside of tables, and the tables."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]


def read_paper(path: Path) -> PaperText:
    """The text of a .docx; one that is damaged is a `DamagedPaperError`."""
    root = load_paper(path)
    others = lines_at_places(root)
    lines = [line for number, line in enumerate(root.iter(f"{W}p")) if number not in others]
    tables = tuple(_table(table) for table in root.iter(f"{W}tbl"))
    in_tables = {line for table in root.iter(f"{W}tbl") for line in table.iter(f"{W}p")}
    return PaperText(tuple(_text(line) for line in lines if line not in in_tables), tables)


def _table(table: etree._Element) -> tuple[tuple[str, ...], ...]:
    rows = (row for row in table.iter(f"{W}tr"))
    return tuple(tuple(_text(cell) for cell in row.iter(f"{W}tc")) for row in rows)


def _text(element: etree._Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in GONE:
            yield from _pieces(child)
            if child.tag == f"{W}p":
                yield " "
