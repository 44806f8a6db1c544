"""The documents say what is there: commands, paths, codes, rules, links; and the examples of the runbook load."""

import ast
import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import cli
from pipeline.commands.run import run_period
from pipeline.commands.templates import write_templates
from pipeline.declare.project import Project, load_project
from pipeline.publish.forms.reference import form_reference
from pipeline.publish.sheets import SHEETS
from pipeline.reading.periods import Folders
from pipeline.words.names import fold
from tests.builders import OF_YEAR, YEAR

ROOT = Path(__file__).parent.parent
README, GUIDE, RUNBOOK = ROOT / "README.md", ROOT / "docs/huong-dan-can-bo.md", ROOT / "docs/runbook-new-year.md"
PAGES = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")))

_TARGET = re.compile(r"^([a-z0-9 -]+):.*## ", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ROOMS = "|".join(path.name for path in (ROOT / "pipeline").iterdir() if path.is_dir())
_OWN_PATH = re.compile(rf"`((?:schemas|pipeline|tests|docs|bench|{_ROOMS})/[\w./-]+)`")
_MACHINE_PATH = re.compile(r"(?<![\w.])(?:/(?:home|tmp|work|root|Users|mnt)/|[A-Z]:\\Users\\)")
_RULE = re.compile(r"\bR\d\d[a-z]?\b")
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)+")
_BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_TREES = {
    path.relative_to(ROOT / "pipeline"): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "pipeline").rglob("*.py"))
}

page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)


def make_targets() -> list[str]:
    return [
        word for words in _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")) for word in words.split()
    ]


def test_every_command_is_named_in_readme_and_guide_or_readme() -> None:
    texts = README.read_text(encoding="utf-8") + GUIDE.read_text(encoding="utf-8")
    for name in cli.commands:
        assert re.search(rf"(?:cchc|python -m pipeline) {name}\b", texts), (
            f"lệnh “{name}” chưa có trong README hay hướng dẫn"
        )


def test_every_make_target_is_named() -> None:
    texts = README.read_text(encoding="utf-8") + GUIDE.read_text(encoding="utf-8")
    for word in make_targets():
        assert f"`make {word}" in texts, f"“make {word}” chưa có trong README hay hướng dẫn"


def test_every_word_that_is_said_to_make_is_a_target_or_a_period(project: Project) -> None:
    said = set(re.findall(r"`make ([\w-]+)", README.read_text(encoding="utf-8") + GUIDE.read_text(encoding="utf-8")))
    periods = {word for period in project.plan.periods for word in (period.code, *period.also)}
    assert said & periods
    assert said <= {*make_targets(), *periods}


def test_windows_has_the_words_of_the_makefile() -> None:
    batch = (ROOT / "make.bat").read_text(encoding="utf-8")
    for word in make_targets():
        assert f'"%WORD%"=="{word}"' in batch, f"make.bat chưa có “{word}”"
    last = batch.rpartition('if /i "%WORD%"')[2].partition(":help")[0]
    assert '-m pipeline run "%WORD%" --today %YEAR%' in last  # any other word is a period


def test_make_quick_runs_modules_that_are_there() -> None:
    chosen = (ROOT / "tests/quick.txt").read_text(encoding="utf-8").split()
    assert len(chosen) == len(set(chosen))
    for path in chosen:
        assert (ROOT / path).is_file(), path


def test_readme_is_short_and_begins_in_vietnamese_with_the_way_to_the_guide() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
    paragraph = next(line for line in lines if line and not line.startswith("#"))
    assert "docs/huong-dan-can-bo.md" in paragraph


def where_to_change() -> dict[str, set[str]]:
    """The paths that each row of the table names, by what one wants to change."""
    table = README.read_text(encoding="utf-8").partition("## Where to change what")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| ") and "---" not in line][1:]
    return {wish.strip(): set(re.findall(r"`([\w./-]+/[\w./-]*)`", paths)) for wish, paths in rows}


def test_every_row_of_where_to_change_what_points_at_a_file() -> None:
    for wish, paths in where_to_change().items():
        assert paths, wish
        assert all((ROOT / path).is_file() for path in paths), wish


def test_every_declaration_is_named_where_one_looks_for_what_to_change() -> None:
    """A plan stands for those of other years, a form for its other versions."""
    named = set[str]().union(*where_to_change().values())
    rooms = {path.rpartition("/")[0] for path in named} - {"schemas"}
    declarations = {path.relative_to(ROOT) for path in (ROOT / "schemas").rglob("*.*")}
    assert not [path for path in declarations if path.as_posix() not in named and path.parent.as_posix() not in rooms]


