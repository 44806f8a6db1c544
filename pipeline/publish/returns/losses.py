"""Which workbooks are not marked, told from the names of their parts.

What marking would break; what nobody should get back from us is left out of the copy by `disarm`.
"""

import re
import zipfile

_MOST_BYTES = 60_000_000  # of all parts; pictures hardly shrink in a package, which itself is at most half of that
MOST_SHEET_BYTES = 8_000_000  # an honest form stays under a fiftieth of it

_REFUSED = (
    (re.compile(r"vbaProject|/macrosheets/", re.IGNORECASE), "tệp có macro"),
    (re.compile(r"_xmlsignatures/", re.IGNORECASE), "tệp có chữ ký số, sửa thì chữ ký mất hiệu lực"),
    (re.compile(r"xl/revisions/", re.IGNORECASE), "tệp đang ở chế độ nhiều người cùng sửa"),
)


def refusal(archive: zipfile.ZipFile) -> str:
    """Why this workbook is not marked, as the end of a Vietnamese sentence; empty when it can be."""
    if sum(info.file_size for info in archive.infolist() if info.filename.endswith(".xml")) > MOST_SHEET_BYTES:
        return "tệp có quá nhiều dòng, cột được định dạng"
    if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
        return "tệp có phần đi kèm quá lớn"
    return next((words for pattern, words in _REFUSED if any(pattern.search(name) for name in archive.namelist())), "")
