"""Whatever a unit types, the district gets its outputs, and every one of them opens."""

import csv
import io
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from lxml import etree
from openpyxl import load_workbook
from PIL import Image

from pipeline.commands.run import Finished, run_period
from pipeline.declare.project import Project
from pipeline.publish.excel import printable
from pipeline.reading.periods import Folders
from tests.anything import a_form
from tests.builders import save_all, truthful
from tests.lasting import LASTING

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_MOST_UNITS = 32_767
_FORMS = 2_000
_LONGEST = 2 * _MOST_UNITS  # of a CSV: an apostrophe behind every sign


def play(project: Project, home: Path, seed: int, count: int) -> Finished:
    """One run over forms of as many units, the last of them truthful, so that there is something to count."""
    units = [unit.unit_id for unit in project.register.units][:count]
    forms = [a_form(project, unit_id, 1_000 * seed + place) for place, unit_id in enumerate(units[:-1])]
    save_all(home / "inputs" / "2025" / "q3", [*forms, truthful(project, units[-1])])
    return run_period(project, project.plan.period("q3"), Folders(home / "inputs", home / "outputs"), engine=LASTING)


def faults(folder: Path) -> Iterator[str]:
    """What does not open, or holds what no cell can hold."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".xlsx":
            load_workbook(path)
            yield from _too_long(path)
        elif path.suffix == ".docx":
            docx.Document(str(path))
        elif path.suffix == ".csv":
            lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
            yield from (f"{path.name}: {len(line)} cells" for line in lines if len(line) != len(lines[0]))
            yield from (
                f"{path.name}: a cell of {len(cell)}" for line in lines for cell in line if len(cell) > _LONGEST
            )
        elif path.suffix == ".html":
            HTMLParser().feed(path.read_text(encoding="utf-8"))
        elif path.suffix == ".png":
            Image.open(path).verify()
        else:
            path.read_text(encoding="utf-8")


def _too_long(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            root = etree.fromstring(archive.read(name)) if name.endswith((".xml", ".rels")) else None
            for text in root.iter(f"{_MAIN}t") if root is not None else ():
                if len((text.text or "").encode("utf-16-le")) // 2 > _MOST_UNITS:
                    yield f"{path.name}, {name}: a text that is too long"


def test_a_folder_of_anything_ends_in_outputs_that_open(project: Project, tmp_path: Path) -> None:
    finished = play(project, tmp_path, 1, 12)
    assert list(faults(finished.folder)) == []
    problems = finished.report.tally.problems
    assert problems.count("block-row") and problems.count("question")
    assert finished.report.tally.filings.filed == 12


@pytest.mark.slow
def test_two_thousand_forms_of_anything(project: Project, tmp_path: Path) -> None:
    size = len(project.register.units)
    for seed in range(2, 2 + -(-_FORMS // size)):
        home = tmp_path / str(seed)
        assert list(faults(play(project, home, seed, size).folder)) == [], f"seed {seed}"


@pytest.mark.parametrize("figure", [100 / 3, 5e-324, 999_999_999.123456789])
def test_a_figure_with_any_number_of_decimals_is_added_and_shown(
    figure: float, project: Project, tmp_path: Path
) -> None:
    drafts = [truthful(project, "XA-vinh-thai").figures(CT05=figure, CT23b=figure), truthful(project, "XA-vinh-tu")]
    save_all(tmp_path / "inputs" / "2025" / "q3", drafts)
    finished = run_period(
        project, project.plan.period("q3"), Folders(tmp_path / "inputs", tmp_path / "outputs"), engine=LASTING
    )
    totals = dict(
        zip(finished.report.judged.totals["indicator_id"], finished.report.judged.totals["this_period"], strict=True)
    )
    other = drafts[1].answers.figures["CT05"]["value"]
    assert totals["CT05"] == pytest.approx(figure + other, rel=1e-15)
    assert list(faults(finished.folder)) == []


@pytest.mark.parametrize("count", [16_383, 16_384, 20_000, 32_767])
def test_a_cell_is_measured_as_excel_measures_it(count: int) -> None:
    written = printable("😀" * count)
    assert len(written.encode("utf-16-le")) // 2 <= _MOST_UNITS
    assert written.encode("utf-8").decode("utf-8") == written  # no half of an emoji
    assert written.startswith("😀" * 16_000) and (count <= 16_383) == (written == "😀" * count)