def test_the_row_of_the_workbook_names_all_that_a_new_sheet_touches() -> None:
    [paths] = [paths for wish, paths in where_to_change().items() if "sheet to the workbook" in wish]
    rooms = {sheet.described_by.partition(":")[0] for sheet in SHEETS}
    assert {"pipeline/publish/sheets.py", *(f"pipeline/publish/workbook/{room}.py" for room in rooms)} <= paths


def test_readme_shows_exactly_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples without figures of their own: `make q3` on the samples, `cchc check` of one of them.

    By the plan of the samples' year: a newer one may stand beside it.
    """
    monkeypatch.chdir(ROOT)
    text = README.read_text(encoding="utf-8")
    file = re.search(r'^\$ cchc check "(.+)"$', text, re.MULTILINE)
    assert file
    assert f"{file[0]}\n{CliRunner().invoke(cli, ['check', file[1], *OF_YEAR]).stdout}$ " in text
    ran = CliRunner().invoke(cli, ["run", "q3", *OF_YEAR, "--outputs", str(tmp_path)]).stdout
    ran = ran.replace(f"{tmp_path}/", "outputs/")
    assert f"```\n{ran}```" in text


@page
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        place = page.parent / name if name else page
        assert place.exists(), target
        assert not anchor or anchor in _anchors(place), target


def _anchors(path: Path) -> set[str]:
    """The names that GitHub gives to headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_pictures_are_small_and_each_is_shown_and_renewed_by_the_script() -> None:
    pictures = sorted((ROOT / "docs/pictures").glob("*.png"))
    shown = "".join(place.read_text(encoding="utf-8") for place in PAGES)
    script = (ROOT / "bench/guide_pictures.py").read_text(encoding="utf-8")
    assert len(pictures) >= 7
    assert max(path.stat().st_size for path in pictures) < 150_000
    assert [path.name for path in pictures if f"pictures/{path.name}" not in shown] == []
    assert [path.name for path in pictures if f'"{path.stem}"' not in script] == []


@page
def test_paths_named_in_the_text_exist(page: Path) -> None:
    for path in _OWN_PATH.findall(page.read_text(encoding="utf-8")):
        is_example = path in _example_files()
        assert is_example or (ROOT / path).exists() or (ROOT / "pipeline" / path).exists(), path


def _example_files() -> set[str]:
    """Files that only the examples of the runbook make."""
    return {f"schemas/{name}" for _, name, _ in _BLOCK.findall(RUNBOOK.read_text(encoding="utf-8"))}


@page
def test_no_path_of_a_machine(page: Path) -> None:
    assert not _MACHINE_PATH.search(page.read_text(encoding="utf-8"))


def test_form_reference_is_what_the_declarations_say() -> None:
    written = (ROOT / "docs/form-reference.md").read_text(encoding="utf-8")
    assert written == form_reference(load_project(ROOT / "schemas")), "chạy lại: python -m pipeline reference"


def test_codes_of_the_catalogue_are_those_that_the_code_uses(project: Project) -> None:
    words: set[str] = set()
    codes: set[str] = set()
    for tree in _TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            if isinstance(node, ast.Call):
                codes.update(_codes(node))
    catalogue = set(project.catalogue.codes)
    assert codes <= catalogue, f"chưa có trong schemas/problems.toml: {sorted(codes - catalogue)}"
    assert catalogue <= words, f"không còn dùng: {sorted(catalogue - words)}"


