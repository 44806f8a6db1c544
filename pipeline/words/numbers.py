"""Numbers as Vietnamese offices write them: 1.234.567,5; 81,3%; +12."""

from fractions import Fraction
from math import floor


def number_text(value: float) -> str:
    """A number as Vietnamese offices write it: 1.234.567,5."""
    text = f"{int(value):,}" if value == int(value) else f"{value:,.15g}"
    return text.replace(",", "\0").replace(".", ",").replace("\0", ".")


def percent_text(part: float, whole: float) -> str:
    """A rate as offices write it, “81,3%”: one decimal, a half rounded up as Excel does; `whole` is not zero."""
    return f"{number_text(floor(Fraction(part) / Fraction(whole) * 1000 + Fraction(1, 2)) / 10)}%"


def signed_text(value: float) -> str:
    """A difference with its sign: +1.234, −620, 0."""
    return f"{'+' if value > 0 else '−'}{number_text(abs(value))}" if value else "0"
