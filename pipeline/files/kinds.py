"""What a file is by its first bytes, never by its extension; and which names say that a file is nobody's report."""

import re

SCANS = ("pdf", "image", "video")
READABLE = ("xlsx", "xlsm", "xlsb", "xls", "ods")

WORDS = {  # by which a sender knows the file again
    "pdf": "tệp PDF",
    "image": "ảnh",
    "video": "ảnh hoặc video",
    "rar": "tệp nén RAR",
    "7z": "tệp nén 7z",
    "word": "tệp Word",
    "slides": "tệp trình chiếu",
    "zip": "tệp nén",
    "outlook": "thư Outlook (.msg)",
    "mail": "thư điện tử",
    "html": "trang web (HTML)",
    "xml": "tệp XML",
    "text": "tệp văn bản hoặc CSV",
    "old-excel": "bảng tính Excel kiểu rất cũ",
    "other-office": "tài liệu văn phòng khác",
}
_MAGIC = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "word"),
    (b"\x09\x00\x04\x00", "old-excel"),
    (b"\x09\x02\x06\x00", "old-excel"),
    (b"\x09\x04\x06\x00", "old-excel"),
)
_PHOTOS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"WEBP")
_IGNORED = re.compile(
    r"(^|/)(~\$[^/]*|\.~lock[^/]*|\._[^/]*|Thumbs\.db|desktop\.ini|\.DS_Store|Icon\r|[^/]*\.(tmp|crdownload|part))$",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rb"(?:from|to|subject|date|received|return-path|mime-version|message-id|delivered-to|x-[a-z-]+|content-type):[ \t]",
    re.IGNORECASE,
)


def is_ignored(file: str) -> bool:
    """Lock files and leavings of the system, which are nobody's report."""
    return _IGNORED.search(file) is not None


def kind_of(data: bytes) -> str:
    """The kind of a file that is neither a zip nor a compound file; empty where nobody can tell."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[4:8] == b"ftyp" or data[:4] == b"RIFF":
        return "image" if data[8:12] in _PHOTOS else "video"
    return _kind_of_text(data)


def _kind_of_text(data: bytes) -> str:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if _MAIL.match(head):
        return "mail"
    if head.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in head:
        return "html"
    if head.startswith(b"<?xml"):
        return "xml"
    is_text = b"\x00" not in data[:4096] or data[:2] in (b"\xff\xfe", b"\xfe\xff")
    return "text" if is_text else ""
