"""What is said of each kind of file that is no form, with the very bytes: the sentence has to be true for that file."""

import gzip
import io
import struct
import tarfile
from collections.abc import Mapping

import pytest

from pipeline.declare.project import Project
from pipeline.evaluate import Evaluation
from pipeline.values.forms import Reading
from tests import corpus
from tests.binary_books import binary_book
from tests.builders import evaluate_folder, truthful
from tests.oddities.files import UNREADABLE
from tests.test_packages import CONTENT, LOCKED, MANIFEST, ODS, old_book, strict
from tests.test_strays import row

Told = Mapping[str, tuple[bytes, str, str]]  # by file name: the bytes, the code, words of its sentence

TYPES, ENCRYPTED, CORRUPT, LARGE = "file-type-unsupported", "file-encrypted", "file-corrupt", "file-too-large"
DOCX = corpus.packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
PHOTO = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(30_000)
BITMAP = b"BM" + struct.pack("<IHHIIiiHH", 1_000, 0, 0, 54, 40, 8, 8, 1, 24) + bytes(1_000)
LETTER = b"From: a@example.invalid\r\nTo: b@example.invalid\r\nSubject: BC\r\n\r\nKinh gui\r\n"
MAILBOX = b"From a@example.invalid Mon Sep 15 08:00:00 2025\n" + LETTER.replace(b"\r", b"") + b"\n"
EXCEL_2003 = (
    b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
)
FODS = (
    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    f' office:mimetype="{ODS}"/>'
).encode()
MHT = b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--"
SHORTCUT = b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F" + bytes(60)
LOCK = b"\6Can bo" + b" " * 48 + "Cán bộ".encode("utf-16-le").ljust(110, b" ")


def forwarded(form: bytes) -> bytes:
    """A letter that has a letter with a form in it attached."""
    head = b"From: a@example.invalid\r\nTo: b@example.invalid\r\nMIME-Version: 1.0\r\n"
    outer = head + b"Content-Type: multipart/mixed; boundary=z\r\n\r\n"
    inner = b"--z\r\nContent-Type: message/rfc822\r\n\r\n" + corpus.mail({"bieu.xlsx": form}) + b"\r\n--z--\r\n"
    return outer + inner


