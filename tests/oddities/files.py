"""Whole files that are no report to be counted, of many kinds, each with the codes that say so.

Beside good forms they change nothing.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from pipeline.declare.project import Project
from tests import corpus
from tests.builders import Draft, Spoil, truthful
from tests.contract import ACTIVITIES, CARD, FIGURES, REQUESTS, TASKS
from tests.oddities.edits import delete_quantity, delete_sheet, fill_copy

Files = Mapping[str, tuple[bytes, frozenset[str]]]  # content and allowed codes by file name

_REFUSED = frozenset({"file-corrupt", "file-too-large", "file-type-unsupported", "file-encrypted"})
_IGNORED = (
    "~$Báo cáo.xlsx",
    "bieu.tmp",
    "Thumbs.db",
    "desktop.ini",
    ".~lock.a.xlsx#",
    ".DS_Store",
    "._Vinh Thai.xlsx",
    "tai ve.xlsx.crdownload",
)


UNREADABLE = {
    "empty": (b"", "empty", "file-corrupt"),
    "pdf": (b"%PDF-1.7\n", "pdf", "file-type-unsupported"),
    "photo": (b"\xff\xd8\xff\xe0", "image", "file-type-unsupported"),
    "phone-photo": (b"\0\0\0\x18ftypheic", "image", "file-type-unsupported"),
    "film": (b"\0\0\0\x18ftypisom", "video", "file-type-unsupported"),
    "rar": (b"Rar!\x1a\x07", "rar", "file-type-unsupported"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "7z", "file-type-unsupported"),
    "csv-named-xls": ("Mã;Giá trị\nCT01;5\n".encode(), "text", "file-type-unsupported"),
    "unicode-text-named-xls": ("Mã\tGiá trị\n".encode("utf-16"), "text", "file-type-unsupported"),
    "html-named-xls": (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table>", "html", "file-type-unsupported"),
    "xml-spreadsheet": (b'<?xml version="1.0"?><Workbook/>', "xml", "file-type-unsupported"),
    "rtf": (b"{\\rtf1", "word", "file-type-unsupported"),
    "docx": (corpus.packed({"[Content_Types].xml": "", "word/document.xml": ""}), "word", "file-type-unsupported"),
    "pptx": (corpus.packed({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "slides", "file-type-unsupported"),
    "odt": (corpus.packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "word", "file-type-unsupported"),
    "doc": (corpus.compound("WordDocument"), "word", "file-type-unsupported"),
    "msg": (corpus.compound("__nameid_version1.0"), "outlook", "file-type-unsupported"),
    "encrypted-xlsx": (corpus.compound("EncryptionInfo", "EncryptedPackage"), "encrypted", "file-encrypted"),
    "xls-with-password": (
        corpus.compound("Workbook", stream=struct.pack("<HHHH12xHHHHH", 0x809, 16, 0x600, 5, 0x2F, 6, 1, 0, 0)),
        "xls",
        "file-encrypted",
    ),
    "encrypted-ods": (
        corpus.packed(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": "<m><encryption-data/></m>",
            }
        ),
        "ods",
        "file-encrypted",
    ),
    "very-old-excel": (b"\x09\x00\x04\x00\x02\x00\x10\x00", "old-excel", "file-type-unsupported"),
    "noise": (bytes(range(1, 256)) + bytes(100), "unknown", "file-corrupt"),
}


REFUSED: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "case 34: a table in Word": (
        "bc_docx",
        lambda form: corpus.packed({"[Content_Types].xml": "", "word/document.xml": ""}),
        "file-type-unsupported",
    ),
    "case 34: a table of their own in Excel": (
        "bc_xlsx",
        lambda form: corpus.book('<row r="1"><c r="A1"><v>12</v></c></row>'),
        "not-a-form",
    ),
    "case 35: a scan": ("bc_pdf", lambda form: b"%PDF-1.7\n", "file-type-unsupported"),
    "case 35: a photograph": ("bc_jpg", lambda form: b"\xff\xd8\xff\xe0", "file-type-unsupported"),
    "case 36: a csv named xls": ("bc_xls", lambda form: "Mã;Giá trị\nCT01;5\n".encode(), "file-type-unsupported"),
    "case 37: a password": (
        "bc_xlsx",
        lambda form: corpus.compound("EncryptionInfo", "EncryptedPackage"),
        "file-encrypted",
    ),
    "case 40: nothing at all": ("bc_xlsx", lambda form: b"", "file-corrupt"),
    "case 40: cut short": ("bc_xlsx", lambda form: form[: len(form) // 2], "file-corrupt"),
    "case 40: a zip of two": (
        "bc_zip",
        lambda form: corpus.packed({"a.xlsx": form, "b.xlsx": form}),
        "file-type-unsupported",
    ),
    "case 40: a rar": ("bc_rar", lambda form: b"Rar!\x1a\x07", "file-type-unsupported"),
}

PAGES = b"\xff\xd8\xff\xe0" + bytes(40_000)
SIGNED: dict[str, bytes] = {
    "BC xã Vĩnh Thái.pdf": b"%PDF-1.7",
    "BC Vinh Thai quy III.zip": corpus.packed({"trang 1.jpg": PAGES, "trang 2.jpg": PAGES}),
    "scan0001.zip": corpus.packed(
        {
            "BC/Vĩnh Thái - ký.pdf": b"%PDF-1.7",
            "BC/Công văn.docx": corpus.packed({"[Content_Types].xml": "", "word/document.xml": ""}),
        }
    ),
    "Fwd bao cao.eml": corpus.mail({"UBND xa Vinh Thai.pdf": b"%PDF-1.7", "logo.png": b"\x89PNG"}),
}


def odd_files(project: Project, good: bytes, folder: Path) -> dict[str, tuple[bytes, frozenset[str]]]:
    """File name → content and the codes of which it has to get one; no code where a line in the list is enough.

    `good` is a form of a unit that has a truthful form in the folder; `folder` is for scratch files.
    """
    files = {f"loai/{name}.xls": (data, frozenset({code})) for name, (data, _, code) in UNREADABLE.items()}
    files |= {
        f"hai/{name}.xlsx": (data, frozenset({"duplicate-file"}) if name in corpus.HARMLESS else _REFUSED)
        for name, data in corpus.hostile(good).items()
    }
    files |= {f"he thong/{name}": (b"\0\1\2", frozenset()) for name in _IGNORED}
    files |= {
        f"cut/{number:02}.xlsx": (data, _REFUSED) for number, data in enumerate(list(corpus.truncated(good))[::8])
    }
    files |= {name: (data, frozenset({"duplicate-file"})) for name, data in _copies(good).items()}
    files |= {name: (data, frozenset({"file-type-unsupported"})) for name, data in _wrapped(good).items()}
    files |= {name: (data, frozenset({"not-a-form"})) for name, data in _own_tables().items()}
    files |= {file: (data, frozenset({code})) for file, data, code in _returned_forms(project, folder)}
    return files


def _copies(good: bytes) -> dict[str, bytes]:
    """The good form once more: nothing in it is new."""
    return {
        "lap/BC Q3.xlsx": good,
        "lap/doi duoi.xls": good,
        "lap/nen.zip": corpus.packed({"BC/Vinh Thai.xlsx": good, "Thumbs.db": b"x", "anh.jpg": b"\xff\xd8\xff"}),
        "lap/thu.eml": corpus.mail({"bao cao.xlsx": good}),
        "lap/dong trong.xlsx": corpus.changed(
            good, corpus.ACTIVITIES, corpus.with_rows(corpus.blank_rows(1_000, 100_000))
        ),
        "lap/o xa.xlsx": corpus.changed(
            good, corpus.FIGURES, corpus.with_rows(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')
        ),
    }


def _wrapped(good: bytes) -> dict[str, bytes]:
    return {
        "nen/hai bieu.zip": corpus.packed({"a.xlsx": good, "b.xlsx": good}),
        "nen/nen trong nen.zip": corpus.packed({"a.zip": corpus.packed({"a.xlsx": good})}),
        "nen/chi anh.zip": corpus.packed({"a.png": b"\x89PNG"}),
        "nen/khong dinh kem.eml": corpus.mail({}),
        "nen/hai dinh kem.eml": corpus.mail({"a.xlsx": good, "b.xlsx": good}),
        "scan/Vĩnh Thái ký.pdf": b"%PDF-1.4\n%scan",
        "scan/Vinh Tu.jpg": b"\xff\xd8\xff\xe0scan",
        "scan/Công văn.doc": corpus.compound("WordDocument"),
    }


def _own_tables() -> dict[str, bytes]:
    table, empty, picture = Workbook(), Workbook(), Workbook()
    for row in (["UBND xã Vĩnh Thái"], ["STT", "Nội dung", "Số lượng"], [1, "Tin bài", 12]):
        table.worksheets[0].append(row)
    picture.worksheets[0]["A1"] = "Xem ảnh"
    files = {}
    for name, book in {"bang tu lap": table, "trang": empty, "chi co anh": picture}.items():
        buffer = BytesIO()
        book.save(buffer)
        files[f"tu lap/{name}.xlsx"] = buffer.getvalue()
    return files


def _add_second_card(draft: Draft) -> Draft:
    def edit(book: Workbook) -> None:
        card = book.copy_worksheet(book[CARD])
        card[draft.at("card", "unit_id")], card[draft.at("card", "unit_name")] = "P-tu-phap", "Phòng Tư pháp"

    return draft.edited(edit)


_OF_6T = {"date_from": "15/12/2024", "date_to": "14/6/2025"}

# A whole form, spoilt so that none of it may count.
RETURNED: dict[str, tuple[Spoil, str]] = {
    "sai ky": (lambda draft: draft.card(period="6t", **_OF_6T), "period-mismatch"),
    "9 thang": (
        lambda draft: draft.card(period="9 tháng", date_from="01/01/2025", date_to="30/9/2025"),
        "period-mismatch",
    ),
    "nam truoc": (lambda draft: draft.card(year=2024, date_from="15/6/2024", date_to="14/9/2024"), "period-mismatch"),
    "khong ky": (lambda draft: draft.card(period=None, **_OF_6T), "period-mismatch"),
    "bieu cu": (lambda draft: draft.card(form_version="v0").hidden(form_version="v0"), "form-outdated"),
    "khong phien ban": (lambda draft: draft.card(form_version=None).hidden(form_version=None), "form-outdated"),
    "ma la": (lambda draft: draft.card(unit_id="XA-dau-do", unit_name=None), "unit-unknown"),
    "ten gan giong": (lambda draft: draft.card(unit_id=None, unit_name="Xã Vĩnh Thày"), "unit-unknown"),
    "khong ten": (lambda draft: draft.card(unit_id=None, unit_name=None), "unit-unknown"),
    "ten cu": (lambda draft: draft.card(unit_id=None, unit_name="Xã Vĩnh Kim"), "unit-not-valid"),
    "ma cua don vi khac": (lambda draft: draft.card(unit_id="P-tu-phap", unit_name=None), "unit-mismatch"),
    "hai don vi": (_add_second_card, "sheet-ambiguous"),
    "thieu thong tin": (lambda draft: draft.edited(delete_sheet(CARD)), "sheet-missing"),
    "thieu bieu 1": (lambda draft: draft.edited(delete_sheet(TASKS)), "sheet-missing"),
    "thieu bieu 2": (lambda draft: draft.edited(delete_sheet(FIGURES)), "sheet-missing"),
    "thieu bieu 3": (lambda draft: draft.edited(delete_sheet(ACTIVITIES)), "sheet-missing"),
    "thieu bieu 4": (lambda draft: draft.edited(delete_sheet(REQUESTS)), "sheet-missing"),
    "hai bieu 3": (lambda draft: draft.edited(fill_copy), "sheet-ambiguous"),
    "thieu cot": (lambda draft: draft.edited(delete_quantity), "column-missing"),
}


def _returned_forms(project: Project, folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for name, (spoil, code) in RETURNED.items():
        draft = replace(spoil(truthful(project, "XA-vinh-thai")), file=f"{name}.xlsx")
        yield f"tra lai/{name}.xlsx", draft.save(folder).read_bytes(), code