def _codes(call: ast.Call) -> Iterator[str]:
    """The problem codes that a call names: where a problem is made, and in keywords that hold a code."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    values = [keyword.value for keyword in call.keywords if keyword.arg in ("code", "error")]
    if name in ("Problem", "problem_at", "at", "figure", "_at", "RefusedError", "Look", "Opened"):
        values += call.args
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and _CODE.fullmatch(value.value):
            yield value.value


def test_rules_page_has_every_rule_with_codes_that_exist(project: Project) -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    listed = {match[1] for match in re.finditer(r"^\| (R\d\d[a-z]?) \|", text, re.MULTILINE)}
    in_code = {
        rule
        for path in (ROOT / "pipeline/judge").glob("*.py")
        for rule in _RULE.findall(path.read_text(encoding="utf-8"))
    }
    in_plan = {check.id for check in project.plan.checks}
    assert in_plan <= listed
    assert {rule for rule in in_code if rule not in listed and not any(name[:3] == rule for name in listed)} == set()
    for line in text.splitlines():
        if line.startswith("| R"):
            codes = [word for cell in line.split("|")[3:] for word in re.findall(r"`([a-z-]+)`", cell)]
            kinds = {check.rule for check in project.plan.checks}
            assert [code for code in codes if code in project.catalogue.codes], line
            assert all(code in project.catalogue.codes or code in kinds for code in codes), line


def test_guide_explains_every_state_and_severity(project: Project) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    labels = [*project.labels["state"].values(), *project.catalogue.severities.values()]
    for label in labels:
        assert f"| {label} |" in text, label
    for label in project.labels["verdict"].values():
        assert f"*{label}*" in text, label


def test_the_guide_names_every_sheet_that_is_written() -> None:
    table = GUIDE.read_text(encoding="utf-8").partition("## 5. ")[2].partition("\n---")[0]
    names = {
        name for line in table.splitlines() if line.startswith("|") for name in re.findall(r"`([A-ZĐ][^`.\\]+)`", line)
    }
    assert names == {sheet.name for sheet in SHEETS}


@pytest.fixture
def five_communes(tmp_path: Path) -> Path:
    """The declarations after every step of the runbook's worked example."""
    schemas = tmp_path / "schemas"
    shutil.copytree(ROOT / "schemas", schemas)
    blocks = {name: text for _, name, text in _BLOCK.findall(RUNBOOK.read_text(encoding="utf-8"))}
    units = list(csv.DictReader(io.StringIO((schemas / "units.csv").read_text(encoding="utf-8"))))
    cells = {row["unit_id"]: row for row in csv.DictReader(io.StringIO(blocks["units.csv, cells to fill in"]))}
    assert set(cells) == {row["unit_id"] for row in units if row["unit_id"].startswith("XA-")}
    closed = [{**row, "valid_to": "2025-06-30", **cells.get(row["unit_id"], {})} for row in units]
    _write_units(schemas, [*closed, *csv.DictReader(io.StringIO(blocks["units.csv, new rows"]))])
    (schemas / "plans/2026.toml").write_text(blocks["plans/2026.toml"], encoding="utf-8")
    plan = schemas / "plans/2025.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("[kinds]\n", "[kinds]\n" + blocks["plans/2025.toml, under [kinds]"]), encoding="utf-8")
    return schemas


def _write_units(schemas: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (schemas / "units.csv").write_text(out.getvalue(), encoding="utf-8")


def test_runbook_example_makes_five_forms_and_a_workbook(five_communes: Path, tmp_path: Path) -> None:
    project = load_project(five_communes, 2026)
    period = project.plan.period("6t")
    folders = Folders(tmp_path / "inputs", tmp_path / "outputs")
    folders.inputs.mkdir()
    assert len(write_templates(project, period, folders).paths) == 5
    finished = run_period(project, period, folders)
    assert finished.workbook.exists()
    assert len(finished.report.judged.settlement.units) == 5
    assert len(finished.report.judged.completeness) == 5 * 3
    named = README.read_text(encoding="utf-8").partition("## What comes out")[2].partition("\n## ")[0]
    for path in finished.folder.iterdir():
        assert f"`{path.name.partition('_')[0]}" in named, f"README chưa nói đến {path.name}"


def test_runbook_example_leaves_the_old_plan_running(five_communes: Path) -> None:
    project = load_project(five_communes, YEAR)
    by_period = {code: project.register.reporting_on(project.plan.period(code).date_to) for code in ("6t", "q3")}
    assert len([unit for unit in by_period["6t"] if unit.kind in ("xa", "thi-tran")]) == 18
    assert len(by_period["q3"]) == 5
    assert {unit.successor for unit in by_period["6t"] if unit.successor} == {unit.unit_id for unit in by_period["q3"]}


def test_runbook_extends_a_deadline_with_one_line(tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(ROOT / "schemas", schemas)
    block = next(
        text
        for _, name, text in _BLOCK.findall(RUNBOOK.read_text(encoding="utf-8"))
        if name == "plans/2025.toml, period q3"
    )
    plan = schemas / "plans/2025.toml"
    old = plan.read_text(encoding="utf-8")
    new = old.replace("file_by = 2025-09-16\n", block)
    assert new != old
    plan.write_text(new, encoding="utf-8")
    assert load_project(schemas, YEAR).plan.period("q3").last_day == date(2025, 9, 18)


def test_runbook_renames_a_unit_with_one_row(tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(ROOT / "schemas", schemas)
    block = next(
        text
        for _, name, text in _BLOCK.findall(RUNBOOK.read_text(encoding="utf-8"))
        if name.startswith("units.csv, the row of")
    )
    renamed = {row["unit_id"]: row for row in csv.DictReader(io.StringIO(block))}
    units = list(csv.DictReader(io.StringIO((schemas / "units.csv").read_text(encoding="utf-8"))))
    old_name = {row["unit_id"]: row["name"] for row in units}
    _write_units(schemas, [renamed.get(row["unit_id"], row) for row in units])
    register = load_project(schemas, YEAR).register
    for unit_id, row in renamed.items():
        assert old_name[unit_id] != row["name"]
        assert register.by_name[fold(old_name[unit_id])][0].name == row["name"]
