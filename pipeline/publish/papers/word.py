"""The one writer of official papers (`pipeline.publish.papers.document`) with python-docx.

The look is that of NĐ 30/2020/NĐ-CP, Phụ lục I: A4 upright, Times New Roman, page numbers centred at the top from
page 2. The same paper gives the same bytes.
"""

import io
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_COLOR_INDEX, WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.publish.archive import write_archive
from pipeline.publish.papers.document import LOOKS, Closing, Filled, Grid, Letterhead, Line, Look, Paper
from pipeline.publish.papers.fields import add_properties, field_runs
from pipeline.publish.papers.places import ABOVE, HERE, PREFIX, Piece, plain

TEXT_WIDTH = 165.0  # millimetres between the margins
_FONT = "Times New Roman"
_CREATED = datetime(2025, 1, 1)
_RED = RGBColor(0xC0, 0x00, 0x00)
_NATION, _MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
_HEAD_WIDTHS, _FOOT_WIDTHS = (66.0, 99.0), (85.0, 80.0)
_MOTTO_RULE, _AGENCY_RULE, _TITLE_RULE = 53.0, 22.0, 40.0
_SIGNING_ROOM = Pt(72)
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")


def _write_titles(document: Any, titles: Sequence[str]) -> None:
    """The lines of the title, with a rule below them where there are any."""
    for number, title in enumerate(titles):
        _write(document.add_paragraph(), Line(title, "title"), _Place(before=18 if number == 0 else 0))
    if titles:
        _rule(document.add_paragraph(), TEXT_WIDTH, _TITLE_RULE)


def write_paper(path: Path, paper: Paper) -> None:
    """Write the paper to `path`."""
    document = _empty_document()
    _set_up(document, paper)
    _write_letterhead(document, paper.letterhead)
    _write_titles(document, paper.titles)
    _write_addressees(document, paper.addressees)
    _write_text(document, paper.text)
    _write_closing(document, paper.closing)
    if paper.properties:
        add_properties(document, paper.properties)
    _save(document, path)


def _write_addressees(document: Any, addressees: Sequence[str]) -> None:
    """“Kính gửi: …”; several bodies stand below it, each on a line of its own (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    if len(addressees) == 1:
        _write(document.add_paragraph(), Line(f"Kính gửi: {addressees[0]}.", "addressee"), _Place(before=12))
        return
    _write(document.add_paragraph(), Line("Kính gửi:", "addressees"), _Place(before=12))
    for number, body in enumerate(addressees, start=1):
        is_last = number == len(addressees)
        line = Line(f"- {body}{'.' if is_last else ';'}", "addressees")
        _write(document.add_paragraph(), line, _Place(after=12 if is_last else 0))


def _write_text(document: Any, text: Sequence[Line | Grid | Filled]) -> None:
    """Lines, tables and places, these held by bookmarks on what stands above and below them."""
    waiting = ""
    for item in text:
        if isinstance(item, Grid):
            _write_grid(document, item)
            continue
        above = document.paragraphs[-1] if isinstance(item, Filled) else None
        paragraphs = _write_place(document, item) if isinstance(item, Filled) else [document.add_paragraph()]
        if isinstance(item, Line):
            _write(paragraphs[0], item)
        if waiting:
            _bookmark(document, waiting, paragraphs[:1])
            waiting = ""
        if isinstance(item, Filled):
            name = f"{PREFIX}{item.place.key}"
            _bookmark(document, f"{name}{ABOVE}", [above])
            _bookmark(document, f"{name}{HERE}", paragraphs)
            waiting = f"{name}_{item.stamp}"
            if item.remark:
                _write(document.add_paragraph(), Line(item.remark, "officer"))


def _write_place(document: Any, filled: Filled) -> list[Any]:
    """The officer's words as body text, or the marker; the paragraphs."""
    if not filled.words:
        paragraph = document.add_paragraph()
        _write(paragraph, Line(filled.place.marker, "officer"))
        return [paragraph]
    return [_write_words(document.add_paragraph(), line, filled.place.marker) for line in filled.words]


def _write_words(paragraph: Any, pieces: Sequence[Piece], marker: str) -> Any:
    if plain((tuple(pieces),)).strip() == marker:  # somebody wrote above or below it
        _write(paragraph, Line(marker, "officer"))
        return paragraph
    paragraph._p.insert(0, deepcopy(_shape_of(LOOKS["body"], _Place())))
    for piece in pieces:
        for run in field_runs(paragraph, piece) if piece.field else [paragraph.add_run(piece.text)]:
            _dress(run, replace(LOOKS["body"], bold=piece.bold, italic=piece.italic))
            if piece.underline:
                run.underline = True
    return paragraph


