"""The styles of an .xlsx workbook, as far as a font in them gives the letters of a cell another meaning."""

from collections.abc import Mapping

from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import is_index
from pipeline.files.remembered import remembered
from pipeline.files.rich_text import is_legacy


@remembered
def names_legacy_font(part: bytes) -> bool:
    """Whether a legacy font is named anywhere in the part."""
    lower = part.lower()
    return any(sign in lower for sign in (b'".vn', b'"vni-', b"'.vn", b"'vni-"))


def legacy_styles(part: bytes, limits: Limits) -> list[str]:
    """For each cell style, the name of its font if that is a legacy one."""
    fonts: list[str] = []
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name)
        if inside[-2:] == ["fonts", "font"]:
            fonts.append("")
        elif inside[-3:] == ["fonts", "font", "name"] and is_legacy(attributes.get("val", "")):
            fonts[-1] = attributes["val"]
        elif inside[-2:] == ["cellXfs", "xf"]:
            number = attributes.get("fontId", "0")
            styles.append(fonts[int(number)] if is_index(number) and int(number) < len(fonts) else "")

    walk(part, limits.depth, start, lambda name: inside.__delitem__(-1))
    return styles
