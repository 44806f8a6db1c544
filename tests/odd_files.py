"""Whole files that are no report to be counted, of many kinds, each with the codes that say so; beside good forms they change nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from pipeline.declare.project import Project
from tests import corpus
from tests.builders import Draft, Spoil, truthful
from tests.test_locate import ACTIVITIES, CARD, FIGURES, REQUESTS, TASKS, delete_quantity, delete_sheet, fill_copy
from tests.test_look import UNREADABLE, compound

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


def odd_files(project: Project, good: bytes, folder: Path) -> dict[str, tuple[bytes, frozenset[str]]]:
    """File name → content and the codes of which it has to get one; no code where a line in the list is enough.

    `good` is a form of a unit that has a truthful form in the folder; `folder` is for scratch files.
    """
    files = {f"loai/{name}.xls": (data, frozenset({code})) for name, (data, _, code) in UNREADABLE.items()}
    files |= {f"hai/{name}.xlsx": (data, _REFUSED) for name, data in corpus.hostile(good).items()}
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
        "scan/Công văn.doc": compound("WordDocument"),
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


# A whole form, spoilt so that none of it may count.
RETURNED: dict[str, tuple[Spoil, str]] = {
    "sai ky": (lambda draft: draft.card(period="6t"), "period-mismatch"),
    "9 thang": (lambda draft: draft.card(period="9 tháng"), "period-mismatch"),
    "nam truoc": (lambda draft: draft.card(year=2024), "period-mismatch"),
    "khong ky": (lambda draft: draft.card(period=None), "period-mismatch"),
    "bieu cu": (lambda draft: draft.card(form_version="v0"), "form-outdated"),
    "khong phien ban": (lambda draft: draft.card(form_version=None), "form-outdated"),
    "ma la": (lambda draft: draft.card(unit_id="XA-dau-do", unit_name=None), "unit-unknown"),
    "ten gan giong": (lambda draft: draft.card(unit_id=None, unit_name="Xã Vĩnh Thày"), "unit-unknown"),
    "khong ten": (lambda draft: draft.card(unit_id=None, unit_name=None), "unit-unknown"),
    "ten cu": (lambda draft: draft.card(unit_id=None, unit_name="Xã Vĩnh Kim"), "unit-not-valid"),
    "ma mot dang ten mot neo": (lambda draft: draft.card(unit_name="Phòng Tư pháp"), "unit-mismatch"),
    "hai don vi": (_add_second_card, "sheet-ambiguous"),
    "thieu thong tin": (lambda draft: draft.edited(delete_sheet(CARD)), "sheet-missing"),
    "thieu bieu 1": (lambda draft: draft.edited(delete_sheet(TASKS)), "sheet-missing"),
    "thieu bieu 2": (lambda draft: draft.edited(delete_sheet(FIGURES)), "sheet-missing"),
    "thieu bieu 3": (lambda draft: draft.edited(delete_sheet(ACTIVITIES)), "sheet-missing"),
    "thieu bieu 4": (lambda draft: draft.edited(delete_sheet(REQUESTS)), "sheet-missing"),
    "hai bieu 3": (lambda draft: draft.edited(fill_copy), "sheet-ambiguous"),
    "thieu cot": (lambda draft: draft.edited(delete_quantity), "column-missing"),
    "lan gui la": (lambda draft: draft.card(revision="hai").figure("CT08", 77), "revision-conflict"),
}


def _returned_forms(project: Project, folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for name, (spoil, code) in RETURNED.items():
        draft = replace(spoil(truthful(project, "XA-vinh-thai")), file=f"{name}.xlsx")
        yield f"tra lai/{name}.xlsx", draft.save(folder).read_bytes(), code
