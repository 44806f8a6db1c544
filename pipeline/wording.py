"""What click and the machine say in English, in the user's language: headings of the help, wrong words, refusals."""

import errno
from collections.abc import Iterable

import click

_HEADINGS = {"Options": "Tùy chọn", "Commands": "Các lệnh"}
_REMARKS = (("[default: ", "[mặc định: "), ("[required]", "[bắt buộc]"))
_USAGE = (("[OPTIONS]", "[TÙY CHỌN]"), ("COMMAND", "LỆNH"), ("[ARGS]...", "…"))


class _Help(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, vietnamese in _USAGE:
            args = args.replace(english, vietnamese)
        super().write_usage(prog, args, prefix or "Cách dùng: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _remarks(text)) for term, text in rows], col_max, col_spacing)


def _remarks(text: str) -> str:
    for english, vietnamese in _REMARKS:
        text = text.replace(english, vietnamese)
    return text


class _Context(click.Context):
    formatter_class = _Help


class _Command(click.Command):
    context_class = _Context


class Commands(click.Group):
    """A group of commands whose help is in Vietnamese throughout."""

    context_class = _Context
    command_class = _Command


def in_words(error: click.UsageError) -> str:
    """What click says in English about a mistyped command, in the user's language."""
    match error:
        case click.NoSuchCommand():
            return f"không có lệnh “{error.command_name}”."
        case click.NoSuchOption():
            return f"không có tùy chọn “{error.option_name}”."
        case click.BadOptionUsage():
            return f"tùy chọn “{error.option_name}” viết chưa đúng, có thể thiếu giá trị."
        case click.MissingParameter():
            return f"lệnh còn thiếu {_name(error.param)}."
        case click.BadParameter():
            return f"{_name(error.param)} {error.message}."
    return "lệnh viết chưa đúng, có thể thừa một phần."


def _name(param: click.Parameter | None) -> str:
    """What the user typed, or should have typed."""
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.human_readable_name.rstrip("…") if param else "tham số"


_IS_FILE = "có một tệp ở chỗ cần thư mục; xin chọn thư mục khác"
_IS_CLOSED = "đang mở ở chương trình khác hoặc máy không cho đọc, ghi; xin đóng tệp hoặc chọn thư mục khác"
_SAID_BY_MACHINE = {
    errno.ENOENT: "không có, cũng không tạo được; xin xem lại đường dẫn",
    errno.ENOTDIR: _IS_FILE,
    errno.EEXIST: _IS_FILE,
    errno.EISDIR: "là thư mục, trong khi cần một tệp; xin xem lại đường dẫn",
    errno.EACCES: _IS_CLOSED,
    errno.EPERM: _IS_CLOSED,
    errno.EBUSY: _IS_CLOSED,
    errno.EROFS: "ở trên ổ đĩa chỉ cho đọc; xin chọn thư mục khác",
    errno.ENOSPC: "ở trên ổ đĩa đã đầy; xin chuyển bớt tệp sang ổ khác",
    errno.EDQUOT: "ở trên ổ đĩa đã dùng hết phần được cấp; xin chuyển bớt tệp sang ổ khác",
    errno.ENAMETOOLONG: "có tên quá dài; xin đặt tên hoặc chọn thư mục ngắn hơn",
}


def refused_by_machine(error: OSError) -> str:
    """What could not be opened, read or written, why, and what to do about it."""
    reason = _SAID_BY_MACHINE.get(
        error.errno or 0, f"không đọc, ghi được ({error.strerror or error}); xin kiểm tra ổ đĩa hoặc đường mạng"
    )
    return f"“{error.filename2 or error.filename or 'tệp'}” {reason} rồi chạy lại."
