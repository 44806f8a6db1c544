"""Words that a unit typed, written so that Zalo makes no link, mention or telephone number of them.

A sign in square brackets stands for the plain one (`http[:]//a[.]vn`): seen by everybody, and nothing hidden in it.
"""

import re

_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=\S)|:(?=//)")
_FILES = "xlsx|xlsm|xlsb|xls|ods|csv|docx|doc|pdf"  # endings of names of files, which are no domains
_DOT = re.compile(rf"(?<=\w)\.(?!(?:{_FILES})\b)(?=[^\W\d_]{{2,24}}(?!\w)|xn--)|(?<=www)\.(?=\S)", re.IGNORECASE)
_AT = re.compile(r"@(?=\w)")
_BETWEEN = r"(?:[ .\u00a0\u2013-]|\)[ .-]?| ?\()?"  # how people group the digits of a telephone number
_DAY = r"0[1-9]([.-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?![.\d-])"  # 05.09.2025, which a time may follow
_TELEPHONE = re.compile(rf"(?<![\d.])(?!{_DAY})(?:\+ ?84|84|0)(?:{_BETWEEN}\d){{8,10}}(?!\d)")
_SEPARATORS = " .\u00a0\u2013-()"
# A telephone number of Viet Nam without its plus: 9 digits behind 84 for a mobile one, 9 or 10 where it begins with 2.
_MINE = re.compile(r"840?(?:[35789]\d{8}|2\d{8,9})")
_FIGURE = re.compile(r"84\d?(?:\.\d{3}){3}|0\.\d+")
_THREES = re.compile(r"0\d{2}([ \u00a0])\d{3}(?:\1\d{3})+")  # may be the end of a figure that is grouped by spaces
_THOUSANDS_BEFORE = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:[ \u00a0]\d{3})*[ \u00a0]\Z")
_MONEY_BEHIND = re.compile(r"[ \u00a0]?(?:đồng|đ|vnđ|vnd|₫)(?!\w)|,\d", re.IGNORECASE)
_NEAR = 24  # signs that are looked at before and behind


def unlinked(text: str) -> str:
    """The same words with nothing in them that becomes a link."""
    text = _TELEPHONE.sub(_broken, text)
    return _AT.sub("[@]", _DOT.sub("[.]", _SCHEME.sub("[:]", text)))


def _broken(found: re.Match[str]) -> str:
    """A telephone number with a bracket in it; a figure as it is."""
    number = found[0]
    if _is_figure(found):
        return number
    digits = [place for place, sign in enumerate(number) if sign.isdecimal()]
    half = digits[len(digits) // 2]  # neither part can be called
    return f"{number[:half].rstrip(_SEPARATORS)}[.]{number[half:]}"


def _is_figure(found: re.Match[str]) -> bool:
    number, start, end = found[0], found.start(), found.end()
    if _FIGURE.fullmatch(number):
        return True
    if number.startswith("84"):
        digits = "".join(filter(str.isdecimal, number))
        return not _MINE.fullmatch(digits) or bool(_MONEY_BEHIND.match(found.string[end : end + _NEAR]))
    before = found.string[max(0, start - _NEAR) : start]
    return bool(_THREES.fullmatch(number) and _THOUSANDS_BEFORE.search(before))
