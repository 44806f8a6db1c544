"""Files that programs leave in a folder beside the real ones, by their names: locks, halves, what systems keep."""

import re

_LEAVINGS = (
    (r"~\$[^/]*|\.~lock[^/]*", "Tệp khóa của Excel khi có người đang mở biểu, không phải biểu"),
    (
        r"~[^/]*\.tmp|(?=[0-9]*[A-F])[0-9A-F]{8}(\.tmp)?",
        "Bản lưu tạm của Excel, không phải biểu; biểu thật nằm ở tệp khác",
    ),
    (
        r"\._[^/]*|(?i:(eh)?thumbs\.db|desktop\.ini|\.ds_store)|Icon\r|(?i:__MACOSX)/.*",
        "Tệp của hệ thống, không phải biểu",
    ),
)
_HALVES = re.compile(r"\.(tmp|temp|crdownload|part|partial|filepart|download|opdownload)$", re.IGNORECASE)
_HALF = "Tệp tạm hoặc đang tải dở, chưa dùng được; biểu đã tải xong nằm ở tệp khác"
_KNOWN = tuple((re.compile(rf"(?:^|/)(?:{names})$"), words) for names, words in _LEAVINGS)


def leaving(file: str) -> str:
    """What a file is that is nobody's report, whatever is in it; empty for any other."""
    return next((words for names, words in _KNOWN if names.search(file)), "")


def unfinished(file: str) -> str:
    """What a file is by its name, unless there is a form in it; empty for any other."""
    return _HALF if _HALVES.search(file) else ""


def is_left_by_program(file: str) -> bool:
    """Whether a file has the name of one that is nobody's report, or not yet."""
    return leaving(file) != "" or unfinished(file) != ""
