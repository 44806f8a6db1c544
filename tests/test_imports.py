"""The house as imports show it: one direction, each library in one place, and a command line that starts light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import pipeline
from pipeline.publish import outputs

ROOT = Path(pipeline.__file__).parent
# From the top of the house down: a module imports what stands on a lower line, and of its own line only its own part.
LAYERS = (
    ("__main__",),
    ("cli",),
    ("screen", "wording", "ending"),
    ("commands",),
    ("evaluate",),
    ("reading", "samples"),
    ("intake", "convert", "judge", "figures", "publish", "sent"),  # the stages
    ("files", "records", "judged"),
    ("declare",),
    ("values",),
    ("words",),
)
# What only some of those above it may know, and a library that has one home.
READERS_OF = {"files": {"intake", "reading"}}
LIBRARIES = {
    "python_calamine": "files",
    "zlib_ng": "files",
    "xlsxwriter": "publish",
    "docx": "publish",
    "lxml": "publish",
    "fastparquet": "publish",
    "PIL": "publish",
    "pandera": "judge",
    "click": "cli wording",
    "rich": "screen",
    "distributed": "reading",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
}

MODULES = sorted(ROOT.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(path: Path) -> str:
    """The stage of a module, or its own name where it stands above the stages."""
    inside = path.relative_to(ROOT).parts
    return inside[0] if len(inside) > 1 else path.stem


@cache
def imported(path: Path) -> frozenset[str]:
    """Full names of the modules that a module imports, wherever in it."""
    return frozenset(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_parts(path: Path) -> set[str]:
    """The parts of the pipeline that a module imports."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("pipeline.") and "__" not in name}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def level(name: str) -> int:
    """How high a part stands."""
    [height] = [height for height, names in enumerate(reversed(LAYERS)) if name in names]
    return height


@pytest.mark.parametrize("path", [path for path in MODULES if part(path) != "__init__"], ids=named)
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    mine = part(path)
    for other in own_parts(path) - {mine}:
        assert level(other) < level(mine), other
        assert mine in READERS_OF.get(other, {mine}), other


def test_every_part_of_the_house_has_its_place_and_every_place_its_part() -> None:
    assert {part(path) for path in MODULES} - {"__init__"} == {name for names in LAYERS for name in names}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_lives_in_one_place(library: str) -> None:
    users = {part(path) for path in MODULES if any(name.split(".")[0] == library for name in imported(path))}
    assert users == set(LIBRARIES[library].split())


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """`x.y()` as (x, y)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            yield (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")), node.func.attr


def test_the_clock_is_read_only_by_the_command_line() -> None:
    readers = {named(path) for path in MODULES if CLOCKS & set(calls(path))}
    assert readers == {"cli.py"}


def test_no_two_modules_import_each_other() -> None:
    names = {
        f"pipeline.{path.relative_to(ROOT).with_suffix('').as_posix().replace('/', '.')}": path for path in MODULES
    }
    edges = {name: {other for other in imported(path) if other in names} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join((*above, name))
        if name not in done:
            for other in sorted(edges[name]):
                visit(other, (*above, name))
            done.add(name)

    for name in names:
        visit(name, ())


def texts(path: Path) -> Iterator[str]:
    """The pieces of text in the code of a module, docstrings left aside."""
    told = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_names_of_outputs_are_spelt_once() -> None:
    documents = (outputs.WORKBOOK.stem, outputs.ANNEX.stem, outputs.REPORT.stem, outputs.LETTER.stem)
    files = (
        outputs.RECORD,
        outputs.PAGE,
        outputs.PICTURE,
        outputs.TABLES,
        outputs.OTHER_PERIODS,
        outputs.FEEDBACK,
        outputs.KEPT,
    )
    written = [(named(path), text) for path in MODULES for text in texts(path)]
    for name in (*documents, *files, outputs.GROUP_MESSAGE):
        assert [module for module, text in written if name in text] == ["publish/outputs.py"], name


def test_modules_are_named_for_what_they_hold() -> None:
    assert [named(path) for path in MODULES if path.stem in ("utils", "helpers", "common", "misc")] == []


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


@pytest.mark.parametrize(
    ("module", "needed"),
    [
        ("pipeline.cli", []),
        ("pipeline.declare.project", []),
        ("pipeline.reading.batch", ["python_calamine"]),
        ("pipeline.commands.templates", ["xlsxwriter", "python_calamine"]),
    ],
)
def test_it_starts_without_what_it_does_not_need(module: str, needed: list[str]) -> None:
    heavy = ("pandas", "numpy", "pandera", "openpyxl", "xlsxwriter", "python_calamine", "rich", "PIL")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(needed)