def _bookmark(document: Any, name: str, paragraphs: Sequence[Any]) -> None:
    """A bookmark around whole paragraphs."""
    number = str(len(document.element.body.findall(qn("w:bookmarkStart"))) + 1)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraphs[0]._p.addprevious(start)
    paragraphs[-1]._p.addnext(end)


def _set_up_letters(styles: Any) -> None:
    """One font for every script, and Vietnamese as the language."""
    style = styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    for kind in ("w:eastAsia", "w:cs"):
        style.element.rPr.rFonts.set(qn(kind), _FONT)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")


def _set_up(document: Any, paper: Paper) -> None:
    """Page, font, language, headers, properties; nothing of the template's own preview or comments stays."""
    _set_up_page(document.sections[0])
    _set_up_letters(document.styles)
    _write_headers(document.sections[0], paper.mark)
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments = paper.name, paper.author, paper.author, ""
    facts.created = facts.modified = _CREATED
    for key in [key for key, rel in document.part.package.rels.items() if rel.reltype.endswith("/thumbnail")]:
        del document.part.package.rels[key]


def _set_up_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)


def _write_headers(section: Any, mark: str) -> None:
    """The mark on every page, a number on every page but the first."""
    section.different_first_page_header_footer = True
    first, later = section.first_page_header, section.header
    _write(first.paragraphs[0], Line(mark, "sample"))
    _write(later.paragraphs[0], Line("", "page number"))
    _add_page_number(later.paragraphs[0])
    if mark:
        _write(later.add_paragraph(), Line(mark, "sample"))


def _add_page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = paragraph.add_run("2")
    _dress(run, LOOKS["page number"])
    field.append(run._r)
    paragraph._p.append(field)


def _write_letterhead(document: Any, head: Letterhead) -> None:
    """Two columns without borders: the agency and its number on the left, the nation, place and day on the right."""
    left, right = _columns(document, _HEAD_WIDTHS)
    _write_agency(left, head)
    _write(_next(right), Line(_NATION, "agency bold"))
    _write(_next(right), Line(_MOTTO, "motto"))
    _rule(_next(right), _HEAD_WIDTHS[1], _MOTTO_RULE)
    _write(_next(right), Line(head.place_and_day, "place"), _Place(before=6))


def _write_agency(cell: Any, head: Letterhead) -> None:
    """Who issues the paper, under which number, about what."""
    for number, text in enumerate(head.agency):
        _write(_next(cell), Line(text, "agency bold" if number in head.bold else "agency"))
    _rule(_next(cell), _HEAD_WIDTHS[0], _AGENCY_RULE)
    _write(_next(cell), Line(head.number, "number"), _Place(before=6))
    if head.subject:
        _write(_next(cell), Line(head.subject, "subject"))


def _write_closing(document: Any, closing: Closing) -> None:
    left, right = _columns(document, _FOOT_WIDTHS)
    _write(_next(left), Line("Nơi nhận:", "copies title"), _Place(before=12))
    for text in closing.copies:
        _write(_next(left), Line(f"- {text}", "copies"))
    for number, text in enumerate(closing.authority):
        _write(_next(right), Line(text, "sign"), _Place(before=0 if number else 12))
    _next(right).paragraph_format.space_after = _SIGNING_ROOM
    if closing.signer:
        _write(right.add_paragraph(), Line(closing.signer, "sign"))


def _columns(document: Any, widths: Sequence[float]) -> Any:
    """The two cells of a table that nobody sees, kept on one page."""
    return _table(document, 1, widths, side=0).rows[0].cells


def _write_grid(document: Any, grid: Grid) -> None:
    table = _table(document, 1 + len(grid.rows) + bool(grid.total), grid.widths, side=0.8)
    table.style = "Table Grid"
    head, *rows = table.rows
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _write_row(head, grid.header, ["cell header"] * len(grid.header), is_kept=True)
    looks = ["cell" if column in grid.words else "cell center" for column in range(len(grid.header))]
    for row, texts in zip(rows, grid.rows, strict=False):
        _write_row(row, texts, looks, is_kept=grid.is_kept and row is not rows[-1])
    if grid.total:
        _write_row(rows[-1], grid.total, ["cell total"] * len(grid.total), is_kept=False)
    _write(document.add_paragraph(), Line("", "cell"))