def in_a_tar(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("bieu.xlsx")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def files_told(form: bytes) -> Told:
    """Every reason for which a file is refused, with a file for each."""
    far = b"".join(b'<row r="%d"><c r="B%d"><v>1</v></c></row>' % (n, n) for n in range(300_000, 301_500))
    return {
        "loi tat.lnk": (SHORTCUT, TYPES, "là lối tắt (shortcut), không phải chính tệp đó"),
        "trang.url": (b"[InternetShortcut]\r\nURL=https://example.invalid/a.xlsx\r\n", TYPES, "là lối tắt"),
        "bieu.gsheet": (b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}', TYPES, "tài liệu trên Google"),
        "bmnv.txt": ("BM nhiệm vụ quý III\nđã làm\n".encode(), TYPES, "là tệp văn bản hoặc CSV"),
        "pk.txt": (b"PK: phong kham\n", TYPES, "là tệp văn bản hoặc CSV"),
        "mz.txt": (b"MZ va cac so khac\n", TYPES, "là tệp văn bản hoặc CSV"),
        "ngay.txt": (b"Date: 12/9, hop giao ban\nnoi dung\n", TYPES, "là tệp văn bản hoặc CSV"),
        "bang.xlsx": ("Mã;Giá trị\nCT01;5\n".encode(), TYPES, "là tệp văn bản hoặc CSV"),
        "unicode.xls": ("Mã\tGiá trị\n".encode("utf-16"), TYPES, "là tệp văn bản hoặc CSV"),
        "anh.bmp": (BITMAP, TYPES, "là ảnh,"),
        "anh.jpg": (PHOTO, TYPES, "là ảnh,"),
        "anh.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(50), TYPES, "là ảnh,"),
        "phim.mp4": (b"\0\0\0\x18ftypisom", TYPES, "là ảnh hoặc video"),
        "ghi am.m4a": (b"\0\0\0\x18ftypM4A ", TYPES, "là tệp âm thanh"),
        "ban ky.pdf": (b"%PDF-1.7\n%scan", TYPES, "là tệp PDF"),
        "bieu.docx": (DOCX, TYPES, "là tệp Word"),
        "bieu.doc": (corpus.compound("WordDocument"), TYPES, "là tệp Word"),
        "trinh chieu.pptx": (corpus.packed({"[Content_Types].xml": "", "ppt/p.xml": ""}), TYPES, "tệp trình chiếu"),
        "so do.vsdx": (
            corpus.packed({"[Content_Types].xml": "", "visio/d.xml": ""}),
            TYPES,
            "tệp của chương trình khác",
        ),
        "Bang.numbers": (
            corpus.packed({"Index/Document.iwa": b"x", "preview.jpg": PHOTO}),
            TYPES,
            "Numbers, Pages hoặc",
        ),
        "bieu.xlsx.gz": (gzip.compress(form), TYPES, "là tệp nén kiểu khác (không phải .zip)"),
        "bieu.tar": (in_a_tar(form), TYPES, "là tệp nén kiểu khác (không phải .zip)"),
        "bieu.rar": (b"Rar!\x1a\x07\x01\0" + bytes(20), TYPES, "là tệp nén RAR"),
        "bieu.7z": (b"7z\xbc\xaf\x27\x1c\0\4" + bytes(20), TYPES, "là tệp nén 7z"),
        "hai bieu.zip": (corpus.packed({"a.xlsx": form, "b.xlsx": form}), TYPES, "có 2 bảng tính bên trong (chỉ nhận"),
        "van ban.zip": (corpus.packed({"a.docx": DOCX}), TYPES, "là tệp nén không có bảng tính nào bên trong"),
        "long.zip": (corpus.packed({"a.xlsx.gz": gzip.compress(form)}), TYPES, "là tệp nén chứa tệp nén khác"),
        "quet.zip": (corpus.packed({"trang 1.jpg": PHOTO}), TYPES, "chỉ có bản chụp hoặc bản PDF, không có bảng tính"),
        "khoa.zip": (locked_zip(form), ENCRYPTED, "được mã hóa bằng mật khẩu"),
        "thu.eml": (LETTER, TYPES, "là thư điện tử không có bảng tính nào bên trong"),
        "chuyen tiep.eml": (forwarded(form), TYPES, "là thư điện tử có thư khác đính kèm"),
        "hop thu.mbox": (MAILBOX * 3, TYPES, "là hộp thư nhiều thư không có bảng tính nào bên trong"),
        "thu.msg": (corpus.compound("__properties_version1.0"), TYPES, "là thư Outlook (.msg)"),
        "winmail.dat": (b"x\x9f\x3e\x22" + bytes(40), TYPES, "winmail.dat"),
        "trang.xls": (b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table>", TYPES, "là trang web (HTML)"),
        "trang.mht": (MHT, TYPES, "là trang web lưu một tệp (MHT)"),
        "2003.xml": (EXCEL_2003, TYPES, "là bảng tính lưu dạng XML của Excel 2003"),
        "bieu.fods": (FODS, TYPES, "là bảng tính OpenDocument dạng XML (.fods)"),
        "a.xml": (b'<?xml version="1.0"?><a/>', TYPES, "là tệp XML"),
        "rat cu.xls": (b"\x09\x00\x04\x00\x02\x00\x10\x00", TYPES, "là bảng tính Excel kiểu rất cũ"),
        "du lieu.mdb": (b"\0\1\0\0Standard Jet DB\0" + bytes(40), TYPES, "là cơ sở dữ liệu"),
        "cai dat.exe": (b"MZ\x90\0" + bytes(80), TYPES, "là chương trình máy tính"),
        "khoa.xlsx": (corpus.compound("EncryptionInfo", "EncryptedPackage"), ENCRYPTED, "được mã hóa bằng mật khẩu"),
        "khoa.xls": (UNREADABLE["xls-with-password"][0], ENCRYPTED, "được mã hóa bằng mật khẩu"),
        "khoa.ods": (
            corpus.packed(
                {"mimetype": ODS, "META-INF/manifest.xml": MANIFEST.format("", LOCKED, ""), "content.xml": b"\1"}
            ),
            ENCRYPTED,
            "được mã hóa bằng mật khẩu",
        ),
        "rong.xlsx": (b"", CORRUPT, "tệp rỗng, 0 byte"),
        "cut.xlsx": (form[: len(form) // 2], CORRUPT, "tệp bị hỏng hoặc chưa tải về hết"),
        "nhieu.xlsx": (bytes(range(256)) * 8, CORRUPT, "không nhận ra đây là loại tệp gì"),
        "hai lan.xlsx": (
            corpus.book('<row r="1"><c r="A1"><v>5</v></c><c r="A1"><v>7</v></c></row>'),
            CORRUPT,
            "ô A1 được ghi hai lần",
        ),
        "doctype.xlsx": (corpus.hostile(form)["outside-entity"], CORRUPT, "cấu trúc bên trong không an toàn"),
        "khong sheet.xlsx": (corpus.hostile(form)["no-sheets"], CORRUPT, "tệp không còn sheet nào"),
        "nang.xlsx": (bytes(31_000_000), LARGE, "tệp nặng 31 MB"),
        "o xa.xlsx": (
            corpus.changed(form, corpus.FIGURES, corpus.with_rows(far)),
            LARGE,
            "1500 ô ghi ở rất xa ngoài bảng, đầu tiên là ô B300000",
        ),
        "bang rieng.xlsx": (
            corpus.book('<row r="1"><c r="A1"><v>1</v></c></row>'),
            "not-a-form",
            "Bảng tính này không phải biểu mẫu báo cáo (có các sheet “S”)",
        ),
        "bang rieng.ods": (
            corpus.packed({"mimetype": ODS, "content.xml": CONTENT}),
            "not-a-form",
            "Bảng tính này không phải",
        ),
        "bang rieng.xls": (corpus.compound("Workbook", stream=old_book()), "not-a-form", "Bảng tính này không phải"),
        "bang rieng.xlsb": (binary_book(row(0)), "not-a-form", "Bảng tính này không phải"),
    }


def locked_zip(form: bytes) -> bytes:
    """A zip whose only file is marked as locked."""
    data = bytearray(corpus.packed({"bieu.xlsx": form}))
    data[6] |= 1
    data[data.rindex(b"PK\1\2") + 8] |= 1
    return bytes(data)


def forms_read(form: bytes) -> Mapping[str, bytes]:
    """A form under names and in wrappings in which it is a form all the same."""
    mailbox = b"From a@example.invalid Mon Sep 15 08:00:00 2025\n" + corpus.mail({"bieu.xlsx": form}) + b"\n"
    return {
        **{f"bieu.{ending}": form for ending in ("xlsx", "tmp", "zip", "xls", "partial", "crdownload", "pdf", "bak")},
        "khong duoi": form,
        "20250915": form,
        "bieu.xlsm": corpus.added(form, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}),
        "strict.xlsx": strict(form),
        "nen.zip": corpus.packed({"BC/bieu.tmp": form, "__MACOSX/BC/._bieu.xlsx": b"\0\5\26\7"}),
        "thu.eml": corpus.mail({"bieu.xlsx": form}),
        "hop thu.mbox": MAILBOX + mailbox,
    }


def leavings(form: bytes) -> Mapping[str, tuple[bytes, str]]:
    """Files that programs leave beside the real ones, and words of what is said of each."""
    half = form[: len(form) // 2]
    return {
        "~$bieu.xlsx": (LOCK, "Tệp khóa của Excel"),
        ".~lock.bieu.xlsx#": (b",can bo,may,15.09.2025 08:00,file:///x;", "Tệp khóa"),
        "~WRL0001.tmp": (half, "Bản lưu tạm của Excel"),
        "1A2B3C4D.tmp": (form, "Bản lưu tạm của Excel"),
        "5E6F7A8B": (form, "Bản lưu tạm của Excel"),
        "bieu.xlsx.crdownload": (half, "đang tải dở"),
        "bieu.xlsx.partial": (half, "đang tải dở"),
        "bieu.tmp": (b"\0", "Tệp tạm"),
        ".DS_Store": (b"\0\0\0\1Bud1", "Tệp của hệ thống"),
        "Thumbs.db": (corpus.compound("Catalog"), "Tệp của hệ thống"),
        "._bieu.xlsx": (b"\0\5\26\7", "Tệp của hệ thống"),
    }


@pytest.fixture(scope="module")
def form(project: Project, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return truthful(project, "XA-vinh-thai").save(tmp_path_factory.mktemp("form")).read_bytes()


@pytest.fixture(scope="module")
def judged(project: Project, form: bytes, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """A folder with all of them."""
    folder = tmp_path_factory.mktemp("told")
    files = {f"tra/{name}": data for name, (data, _, _) in files_told(form).items()}
    files |= {f"nhan/{name}": data for name, data in forms_read(form).items()}
    files |= {f"bo/{name}": data for name, (data, _) in leavings(form).items()}
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return evaluate_folder(folder, project)


def reading_of(judged: Evaluation, file: str) -> Reading:
    [reading] = [reading for reading in judged.settlement.readings if reading.file == file]
    return reading


def state_of(judged: Evaluation, file: str) -> tuple[str, str]:
    """State and reason in the list of submissions."""
    at = [reading.file for reading in judged.settlement.readings].index(file)
    decision = judged.settlement.versions.decisions[at]
    return decision.state, decision.reason


def test_of_each_file_the_sentence_is_true(project: Project, judged: Evaluation, form: bytes) -> None:
    for name, (_, code, words) in files_told(form).items():
        [problem] = [problem for problem in judged.problems if problem.file == f"tra/{name}" and problem.code != "late"]
        parts = project.catalogue.parts(problem, None, project.form, judged.settlement.period)
        assert (problem.code, words in parts[0]) == (code, True), (name, problem.code, parts[0])
        assert not reading_of(judged, f"tra/{name}").is_form, name


def test_a_form_is_read_whatever_its_name_and_wrapping(judged: Evaluation, form: bytes) -> None:
    tables = reading_of(judged, "nhan/bieu.xlsx").tables
    for name in forms_read(form):
        reading = reading_of(judged, f"nhan/{name}")
        assert reading.is_form and reading.tables == tables, name


def test_what_programs_leave_is_named_and_asks_nothing(judged: Evaluation, form: bytes) -> None:
    for name, (_, words) in leavings(form).items():
        state, reason = state_of(judged, f"bo/{name}")
        assert state == "not-a-form" and words in reason, (name, state, reason)
        assert not [problem for problem in judged.problems if problem.file == f"bo/{name}"], name


def test_every_code_of_a_file_that_is_opened_is_among_them(form: bytes) -> None:
    assert {code for _, code, _ in files_told(form).values()} == {TYPES, ENCRYPTED, CORRUPT, LARGE, "not-a-form"}
