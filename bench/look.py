"""`make look`: everything that a run produces as pictures in outputs/look/, to be looked at before it is sent.

A run over the shipped samples, two blank forms, one marked copy, workbook and annex, the papers, the leader's page and
the picture for a chat; LibreOffice and pdftoppm print what Excel and Word would print, Chromium shows the page on a
telephone and on a screen. The pictures of the time before are kept, and `so-sanh.html` shows both side by side.
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.shipped import shipped
from pipeline.commands.run import run_period
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import write_blank_form
from pipeline.publish.page.elements import Html, tag
from pipeline.reading.periods import Folders
from tests.browser import Browser

PERIOD = "q3"
PICTURES, BEFORE = Path("outputs/look"), Path("outputs/look-truoc")
SIDE_BY_SIDE = "so-sanh.html"
DOTS_PER_INCH = 80
SCREENS = (390, 1280)
_NEEDED = {"soffice": "LibreOffice", "pdftoppm": "poppler-utils", "chromium": "Chromium"}


def main() -> None:
    missing = [f"{name} ({command})" for command, name in _NEEDED.items() if not shutil.which(command)]
    if missing or os.name != "posix":
        sys.exit(
            f"Chưa vẽ được: máy này thiếu {', '.join(missing) or 'môi trường Linux hoặc macOS'}. "
            "Xin cài thêm rồi chạy lại: make look"
        )
    project = shipped()
    if PICTURES.exists():
        shutil.rmtree(BEFORE, ignore_errors=True)
        PICTURES.rename(BEFORE)
    PICTURES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        finished = run_period(project, project.plan.period(PERIOD), Folders(Path("inputs"), Path(home)))
        papers = [
            *sorted(finished.folder.glob("*.xlsx")),
            *sorted(finished.folder.glob("*.docx")),
            marked_copy(finished.folder),
            *blank_forms(project, Path(home, "mau")),
        ]
        print_papers(papers, Path(home))
        show_page(finished.folder / "index.html", Path(home, "profile"))
        for picture in finished.folder.glob("*.png"):
            shutil.copy(picture, PICTURES)
    compare(PICTURES, BEFORE)
    for picture in sorted(PICTURES.iterdir()):
        print(picture)


def blank_forms(project: Project, folder: Path) -> list[Path]:
    """A blank form of the first unit and of the last, which lead different tasks."""
    folder.mkdir()
    period = project.plan.period(PERIOD)
    reporting = project.register.reporting_on(period.date_to)
    units = (reporting[0], reporting[-1])
    paths = [folder / f"mau-{unit.unit_id}.xlsx" for unit in units]
    for unit, path in zip(units, paths, strict=True):
        write_blank_form(path, project, unit, period)
    return paths


def marked_copy(folder: Path) -> Path:
    """The fullest of the copies that go back, under a name that tells what it is."""
    fullest = max(
        sorted((folder / "phan-hoi").glob("*.xlsx")), key=lambda path: path.with_suffix(".txt").stat().st_size
    )
    return fullest.rename(fullest.with_stem(f"phan-hoi-{fullest.stem}"))


def print_papers(papers: list[Path], home: Path) -> None:
    """Print each paper to PDF, then each page of it to a picture that is named after paper and page."""
    profile = f"-env:UserInstallation={(home / 'office').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(home), *map(str, papers)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for paper in papers:
        printed = home / f"{paper.stem}.pdf"
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", str(printed), str(PICTURES / paper.stem)], check=True
        )


def show_page(page: Path, profile: Path) -> None:
    """The whole page, from top to bottom, at each width."""
    with Browser(profile) as browser:
        for width in SCREENS:
            browser.open(page, width)
            shot = browser.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)
            (PICTURES / f"{page.stem}-{width}.png").write_bytes(base64.b64decode(shot["data"]))


def compare(now: Path, before: Path) -> None:
    """A page that shows each picture beside the one of the same name before; where there was none, alone."""
    names = sorted({path.name for folder in (now, before) for path in folder.glob("*.png")})
    rows = (
        tag("tr", *(tag("td", tag("img", src=f"../{folder.name}/{name}", alt=name)) for folder in (before, now)))
        for name in names
    )
    heads = tag("tr", tag("th", "Trước"), tag("th", "Nay"))
    look = tag("style", Html("img{max-width:100%}td{width:50%;vertical-align:top}"))
    page = tag("html", tag("meta", charset="utf-8"), look, tag("table", heads, *rows), lang="vi")
    (now / SIDE_BY_SIDE).write_text(f"<!DOCTYPE html>\n{page}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
