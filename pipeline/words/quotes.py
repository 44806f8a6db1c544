"""What a sentence quotes of a text that may be as long as a cell can hold, and what a text says beside quotations."""

import re

_quoted = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]*’")


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks, where that leaves a word; else the whole."""
    told = _quoted.sub(" … ", text)
    return told if any(map(str.isalpha, told)) else text


def shortened(text: str, most: int) -> str:
    """The text; of one longer than `most` letters its beginning and its end, with “…” between."""
    tail = most // 3
    return text if len(text) <= most else f"{text[: most - tail - 1]}…{text[-tail:]}"
