"""Whether a formula, as the binary formats store it, can only come to a number: told by the token that is worked out last.

A number formula with an empty text as its stored value was written by a program that does not compute.
"""

import struct

# Bytes behind a token, in .xls and in .xlsb; tokens of the three classes (reference, value, array) are the same here.
_SIZES = {
    0x01: (4, 4), 0x02: (4, 4), 0x1C: (1, 1), 0x1D: (1, 1), 0x1E: (2, 2), 0x1F: (8, 8),
    0x20: (7, 14), 0x21: (2, 2), 0x22: (3, 3), 0x23: (4, 4), 0x24: (4, 6), 0x25: (8, 12), 0x26: (6, 6), 0x27: (6, 6), 0x28: (6, 6), 0x29: (2, 2),
    0x2A: (4, 6), 0x2B: (8, 12), 0x2C: (4, 6), 0x2D: (8, 12), 0x39: (6, 6), 0x3A: (6, 8), 0x3B: (10, 14), 0x3C: (6, 8), 0x3D: (10, 14),
}  # fmt: skip
_BARE = range(0x03, 0x17)  # operators, brackets, a left-out argument
_TEXT, _ATTRIBUTE, _FUNCTION, _FUNCTION_OF_MANY, _BRACKETS = 0x17, 0x19, 0x21, 0x22, 0x15
_CHOOSE, _SUM = 0x04, 0x10  # kinds of attribute
# Arithmetic and comparisons, negation, percent, constants. Not the plus sign before a reference: =+A1 gives the text of A1.
_NUMBERS = frozenset((*range(0x03, 0x08), *range(0x09, 0x0F), 0x13, 0x14, 0x1D, 0x1E, 0x1F))
# COUNT, SUM, AVERAGE, MIN, MAX, ABS, INT, ROUND, DATE, COUNTA, PRODUCT, ROUNDUP, ROUNDDOWN, TODAY, SUMPRODUCT, SUBTOTAL, SUMIF, COUNTIF
_NUMBER_FUNCTIONS = frozenset((0, 4, 5, 6, 7, 24, 25, 27, 65, 169, 183, 212, 213, 221, 228, 344, 345, 346))


def gives_number(tokens: bytes, is_binary_12: bool) -> bool:
    """Whether the formula ends in arithmetic or in a function that gives numbers; in doubt not. `is_binary_12`: of an .xlsb."""
    try:
        return _last(tokens, is_binary_12)
    except (struct.error, IndexError):
        return False


def _last(tokens: bytes, is_binary_12: bool) -> bool:
    at, is_number = 0, False
    while at < len(tokens):
        token = tokens[at] if tokens[at] < 0x40 else tokens[at] & 0x1F | 0x20
        at += 1
        if token == _ATTRIBUTE:
            kind, more = struct.unpack_from("<BH", tokens, at)
            is_number = bool(kind & _SUM) or is_number
            at += 3 + (2 * (more + 1) if kind & _CHOOSE else 0)
        elif token == _TEXT:
            is_number = False
            at += _text_size(tokens, at, is_binary_12)
        elif token in _BARE:
            is_number = token in _NUMBERS or (token == _BRACKETS and is_number)
        elif token in _SIZES:
            is_number = token in _NUMBERS or _function(token, tokens, at) in _NUMBER_FUNCTIONS
            at += _SIZES[token][is_binary_12]
        else:
            return False
    return is_number


def _function(token: int, tokens: bytes, at: int) -> int:
    if token not in (_FUNCTION, _FUNCTION_OF_MANY):
        return -1
    (number,) = struct.unpack_from("<H", tokens, at + (token == _FUNCTION_OF_MANY))
    return int(number)


def _text_size(tokens: bytes, at: int, is_binary_12: bool) -> int:
    if is_binary_12:
        return 2 + 2 * int(struct.unpack_from("<H", tokens, at)[0])
    return 2 + tokens[at] * (2 if tokens[at + 1] & 1 else 1)