def _write_row(row: Any, texts: Sequence[str], looks: Sequence[str], is_kept: bool) -> None:
    """A row of a table; a kept one stays on one page with the row below."""
    for cell, text, look in zip(row.cells, texts, looks, strict=True):
        for number, part in enumerate(text.split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _write(paragraph, Line(part, look), _Place(before=1, after=1, keep=is_kept))
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _table(document: Any, rows: int, widths: Sequence[float], side: float) -> Any:
    """A table of fixed widths in the middle of the page whose rows never break over a page.

    `side`: millimetres left and right of a text.
    """
    table = document.add_table(rows, len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    table._tbl.tblPr.insert_element_before(_margins(side), "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _margins(side: float) -> Any:
    """Room left and right of the text in every cell of a table, in millimetres."""
    margins = OxmlElement("w:tblCellMar")
    for edge in ("left", "right"):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), str(Mm(side).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _next(cell: Any) -> Any:
    """The next empty paragraph of a cell; a new cell has one already."""
    is_fresh = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
    return cell.paragraphs[0] if is_fresh else cell.add_paragraph()


@dataclass(frozen=True, slots=True)
class _Place:
    """What a paragraph has apart from its look because of where it stands."""

    before: float = 0
    after: float | None = None
    keep: bool | None = None


def _write(paragraph: Any, line: Line, place: _Place = _Place()) -> None:
    look = LOOKS[line.look]
    if paragraph._p.pPr is None:
        paragraph._p.insert(0, deepcopy(_shape_of(look, place)))
    else:
        _shape(paragraph, look, place)
    if line.lead:
        _dress(paragraph.add_run(line.lead), LOOKS["subheading"])
    _dress(paragraph.add_run(line.text), look)
    if line.mark:
        _dress(paragraph.add_run(line.mark), LOOKS["officer"])


@cache
def _shape_of(look: Look, place: _Place) -> Any:
    """The properties of such a paragraph, to be copied: python-docx takes long to put them together."""
    paragraph = Paragraph(OxmlElement("w:p"), None)
    _shape(paragraph, look, place)
    return paragraph._p.pPr


def _shape(paragraph: Any, look: Look, place: _Place) -> None:
    shape = paragraph.paragraph_format
    shape.alignment = WD_PARAGRAPH_ALIGNMENT[look.align.upper()]
    shape.first_line_indent = Mm(look.indent)
    if look.left:
        shape.left_indent = Mm(look.left)
    shape.space_before, shape.space_after = Pt(place.before), Pt(look.after if place.after is None else place.after)
    shape.line_spacing = 1.0
    shape.keep_with_next = look.keep if place.keep is None else place.keep
    if look.level:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(look.level - 1))
        paragraph._p.get_or_add_pPr().append(level)


def _dress(run: Any, look: Look) -> None:
    run._r.insert(0, deepcopy(_dress_of(look)))


@cache
def _dress_of(look: Look) -> Any:
    """The properties of text with that look, to be copied."""
    font = Run(OxmlElement("w:r"), None).font
    font.size, font.bold, font.italic = Pt(look.size), look.bold, look.italic
    if look.marked:
        font.highlight_color = WD_COLOR_INDEX.YELLOW
    if look.red:
        font.color.rgb = _RED
    return font._element.rPr


def _rule(paragraph: Any, width: float, length: float) -> None:
    """A solid line of `length` in the middle of `width`: an almost empty paragraph with a border above."""
    shape = paragraph.paragraph_format
    side: Length = Mm((width - length) / 2)
    shape.left_indent = shape.right_indent = side
    shape.space_before, shape.space_after, shape.line_spacing = Pt(2), Pt(0), Pt(2)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)
    paragraph.add_run("").font.size = Pt(1)


def _empty_document() -> Any:
    """python-docx's own beginning, without the second, outdated set of styles that it carries for Word 2010."""
    document = Document()
    links = document.part.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("stylesWithEffects")]:
        del links[key]
    return document


def _save(document: Any, path: Path) -> None:
    loose = io.BytesIO()
    document.save(loose)
    with zipfile.ZipFile(loose) as source:
        write_archive(path, [(name, source.read(name)) for name in source.namelist()])
