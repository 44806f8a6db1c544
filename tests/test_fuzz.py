"""Whatever bytes lie in the folder: no exception, every file accounted for, nothing invented in the totals."""

import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declare.project import Project
from pipeline.judged.evaluation import Evaluation
from tests import corpus
from tests.builders import evaluate_folder, states, truthful
from tests.examples import few

UNITS = ("XA-vinh-thai", "XA-ho-xa", "P-noi-vu", "SN-vhtt-tdtt", "P-tu-phap", "XA-vinh-o")
_MAGIC = (
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"%PDF",
    b"<?xml",
    b"From: a\n",
    b"\x09\x00\x04\x00",
    b"PK\x05\x06",
)
_SHEETS = [f"xl/worksheets/sheet{number}.xml" for number in range(1, 8)]
_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_TEXTS = (
    "-5",
    "1e400",
    "nan",
    "1,234",
    "khoảng 5",
    "#REF!",
    "=1+1",
    "\u0300",
    "９" * 40,
    "31/2/2025",
    "0" * 400,
    "x" * 40_000,
    "NV01",
    "Hoàn thành",
    "\ud7ff",
    "1/1/0001",
)

Forms = dict[str, bytes]


class World:
    """The project and a form of each unit; with a short name, for hypothesis prints whatever it is given."""

    def __init__(self, project: Project, forms: Forms) -> None:
        self.project, self.forms = project, forms

    def __repr__(self) -> str:
        return "world"


noise = st.builds(lambda magic, body: magic + body, st.sampled_from(_MAGIC), st.binary(max_size=2_000))
units = st.sampled_from(UNITS)
places = st.floats(0, 1, exclude_max=True)


@pytest.fixture(scope="module")
def world(project: Project, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("forms")
    return World(project, {unit_id: truthful(project, unit_id).save(folder).read_bytes() for unit_id in UNITS})


@st.composite
def flips(draw: st.DrawFn) -> "Mutation":
    where = draw(st.lists(st.tuples(places, st.integers(0, 7)), min_size=1, max_size=6))

    def mutate(forms: Forms, unit_id: str) -> bytes:
        data = bytearray(forms[unit_id])
        for place, bit in where:
            data[int(place * len(data))] ^= 1 << bit
        return bytes(data)

    return Mutation(mutate)


@st.composite
def cuts(draw: st.DrawFn) -> "Mutation":
    place, tail = draw(places), draw(st.binary(max_size=20))
    return Mutation(lambda forms, unit_id: forms[unit_id][: int(place * len(forms[unit_id]))] + tail)


@st.composite
def swaps(draw: st.DrawFn) -> "Mutation":
    """Two parts exchanged, one of them perhaps from another unit's form."""
    first, second, other = (
        draw(st.sampled_from(_SHEETS)),
        draw(st.sampled_from([*_SHEETS, corpus.STRINGS, "xl/workbook.xml"])),
        draw(units),
    )

    def mutate(forms: Forms, unit_id: str) -> bytes:
        parts, others = corpus.unpacked(forms[unit_id]), corpus.unpacked(forms[other])
        return corpus.packed({**parts, first: others[second], second: parts.get(first, b"")})

    return Mutation(mutate)


@st.composite
def rewrites(draw: st.DrawFn) -> "Mutation":
    """Cells of one sheet written anew: other texts, types and places, or gone."""
    sheet = draw(st.sampled_from(_SHEETS[1:6]))
    cells = st.tuples(
        places,
        st.sampled_from(("text", "number", "type", "place", "gone", "twice")),
        st.sampled_from(_TEXTS) | st.text(max_size=30),
    )
    chosen = draw(st.lists(cells, min_size=1, max_size=8))

    def mutate(forms: Forms, unit_id: str) -> bytes:
        parts = corpus.unpacked(forms[unit_id])
        part = parts[sheet]
        for place, how, text in chosen:
            found = list(_CELL.finditer(part))
            if found:
                cell = found[int(place * len(found))]
                part = part[: cell.start()] + _rewritten(cell[0], how, text) + part[cell.end() :]
        return corpus.packed({**parts, sheet: part})

    return Mutation(mutate)


class Mutation:
    """A way of damaging a form, with a name that is short to print."""

    def __init__(self, mutate) -> None:  # type: ignore[no-untyped-def]
        self.mutate = mutate

    def __repr__(self) -> str:
        return self.mutate.__qualname__.partition(".")[0]


def _rewritten(cell: bytes, how: str, text: str) -> bytes:
    found = re.search(rb'r="([A-Z]+[0-9]+)"', cell)
    place = found[1] if found else b"A1"
    said = text.encode("utf-8", "replace").replace(b"&", b"&amp;").replace(b"<", b"&lt;")
    return {
        "text": b'<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (place, said),
        "number": b'<c r="%s"><v>%s</v></c>' % (place, said),
        "type": cell.replace(b't="s"', b't="b"', 1) if b't="s"' in cell else cell.replace(b"<c ", b'<c t="e" ', 1),
        "place": cell.replace(place, b"XFD" + place[-2:], 1),
        "gone": b"",
        "twice": cell + cell,
    }[how]


mutated = st.tuples(units, flips() | cuts() | swaps() | rewrites() | rewrites())


def nothing_is_lost(world: World, junk: list[bytes], damaged: list[tuple[str, Mutation]]) -> None:
    """The folder stays where it is when something goes wrong, for these bytes come no second time."""
    project = world.project
    files = {f"rac/{number}.xlsx": data for number, data in enumerate(junk)}
    files |= {
        f"{number}-{unit_id}.xlsx": change.mutate(world.forms, unit_id)
        for number, (unit_id, change) in enumerate(damaged)
    }
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for file, data in files.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(data)
    try:
        _check(evaluate_folder(folder, project), files, project)
    except BaseException as error:
        error.add_note(f"The files are in {folder}")
        raise
    shutil.rmtree(folder)


def _check(done: Evaluation, files: Mapping[str, bytes], project: Project) -> None:
    assert set(states(done)) == set(files)
    told = {problem.file for problem in done.problems}
    for file, state in states(done).items():
        assert state in ("in-force", "superseded", "duplicate", "returned", "not-a-form")
        assert state in ("in-force", "superseded") or file in told, file
    assert len(done.completeness) == len(project.register.units) * len(project.plan.tasks)
    assert not (done.totals["this_period"] < 0).any()


@few(12)
@given(junk=st.lists(noise, min_size=2, max_size=5), damaged=st.lists(mutated, min_size=6, max_size=8))
def test_no_bytes_end_a_run_or_go_unaccounted(
    world: World, junk: list[bytes], damaged: list[tuple[str, Mutation]]
) -> None:
    nothing_is_lost(world, junk, damaged)


@pytest.mark.slow
@settings(few(300), derandomize=False)
@given(junk=st.lists(noise, max_size=8), damaged=st.lists(mutated, min_size=6, max_size=20))
def test_no_bytes_end_a_run_or_go_unaccounted_in_a_long_run(
    world: World, junk: list[bytes], damaged: list[tuple[str, Mutation]]
) -> None:
    nothing_is_lost(world, junk, damaged)
