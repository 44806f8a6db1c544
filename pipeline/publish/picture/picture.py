"""`tom-tat.png`: the first screen of the page as one picture, because the links of a page sent alone are dead.

In: the values that describe the first screen. Out: the same bytes for the same values on every machine: the font lies
beside this module, letters are placed without the hints and tables that systems treat differently, and the library
that draws brings its own of everything and is pinned.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.publish.first_screen import FirstScreen
from pipeline.publish.palette import LIGHT
from pipeline.publish.picture.layout import WIDTH, Drawing, Look, lay_out

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_FONTS = {"regular": "NotoSans-Regular.ttf", "bold": "NotoSans-Bold.ttf"}


def write_picture(path: Path, screen: FirstScreen) -> None:
    """Draw the first screen into a PNG of 1080 pixels' width, as high as it takes."""
    from PIL import Image

    # A table of colours holds all that letters on white need, in a third of the bytes and of the time.
    picture = draw(lay_out(screen, _width)).quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    picture.save(path, "PNG")


def draw(drawing: Drawing) -> "Image.Image":
    """The picture of what has its place."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, drawing.height), LIGHT)
    pen = ImageDraw.Draw(picture)
    for box in drawing.boxes:
        pen.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill=box.fill)
    for text in drawing.texts:
        pen.text((text.left, text.top), text.words, fill=text.look.ink, font=_font(text.look.weight, text.look.size))
    return picture


def _width(words: str, look: Look) -> float:
    return _font(look.weight, look.size).getlength(words)


@cache
def _font(weight: str, size: int) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    place = Path(__file__).with_name(_FONTS[weight])
    return ImageFont.truetype(str(place), size, layout_engine=ImageFont.Layout.BASIC)
