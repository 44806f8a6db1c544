"""Parts of an .xlsx package as its reader can read them, where it could not read them as they are, or not in full."""

import re

from pipeline.files.findings import SheetFacts
from pipeline.files.markup import escaped
from pipeline.values.cells import CellError

_KNOWN_ERRORS = {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"}
_SPACED_NUMBER = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)(?:\s+([-+.\deE]+)\s*|([-+.\deE]+)\s+)(?=</)")
_VALUE = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)([^<]*)(?=</)")
_REMARK = re.compile(rb"(<!\[CDATA\[.*?\]\]>)|<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)


def mended_sheet(part: bytes, facts: SheetFacts) -> bytes:
    """The sheet with nothing between its digits or round them, and with no error word that the reader does not know."""
    bare = _REMARK.sub(lambda match: match[1] or b"", part) if b"<!" in part or part.count(b"<?") > 1 else part
    closed = _SPACED_NUMBER.sub(lambda match: match[1] + (match[2] or match[3]), bare)
    errors = _errors(facts)
    if not errors:
        return closed
    return _VALUE.sub(
        lambda match: match[1] if match[2].strip() in errors and match[2] not in _KNOWN_ERRORS else match[0], closed
    )


def _errors(facts: SheetFacts) -> set[bytes]:
    """The words of error cells, as they stand in the part."""
    places = (place for place, mark in facts.marks.items() if isinstance(mark, CellError) and place in facts.held)
    return {escaped(str(facts.held[place]).strip()).encode() for place in places}
