"""Words that a unit typed, written so that Zalo makes no link, mention or telephone number of them.

A sign in square brackets stands for the plain one (`http[:]//a[.]vn`): seen by everybody, and nothing hidden in it.
"""

import re

_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=\S)|:(?=//)")
_FILES = "xlsx|xlsm|xlsb|xls|ods|csv|docx|doc|pdf"  # endings of names of files, which are no domains
_DOT = re.compile(rf"(?<=\w)\.(?!(?:{_FILES})\b)(?=[^\W\d_]{{2,24}}(?!\w)|xn--)|(?<=www)\.(?=\S)", re.IGNORECASE)
_AT = re.compile(r"@(?=\w)")
_TELEPHONE = re.compile(r"(?<![\d.])(?:\+?84|0)[ .-]?\d(?:[ .-]?\d){7,9}(?![\d])")


def unlinked(text: str) -> str:
    """The same words with nothing in them that becomes a link."""
    text = _TELEPHONE.sub(lambda found: f"{found[0][:-6].rstrip(' .-')}[.]{found[0][-6:].lstrip(' .-')}", text)
    return _AT.sub("[@]", _DOT.sub("[.]", _SCHEME.sub("[:]", text)))
