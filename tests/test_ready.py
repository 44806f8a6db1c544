"""The light of a form: green exactly where `check` asks nothing that a form can ask, as stored and as computed."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.commands.check import STANDARD, check_one
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.publish.forms.blank_form import Answers, write_blank_form
from pipeline.publish.forms.places import CARD_FIRST_ROW
from pipeline.reading.executors import Engine
from tests.builders import address
from tests.office import XLSX, at_the_keyboard, need_office
from tests.ready_fills import Fill, random_fill, sound_fill

UNIT = "XA-vinh-thai"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with STANDARD.kept() as engine:
        yield engine


def light_cell(project: Project) -> tuple[str, str]:
    return project.form.card.name, f"C{CARD_FIRST_ROW + 1 + project.form.card.keys.index('ready')}"


def asked_on_form(project: Project, path: Path, engine: Engine, period: Period) -> list[tuple[str, str, str]]:
    found = check_one(project, path, path.name, engine, period)
    return [(item.cell, item.field, item.code) for item in found.problems if project.catalogue.is_on_form(item)]


def stored(path: Path, cell: str) -> str:
    """What a cell of the card holds before anybody opens the file."""
    with zipfile.ZipFile(path) as parts:
        card = parts.read("xl/worksheets/sheet2.xml").decode()
    found = re.search(rf'<c r="{cell}"[^>]*><f>[^<]*</f><v>([^<]*)</v>', card)
    assert found
    return found[1]


def law_broken(
    project: Project, folder: Path, count: int, seed: int, engine: Engine
) -> tuple[list[tuple[str, str, str, object]], int]:
    """The fills in which stored light, computed light and check do not agree; and how many lights are green."""
    rng, forms = Random(seed), list[tuple[Path, Period]]()
    for number in range(count):
        period = rng.choice(project.plan.periods)
        unit = rng.choice(project.register.reporting_on(period.date_to))
        forms.append((folder / f"{number:04}.xlsx", period))
        write_blank_form(forms[-1][0], project, unit, period, random_fill(rng, project, unit, period))
    sheet, cell = light_cell(project)
    jobs = [{"open": str(path), "calculate": True, "look": [[sheet, cell]]} for path, _ in forms]
    ready = project.form.light["ready"]
    broken, greens = [], 0
    for (path, period), done in zip(forms, at_the_keyboard(jobs), strict=True):
        asked, computed = asked_on_form(project, path, engine, period), done["found"][0]["text"]
        greens += computed == ready
        if computed != stored(path, cell) or (computed == ready) == bool(asked):
            broken.append((path.name, stored(path, cell), computed, asked))
    return broken, greens


def test_the_light_is_green_exactly_where_check_asks_nothing_of_the_form(
    project: Project, tmp_path: Path, engine: Engine
) -> None:
    need_office()
    broken, greens = law_broken(project, tmp_path, 20, 77, engine)
    assert broken == []
    assert 0 < greens < 20


@pytest.mark.slow
def test_the_law_of_the_light_holds_over_a_thousand_forms(project: Project, tmp_path: Path, engine: Engine) -> None:
    need_office()
    for part in range(10):
        folder = tmp_path / str(part)
        folder.mkdir()
        assert law_broken(project, folder, 100, 1000 + part, engine)[0] == []


@pytest.fixture(scope="module")
def sound(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with a green light."""
    path, period = tmp_path_factory.mktemp("sound") / "a.xlsx", project.plan.period("q3")
    unit = project.register.by_id[UNIT]
    write_blank_form(path, project, unit, period, Answers(**sound_fill(Random(3), project, unit, period)))
    return path


