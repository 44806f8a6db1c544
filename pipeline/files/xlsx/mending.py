"""Parts of an .xlsx package as its reader can read them, where it could not read them as they are, or not in full."""

import re
from collections.abc import Mapping

from pipeline.files.findings import Place, SheetFacts
from pipeline.files.markup import escaped, local, replaced
from pipeline.files.places import is_outside, place, whole
from pipeline.values.cells import CellError, cell_name

_KNOWN_ERRORS = {b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"}
_SPACED_NUMBER = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)(?:\s+([-+.\deE]+)\s*|([-+.\deE]+)\s+)(?=</)")
_VALUE = re.compile(rb"(<(?:\w+:)?v(?:\s[^<>]*)?>)([^<]*)(?=</)")
_REMARK = re.compile(rb"(<!\[CDATA\[.*?\]\]>)|<!--.*?-->|<\?(?!xml\s).*?\?>", re.DOTALL)


def mended_sheet(part: bytes, facts: SheetFacts) -> bytes:
    """The sheet with nothing between its digits or round them, and with no error word that the reader does not know.

    What it holds far away is gone.
    """
    part = without_far(part, facts.near) if facts.near else part
    bare = _REMARK.sub(lambda match: match[1] or b"", part) if b"<!" in part or part.count(b"<?") > 1 else part
    closed = _SPACED_NUMBER.sub(lambda match: match[1] + (match[2] or match[3]), bare)
    errors = _errors(facts)
    if not errors:
        return closed
    return _VALUE.sub(
        lambda match: match[1] if match[2].strip() in errors and match[2] not in _KNOWN_ERRORS else match[0], closed
    )


def without_far(part: bytes, box: Place) -> bytes:
    """The sheet with nothing in the cells outside so many rows and columns."""
    row, column = -1, 0

    def instead(name: str, attributes: Mapping[str, str]) -> bytes | None:
        nonlocal row, column
        kind, reference = local(name), attributes.get("r", "")
        if kind == "row":
            row, column = (whole(reference) - 1 if reference else row + 1), 0
        elif kind == "c":
            here = place(reference) if reference else (row, column)
            column = here[1] + 1
            if is_outside(here, box):
                return f'<{name} r="{cell_name(here[1], here[0] + 1)}"/>'.encode()
        return None

    return replaced(part, instead)


def _errors(facts: SheetFacts) -> set[bytes]:
    """The words of error cells, as they stand in the part."""
    places = (place for place, mark in facts.marks.items() if isinstance(mark, CellError) and place in facts.held)
    return {escaped(str(facts.held[place]).strip()).encode() for place in places}
