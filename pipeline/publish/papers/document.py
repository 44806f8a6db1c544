"""An official paper as values: its lines, tables, letterhead and closing, and how each kind of line looks.

Sizes and places are those of NĐ 30/2020/NĐ-CP, Phụ lục I.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.publish.excel import printable
from pipeline.publish.papers.places import Words, key_of

_NOT_IN_XML = str.maketrans("", "", "\ufffe\uffff")


@dataclass(frozen=True, slots=True)
class Look:
    """How a line stands on the page; `level` puts it into the outline that Word shows beside the text.

    `left`: how far in from the margin it begins, in millimetres.
    """

    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "justify"
    indent: float = 12.7
    left: float = 0
    after: float = 6
    marked: bool = False
    keep: bool = False
    level: int = 0
    red: bool = False


LOOKS = {
    "body": Look(),
    "end": Look(keep=True),  # a signature never stands alone on a page
    "heading": Look(bold=True, keep=True, level=1),
    "subheading": Look(bold=True, keep=True, level=2),
    "officer": Look(italic=True, marked=True),
    "title": Look(bold=True, align="center", indent=0, after=0, keep=True),
    "addressee": Look(align="center", indent=0, after=12),
    "addressees": Look(align="left", indent=-4, left=36, after=0, keep=True),  # one a line, where there are several
    "measure": Look(size=12, italic=True, align="right", indent=0, after=3, keep=True),
    "agency": Look(size=12, align="center", indent=0, after=0),
    "agency bold": Look(size=12, bold=True, align="center", indent=0, after=0),
    "motto": Look(size=13, bold=True, align="center", indent=0, after=0),
    "number": Look(size=13, align="center", indent=0, after=0),
    "subject": Look(size=12, align="center", indent=0, after=0),
    "place": Look(size=13, italic=True, align="center", indent=0, after=0),
    "cell": Look(size=11, align="left", indent=0, after=0),
    "cell center": Look(size=11, align="center", indent=0, after=0),
    "cell header": Look(size=10, bold=True, align="center", indent=0, after=0, keep=True),
    "cell total": Look(size=11, bold=True, align="center", indent=0, after=0),
    "copies title": Look(size=12, bold=True, italic=True, align="left", indent=0, after=0),
    "copies": Look(size=11, align="left", indent=0, after=0),
    "sign": Look(size=14, bold=True, align="center", indent=0, after=0, keep=True),
    "page number": Look(size=13, align="center", indent=0, after=0),
    "sample": Look(size=11, bold=True, align="center", indent=0, after=6, red=True),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; its look is a name in `LOOKS`.

    `lead` is a bold beginning, `mark` an end that an officer still has to write.
    """

    text: str
    look: str = "body"
    lead: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A place that an officer has to fill: the part of the paper where it stands, and what stands there until then."""

    where: str
    marker: str

    @property
    def key(self) -> str:
        """What the place is called in the names of bookmarks."""
        return key_of(self.where)


@dataclass(frozen=True, slots=True)
class Filled:
    """A marked place as it is written: the officer's words, or none yet; its stamp; a remark to stand below.

    `is_held`: the words were found by bookmarks. `has_more`: something stood among them that cannot be carried.
    """

    place: Marked
    words: Words
    stamp: str
    remark: str = ""
    is_held: bool = True
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One table; `widths` in millimetres, columns in `words` hold text and stand left, the others are centred.

    A kept table is never divided between pages; a long one is, with its header repeated.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    words: tuple[int, ...]
    total: tuple[str, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The block above the text; the body that issues stands in the last line of `agency`, bold in all `bold` lines."""

    agency: tuple[str, ...]
    bold: tuple[int, ...]
    number: str
    place_and_day: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """The block below the text: who gets copies, on whose behalf somebody signs, and the name where it is known."""

    copies: tuple[str, ...]
    authority: tuple[str, ...]
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `titles` stand centred above the text with a rule below; `mark` stands in red on every page.

    `addressees`: one, or several, each of which stands on its own line. `properties`: what fields in it may show, by
    name.
    """

    name: str
    author: str
    letterhead: Letterhead
    titles: tuple[str, ...]
    addressees: tuple[str, ...]
    text: tuple[Line | Grid | Filled, ...]
    closing: Closing
    mark: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


def one_line(text: object) -> str:
    """Somebody else's text as a Word paragraph can hold it: no control characters, no line breaks."""
    return " ".join(printable(str(text)).translate(_NOT_IN_XML).split())