def rewritten(source: Path, target: Path, changes: Sequence[tuple[str, str]]) -> Path:
    """The same form whose formulas some program or person left otherwise."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename.startswith("xl/worksheets/sheet"):
                text = part.decode()
                for pattern, instead in changes:
                    text = re.sub(pattern, instead, text)
                part = text.encode()
            new.writestr(info, part)
    return target


FORMULA = r'(<c r="[A-Z]+\d+"(?: s="\d+")?)(?: t="str")?><f[^>]*(?:/>|>[^<]*</f>)(?:<v>([^<]*)</v>|<v/>)</c>'


@pytest.mark.parametrize(
    "changes",
    [
        [(FORMULA, r'\1 t="e"><f>NOSUCH(1)</f><v>#NAME?</v></c>')],
        [(FORMULA, r'\1 t="inlineStr"><is><t>\2</t></is></c>')],
        [(FORMULA, r"\1/>")],
        [(FORMULA, r"\1><f>1+1</f></c>")],
        [(FORMULA, r"\1><v>0</v></c>")],
        [(r"<sheetProtection[^>]*/>", "")],
    ],
    ids=["unknown function", "pasted values", "emptied", "no value", "zero for a text", "unprotected"],
)
def test_whatever_became_of_the_light_is_nobodys_error(
    project: Project, sound: Path, tmp_path: Path, engine: Engine, changes: list[tuple[str, str]]
) -> None:
    path = rewritten(sound, tmp_path / "a.xlsx", changes)
    found = check_one(project, path, path.name, engine, project.plan.period("q3"))
    assert [(item.sheet, item.cell, item.code) for item in found.problems] == []


def test_rows_that_name_no_activity_are_not_counted_against_the_figures(
    project: Project, tmp_path: Path, engine: Engine
) -> None:
    """Biểu 2 has one news item; of a second row in Biểu 3 the light asks only where it names something."""
    path, period, unit = tmp_path / "a.xlsx", project.plan.period("q3"), project.register.by_id[UNIT]
    fill = sound_fill(Random(3), project, unit, period)
    fill["figures"] |= {"CT01": {"value": 1}, "CT02": {"value": "-"}}
    news = {**fill["activities"][0], "form": project.form.label("form", "portal")}
    others = [{**line, "form": project.form.label("form", "other")} for line in fill["activities"][1:]]
    for title, is_green in (("Khong co", True), ("Không phát sinh", True), ("-", True), ("Tin thứ hai", False)):
        answers = Answers(**{**fill, "activities": [news, *others, {**news, "title": title}]})
        write_blank_form(path, project, unit, period, answers)
        light, asked = stored(path, light_cell(project)[1]), asked_on_form(project, path, engine, period)
        assert (light == project.form.light["ready"], not asked) == (is_green, is_green), (title, asked)


def test_check_says_of_each_problem_whether_the_form_asks_for_it(
    project: Project, tmp_path: Path, engine: Engine
) -> None:
    path, period = tmp_path / "a.xlsx", project.plan.period("q3")
    write_blank_form(path, project, project.register.by_id[UNIT], period)
    told: list[dict[str, Any]] = check_one(project, path, path.name, engine, period).as_dict()["problems"]
    assert {item["code"] for item in told if item["on_form"]} >= {"value-missing", "task-row-blank"}


def keyed(value: object) -> str:
    """What somebody types for a value on a Vietnamese keyboard."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def places_of(project: Project, fill: Fill) -> Iterator[tuple[str, str, str, str]]:
    """Each fact of a form: its sheet, the cell of the mark of its row, its cell, what is typed."""
    for key, value in fill["card"].items():
        cell = address(project, "card", key)
        yield project.form.card.name, f"E{cell[1:]}", cell, keyed(value)
    rows: dict[str, dict[str | int, Any]] = {
        **{table: fill[table] for table in ("tasks", "figures")},
        **{table: dict(enumerate(fill[table])) for table in ("activities", "requests")},
    }
    for table, answers in rows.items():
        sheet = project.form.sheets[table]
        for row, values in answers.items():
            mark = address(project, table, "ready", row)
            for key, value in values.items():
                if value is not None:
                    yield sheet.name, mark, address(project, table, key, row), keyed(value)


@pytest.mark.slow
def test_who_types_what_the_light_asks_for_comes_from_blank_to_green_and_is_read_clean(
    project: Project, tmp_path: Path, engine: Engine
) -> None:
    """Round by round: of a list of facts those are typed whose rows are marked, and the activities that prove tasks."""
    need_office()
    period, unit = project.plan.period("q3"), project.register.by_id[UNIT]
    blank, kinds = tmp_path / "blank.xlsx", {"xlsx": XLSX, "xls": "MS Excel 97", "ods": "calc8"}
    write_blank_form(blank, project, unit, period)
    facts = list(places_of(project, sound_fill(Random(5), project, unit, period)))
    open_rows = {project.form[table].name for table in ("activities", "requests")}
    typed, sheet_cell = dict[tuple[str, str], str](), light_cell(project)
    marks = sorted({(sheet, mark) for sheet, mark, *_ in facts})
    said = ""
    for _ in range(6):
        entered = [[sheet, cell, text] for (sheet, cell), text in typed.items()]
        looked = [list(sheet_cell), *map(list, marks)]
        [done] = at_the_keyboard([{"open": str(blank), "type": entered, "calculate": True, "look": looked}])
        said, *told = (cell["text"] for cell in done["found"])
        if said == project.form.light["ready"]:
            break
        marked = {place for place, text in zip(marks, told, strict=True) if text}
        before = len(typed)
        typed |= {(sheet, cell): text for sheet, mark, cell, text in facts if (sheet, mark) in marked}
        if len(typed) == before:  # what is left is proof that stands in open rows
            typed |= {(sheet, cell): text for sheet, _, cell, text in facts if sheet in open_rows}
    assert said == project.form.light["ready"]
    entered = [[sheet, cell, text] for (sheet, cell), text in typed.items()]
    jobs = [
        {"open": str(blank), "type": entered, "save": str(tmp_path / f"a.{kind}"), "filter": name}
        for kind, name in kinds.items()
    ]
    at_the_keyboard(jobs)
    for kind in kinds:
        path = tmp_path / f"a.{kind}"
        found = check_one(project, path, path.name, engine, period)
        asked = [(item.cell, item.code) for item in found.problems if item.code != "task-below-done"]  # only told
        assert (found.verdict, asked) == ("accepted", []), kind
