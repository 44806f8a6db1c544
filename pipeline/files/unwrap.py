"""A zip or a mail message that holds exactly one workbook is opened, one level deep; any other is named and refused."""

import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.files.findings import Look, RefusedError
from pipeline.files.kinds import ARCHIVES, READABLE, SCANS
from pipeline.files.leavings import leaving
from pipeline.files.limits import Limits
from pipeline.files.look import look, refused, unsupported
from pipeline.files.machine import is_of_machine
from pipeline.files.package import member
from pipeline.files.texts import MAILBOX

_WRAPPERS = {"zip": "tệp nén", "mail": "thư điện tử"}
_MAILBOX = "hộp thư nhiều thư"
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et")
_UTF8 = 0x800
_LETTER = "\0letter"  # in the place of the name of a letter that is attached to another
_LOGO = 20_000  # bytes; pictures in the signature of a mail are smaller, photographs of a page are not


def look_inside(data: bytes, limits: Limits, unread: Collection[str] = ()) -> tuple[Look, bytes]:
    """The look at a file, or at the one workbook wrapped in it, and the bytes of that workbook.

    Nobody looks at the sheets named in `unread`.
    """
    seen = look(data, limits, unread)
    if seen.code != "file-type-unsupported" or seen.kind not in _WRAPPERS:
        return seen, data
    try:
        inside = list(_members(seen.kind, data, limits))
    except RefusedError as error:
        return refused(seen.kind, error), data
    except Exception as error:  # a broken archive or message, in any of the ways in which its parser may fail
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and is_of_machine(error)):
            raise
        is_locked = type(error) is RuntimeError and seen.kind == "zip"
        return refused(seen.kind, RefusedError("file-encrypted" if is_locked else "file-corrupt")), data
    members = [_Member(name, content, look(content, limits, unread)) for name, content in inside]
    books = [member for member in members if member.is_workbook]
    if len(books) != 1:
        is_box = seen.kind == "mail" and len(_letters(data, limits)) > 1
        return _without_workbook(seen.kind, _MAILBOX if is_box else _WRAPPERS[seen.kind], members, len(books)), data
    found = books[0].look
    kind = f"{seen.kind}:{found.kind}" if found.kind != seen.kind else seen.kind
    return replace(found, kind=kind), books[0].content


class _Member(NamedTuple):
    """One file in a zip, or one attachment of a message."""

    name: str
    content: bytes
    look: Look

    @property
    def is_workbook(self) -> bool:
        kind = self.look.kind
        return kind in READABLE or kind == "encrypted" or self.name.casefold().endswith(_SPREADSHEETS)

    @property
    def is_scan(self) -> bool:
        return self.look.kind == "pdf" or (self.look.kind in SCANS and len(self.content) > _LOGO)


def _without_workbook(kind: str, wrapper: str, members: Sequence[_Member], count: int) -> Look:
    """A wrapper that holds no workbook, or several; where it holds nothing but scans, their names."""
    if not count and (scans := _scans(members)):
        words = f"{wrapper} chỉ có bản chụp hoặc bản PDF, không có bảng tính"
        return replace(unsupported(kind, words), kind=f"{kind}:{SCANS[0]}", inside=scans)
    return unsupported(kind, f"{wrapper} {_what_is_inside(count, members)}")


def _scans(members: Sequence[_Member]) -> tuple[str, ...]:
    """The names of the scans, where there is nothing in which a workbook may still be."""
    if any(map(_is_closed, members)):
        return ()
    return tuple(member.name for member in members if member.is_scan)


def _is_closed(member: _Member) -> bool:
    """Whether something may be in it that we do not see."""
    return member.look.kind in ARCHIVES or member.name == _LETTER


def _what_is_inside(count: int, members: Sequence[_Member]) -> str:
    if count:
        return f"có {count} bảng tính bên trong (chỉ nhận một)"
    if any(member.name == _LETTER for member in members):
        return "có thư khác đính kèm, phần mềm không mở thư bên trong"
    if any(map(_is_closed, members)):
        return "chứa tệp nén khác"
    return "không có bảng tính nào bên trong"


def _members(kind: str, data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    return _files_of_zip(data, limits) if kind == "zip" else _files_of_message(data, limits)


def _files_of_zip(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    total = 0
    with zipfile.ZipFile(BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not leaving(info.filename)]
        if len(infos) > limits.members:
            raise RefusedError("file-too-large", f"bên trong có {len(infos)} tệp")
        for info in infos:
            content = member(archive, info, limits)
            total += len(content)
            if total > limits.file_bytes * 2:
                raise RefusedError("file-too-large", "giải nén ra quá lớn")
            yield _name(info), content


def _name(info: zipfile.ZipInfo) -> str:
    """macOS writes names in UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _letters(data: bytes, limits: Limits) -> list[bytes]:
    """The letters of a mailbox; one that stands alone is one."""
    starts = [found.start() for found in MAILBOX.finditer(data)] if MAILBOX.match(data) else [0]
    if len(starts) > limits.members:
        raise RefusedError("file-too-large", f"hộp thư có {len(starts)} thư")
    return [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def _files_of_message(data: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """The attachments; a message inside the message is one more level, and stays closed."""
    # Takes longer to load than a form takes to read, and few need it.
    from email import message_from_bytes  # noqa: PLC0415
    from email.message import Message  # noqa: PLC0415

    waiting: list[Message] = [message_from_bytes(letter) for letter in _letters(data, limits)]
    seen = 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > limits.members:
            raise RefusedError("file-too-large", "thư có quá nhiều tệp đính kèm")
        if part.get_content_maintype() == "multipart":
            waiting += [item for item in part.get_payload() if isinstance(item, Message)]
        elif part.get_content_maintype() == "message":
            yield _LETTER, part.as_bytes()
        elif part.get_filename():
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield PurePosixPath(part.get_filename() or "").name, content
