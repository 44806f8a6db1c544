"""Which kind of text a file is: a letter, a page, a shortcut, a table with mere separators, or no text at all."""

import re

_LOOKED_AT = 8_192  # bytes
_HEADERS = re.compile(
    rb"^(?:from|to|cc|subject|date|received|return-path|mime-version|message-id|delivered-to|x-[a-z-]+|content-type"
    rb"|snapshot-content-location):[ \t]",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER = re.compile(rb"^(?:from|to|subject|received|return-path|delivered-to):[ \t]", re.IGNORECASE | re.MULTILINE)
_WEB_ARCHIVE = re.compile(rb"^(?:x-document-type: workbook|snapshot-content-location:|from: <saved by )", re.I | re.M)
MAILBOX = re.compile(rb"^From \S+ .*\d{4}\r?$", re.MULTILINE)
"""The line before each letter of a mailbox."""
_PAGES = (b"<html", b"<!doctype html", b"<table")
_GOOGLE = (b"docs.google.com", b"drive.google.com", b'"doc_id"', b'"resource_id"')
_SHORTCUTS = (b"[internetshortcut]", b"[desktop entry]")
_BESIDE_LETTERS = bytes({*range(32)} - {9, 10, 12, 13, 26, 27})


def kind_of_text(data: bytes) -> str:
    """The kind of a file whose first bytes are no sign of any; empty where it is no text."""
    head = _narrow(data[:_LOOKED_AT])
    if len(head.translate(None, _BESIDE_LETTERS)) < 0.98 * len(head) or b"\x00" in head:
        return ""
    return _kind_of_letter(head) or _kind_of_page(head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()) or "text"


def _narrow(head: bytes) -> bytes:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore").encode(errors="ignore")
    return head


def _kind_of_letter(head: bytes) -> str:
    """A letter has two lines of its head at least; a line of somebody's text may look like one."""
    if MAILBOX.match(head):
        return "mail"
    top = head.lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if not _HEADERS.match(top) or len(_HEADERS.findall(top)) < 2:
        return ""
    return "web-archive" if _WEB_ARCHIVE.search(top) or not _LETTER.search(top) else "mail"


def _kind_of_page(head: bytes) -> str:
    if head.startswith(_SHORTCUTS) or (b"<plist" in head and b"<key>url</key>" in head):
        return "shortcut"
    if head.startswith(b"{") and any(sign in head for sign in _GOOGLE):
        return "google"
    if head.startswith(_PAGES) or b"<html" in head:
        return "html"
    if head.startswith((b"<?xml", b"<workbook", b"<office:document")):
        return _kind_of_xml(head)
    return "image" if head.startswith(b"<svg") else ""


def _kind_of_xml(head: bytes) -> str:
    if b'progid="excel.sheet"' in head or b"schemas-microsoft-com:office:spreadsheet" in head:
        return "excel-xml"
    if b'progid="word.document"' in head or b"<pkg:package" in head:
        return "word"
    if b"<office:document" in head:
        return "fods" if b"opendocument.spreadsheet" in head else "other-office"
    return "image" if b"<svg" in head else "xml"
