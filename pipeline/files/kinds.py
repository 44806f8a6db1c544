"""What a file is by its first bytes, never by its extension, in words by which its sender knows it again."""

import struct

from pipeline.files.texts import kind_of_text

SCANS = ("pdf", "image", "video")
READABLE = ("xlsx", "xlsm", "xlsb", "xls", "ods")
ARCHIVES = ("zip", "rar", "7z", "archive", "winmail")
"""In which a workbook may be that we do not see."""
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK")

WORDS = {
    "pdf": "tệp PDF",
    "image": "ảnh",
    "video": "ảnh hoặc video",
    "sound": "tệp âm thanh",
    "rar": "tệp nén RAR",
    "7z": "tệp nén 7z",
    "archive": "tệp nén kiểu khác (không phải .zip)",
    "zip": "tệp nén",
    "word": "tệp Word",
    "slides": "tệp trình chiếu",
    "outlook": "thư Outlook (.msg)",
    "winmail": "tệp đính kèm của Outlook (winmail.dat)",
    "mail": "thư điện tử",
    "html": "trang web (HTML), dù tên tệp có thể là .xls",
    "web-archive": "trang web lưu một tệp (MHT)",
    "xml": "tệp XML",
    "excel-xml": "bảng tính lưu dạng XML của Excel 2003",
    "fods": "bảng tính OpenDocument dạng XML (.fods)",
    "iwork": "tệp Numbers, Pages hoặc Keynote của Apple",
    "text": "tệp văn bản hoặc CSV",
    "shortcut": "lối tắt (shortcut), không phải chính tệp đó",
    "google": "lối tắt tới tài liệu trên Google, không phải chính tệp đó",
    "program": "chương trình máy tính",
    "database": "cơ sở dữ liệu",
    "old-excel": "bảng tính Excel kiểu rất cũ",
    "other-office": "tệp của chương trình khác",
}
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"8BPS", "image"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "archive"),  # .gz
    (b"\x1f\x9d", "archive"),  # .Z
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),  # .zst
    (b"MSCF\x00", "archive"),  # .cab
    (b"x\x9f\x3e\x22", "winmail"),
    (b"{\\rtf", "word"),
    (b"\x09\x00\x04\x00", "old-excel"),
    (b"\x09\x02\x06\x00", "old-excel"),
    (b"\x09\x04\x06\x00", "old-excel"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),  # .lnk
    (b"bplist00", "shortcut"),  # .webloc, in which macOS keeps an address
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),  # Access
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"#!AMR", "sound"),
)
_PHOTOS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"WEBP")
_SOUNDS = (b"M4A ", b"M4B ", b"WAVE")
_BITMAP_HEADS = (12, 40, 52, 56, 64, 108, 124)  # bytes; a text that begins with BM has letters there


def kind_of(data: bytes) -> str:
    """The kind of a file that is neither a zip nor a compound file; empty where nobody can tell."""
    if _is_bitmap(data):
        return "image"
    if data[257:262] == b"ustar":
        return "archive"
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return "program"
    if data[4:8] == b"ftyp" or data[:4] == b"RIFF":
        brand = data[8:12]
        return "image" if brand in _PHOTOS else "sound" if brand in _SOUNDS else "video"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "") or kind_of_text(data)


def _is_bitmap(data: bytes) -> bool:
    return data.startswith(b"BM") and len(data) > 18 and struct.unpack_from("<I", data, 14)[0] in _BITMAP_HEADS
