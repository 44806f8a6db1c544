"""Signs that nobody sees, in ranges as regular expressions write them, and all of them one by one."""

import re

# Of no width; some of them turn round what follows.
UNSEEN = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb"
)
BREAKS = "\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029"  # they end a line
SPACES = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # beside the common one


def _signs(ranges: str) -> str:
    pairs = re.findall("(.)(?:-(.))?", ranges, re.DOTALL)
    return "".join(chr(code) for first, last in pairs for code in range(ord(first), ord(last or first) + 1))


BLANK_SIGNS = " " + _signs(UNSEEN + BREAKS + SPACES)
"""Whoever looks at a cell with nothing else in it sees a blank one."""
