"""What the binary formats .xls and .xlsb store of formulas: errors by number, tokens in the order of their working out.

The token that comes last tells whether a formula can only come to a number, or to a text. A number formula with an
empty text as its stored value was written by a program that does not compute, a text formula with a number by one that
stores no texts.
"""

import struct
from typing import Literal

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}

_Kind = Literal["number", "text", ""]

# Bytes behind a token, in .xls and in .xlsb; tokens of the three classes (reference, value, array) are the same here.
_SIZES = {
    0x01: (4, 4), 0x02: (4, 4), 0x1C: (1, 1), 0x1D: (1, 1), 0x1E: (2, 2), 0x1F: (8, 8),
    0x20: (7, 14), 0x21: (2, 2), 0x22: (3, 3), 0x23: (4, 4), 0x24: (4, 6), 0x25: (8, 12), 0x26: (6, 6), 0x27: (6, 6),
    0x28: (6, 6), 0x29: (2, 2), 0x2A: (4, 6), 0x2B: (8, 12), 0x2C: (4, 6), 0x2D: (8, 12),
    0x39: (6, 6), 0x3A: (6, 8), 0x3B: (10, 14), 0x3C: (6, 8), 0x3D: (10, 14),
}  # fmt: skip
_BARE = range(0x03, 0x17)  # operators, brackets, a left-out argument
_TEXT, _ATTRIBUTE, _FUNCTION, _FUNCTION_OF_MANY, _BRACKETS, _JOIN = 0x17, 0x19, 0x21, 0x22, 0x15, 0x08
_CHOOSE, _SUM = 0x04, 0x10  # kinds of attribute
# Arithmetic and comparisons, negation, percent, constants. Not the plus sign before a reference: =+A1 gives the text.
_NUMBERS = frozenset((*range(0x03, 0x08), *range(0x09, 0x0F), 0x13, 0x14, 0x1D, 0x1E, 0x1F))
# COUNT, SUM, AVERAGE, MIN, MAX, ABS, INT, ROUND, DATE, COUNTA, PRODUCT, ROUNDUP, ROUNDDOWN, TODAY, SUMPRODUCT,
# SUBTOTAL, SUMIF, COUNTIF
_NUMBER_FUNCTIONS = frozenset((0, 4, 5, 6, 7, 24, 25, 27, 65, 169, 183, 212, 213, 221, 228, 344, 345, 346))
# DOLLAR, FIXED, REPT, MID, TEXT, CHAR, LOWER, UPPER, PROPER, LEFT, RIGHT, TRIM, REPLACE, SUBSTITUTE, T, CLEAN,
# CONCATENATE
_TEXT_FUNCTIONS = frozenset((13, 14, 30, 31, 48, 111, 112, 113, 114, 115, 116, 118, 119, 120, 130, 162, 336))


def short_number(data: bytes) -> float:
    """A number in four bytes: whole or the upper half of one in eight, perhaps in hundredths."""
    (bits,) = struct.unpack("<i", data)
    number = float(bits >> 2) if bits & 2 else struct.unpack("<d", bytes(4) + struct.pack("<i", bits & ~3))[0]
    return number / 100 if bits & 1 else number


def gives_number(tokens: bytes, is_binary_12: bool) -> bool:
    """Whether it ends in arithmetic or in a function that gives numbers; in doubt not. `is_binary_12`: of an .xlsb."""
    return _kind(tokens, is_binary_12) == "number"


def gives_text(tokens: bytes, is_binary_12: bool) -> bool:
    """Whether it ends in a text, in texts put together, or in a function that gives texts; in doubt not."""
    return _kind(tokens, is_binary_12) == "text"


def _kind(tokens: bytes, is_binary_12: bool) -> _Kind:
    try:
        return _last(tokens, is_binary_12)
    except (struct.error, IndexError):
        return ""


def _last(tokens: bytes, is_binary_12: bool) -> _Kind:
    at = 0
    found: _Kind = ""
    while at < len(tokens):
        token = tokens[at] if tokens[at] < 0x40 else tokens[at] & 0x1F | 0x20
        at += 1
        if token == _ATTRIBUTE:
            kind, more = struct.unpack_from("<BH", tokens, at)
            found = "number" if kind & _SUM else found
            at += 3 + (2 * (more + 1) if kind & _CHOOSE else 0)
        elif token == _TEXT:
            found = "text"
            at += _text_size(tokens, at, is_binary_12)
        elif token in _BARE:
            found = found if token == _BRACKETS else _kind_of_bare(token)
        elif token in _SIZES:
            found = _kind_of_sized(token, tokens, at)
            at += _SIZES[token][is_binary_12]
        else:
            return ""
    return found


def _kind_of_bare(token: int) -> _Kind:
    if token in _NUMBERS:
        return "number"
    return "text" if token == _JOIN else ""


def _kind_of_sized(token: int, tokens: bytes, at: int) -> _Kind:
    """What a constant, a reference or a function comes to; what belongs to the token stands at `at`."""
    function = _function(token, tokens, at)
    if token in _NUMBERS or function in _NUMBER_FUNCTIONS:
        return "number"
    return "text" if function in _TEXT_FUNCTIONS else ""


def _function(token: int, tokens: bytes, at: int) -> int:
    if token not in (_FUNCTION, _FUNCTION_OF_MANY):
        return -1
    (number,) = struct.unpack_from("<H", tokens, at + (token == _FUNCTION_OF_MANY))
    return int(number)


def _text_size(tokens: bytes, at: int, is_binary_12: bool) -> int:
    if is_binary_12:
        return 2 + 2 * int(struct.unpack_from("<H", tokens, at)[0])
    return 2 + tokens[at] * (2 if tokens[at + 1] & 1 else 1)
