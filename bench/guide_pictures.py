"""The pictures of the officer's guide and the README anew: `python -m bench.guide_pictures` writes docs/pictures/.

Each is one page of what a run over the shipped samples gives, found by words that stand on it, as LibreOffice prints
it; the picture for a chat is the run's own. Few colours keep them small.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops

from bench.look import PERIOD, blank_forms, marked_copy
from bench.shipped import shipped
from pipeline.commands.paper import draft_paper
from pipeline.commands.run import run_period
from pipeline.publish import outputs
from pipeline.reading.periods import Folders

PICTURES = Path("docs/pictures")
OWN_FORM = "Vĩnh Giang - Biểu tuyên truyền CCHC quý III.xlsx"
DOTS_PER_INCH, WIDEST, COLOURS, EDGE = 96, 800, 48, 16


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        for name, printed in pictures(Path(home)):
            picture = trimmed(printed.convert("RGB"))
            picture.thumbnail((WIDEST, 2 * WIDEST))
            picture.quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)
            print(PICTURES / f"{name}.png")


def pictures(home: Path) -> Iterator[tuple[str, Image.Image]]:
    """Each picture by its name."""
    project = shipped()
    period, folders = project.plan.period(PERIOD), Folders(Path("inputs"), home)
    folder = run_period(project, period, folders).folder
    [own_form] = Path("inputs").rglob(OWN_FORM)
    own = draft_paper(project, own_form, folders).path
    workbook = folder / outputs.WORKBOOK.name(project.plan, period)
    papers = {
        "bieu-mau": (blank_forms(project, home / "mau")[0], "BIỂU 2."),
        "tong-hop": (workbook, ""),
        "ma-tran": (workbook, "TÌNH HÌNH THỰC HIỆN NHIỆM VỤ"),
        "bao-cao": (folder / outputs.REPORT.name(project.plan, period), ""),
        "bao-cao-don-vi": (own, ""),
        "can-sua": (marked_copy(folder), ""),
    }
    print_all({path for path, _ in papers.values()}, home)
    for name, (path, words) in papers.items():
        yield name, page_of(home / f"{path.stem}.pdf", words)
    yield "tom-tat", Image.open(folder / outputs.PICTURE)


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty paper around what is printed, but for a narrow edge."""
    blank = Image.new("RGB", picture.size, "white")
    left, top, right, bottom = ImageChops.difference(picture, blank).getbbox() or (0, 0, *picture.size)
    box = max(0, left - EDGE), max(0, top - EDGE), min(picture.width, right + EDGE), min(picture.height, bottom + EDGE)
    return picture.crop(box)


def print_all(papers: set[Path], home: Path) -> None:
    """Each paper as PDF in `home`."""
    profile = f"-env:UserInstallation={(home / 'office').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(home),
        *sorted(map(str, papers)),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def page_of(printed: Path, words: str) -> Image.Image:
    """The first page on which the words stand."""
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
    ).stdout
    number = str(next(place for place, page in enumerate(text.split("\f"), start=1) if words in page))
    place = printed.with_suffix("")
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", number, "-l", number, "-singlefile", "-png"]
    subprocess.run([*command, str(printed), str(place)], check=True)
    return Image.open(place.with_suffix(".png"))


if __name__ == "__main__":
    main()
