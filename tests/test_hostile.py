"""Hostile and broken files beside good forms: nothing ends the run, every file is accounted for."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.declare.project import Project
from pipeline.files.limits import Limits
from pipeline.intake.gather import gather
from pipeline.reading.batch import all_readings
from pipeline.reading.periods import read_folder
from pipeline.values.forms import Reading
from tests import corpus
from tests.builders import frames_of, truthful
from tests.openers import Opener

GOOD = ("XA-vinh-thai", "XA-ho-xa", "P-noi-vu")


@pytest.fixture(scope="module")
def good(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Three truthful forms as bytes."""
    folder = tmp_path_factory.mktemp("good")
    return {unit_id: truthful(project, unit_id).save(folder).read_bytes() for unit_id in GOOD}


@pytest.fixture(scope="module")
def form(good: dict[str, bytes]) -> bytes:
    return good["XA-vinh-thai"]


@pytest.fixture(scope="module")
def hostile(form: bytes) -> dict[str, bytes]:
    return corpus.hostile(form)


@pytest.fixture(scope="module")
def stretched_form(form: bytes) -> bytes:
    """A form with a million formatted blank rows below its own: half a second to read."""
    return corpus.changed(form, corpus.ACTIVITIES, corpus.with_rows(corpus.blank_rows(1_000, 1_001_000)))


@pytest.fixture(scope="module")
def reader() -> Iterable[Opener]:
    with Opener() as reader:
        yield reader


def test_a_folder_of_bad_files_beside_good_forms_is_read_to_the_end(
    project: Project, good: dict[str, bytes], form: bytes, hostile: dict[str, bytes], tmp_path: Path
) -> None:
    held = _peak_megabytes()
    alone = _write(tmp_path / "alone", {f"tot/{unit_id}.xlsx": data for unit_id, data in good.items()})
    beside = _write(tmp_path / "beside", {f"tot/{unit_id}.xlsx": data for unit_id, data in good.items()})
    _write(beside, {f"hai/{name}.xlsx": data for name, data in hostile.items()})
    _write(beside, {f"cut/{number:03}.xlsx": data for number, data in enumerate(corpus.truncated(form))})
    _write(beside, {f"lat/{number:03}.xlsx": data for number, data in enumerate(corpus.flipped(form, 200, seed=11))})
    readings = _read(beside, project)
    assert len(readings) == 3 + len(hostile) + 99 + 200
    codes = set(project.catalogue.codes)
    for reading in readings:
        assert reading.is_form or [
            problem for problem in reading.problems if problem.code in codes and problem.file == reading.file
        ], reading.file
    kept = [reading for reading in readings if reading.file.startswith("tot/")]
    assert _values(kept, project) == _values(_read(alone, project), project)
    assert all(reading.is_form for reading in kept)
    assert _peak_megabytes() <= max(held, 1000)
    together = all_readings(read_folder(beside, project, project.plan.period("q3")))
    assert [_codes(reading) for reading in together] == [_codes(reading) for reading in readings]
    assert [(reading.file, reading.kind, reading.sha256) for reading in together] == [
        (reading.file, reading.kind, reading.sha256) for reading in readings
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ratio", "file-too-large"),
        ("ratio-notes", "file-too-large"),
        ("ratio-picture", ""),
        ("nested", "file-type-unsupported"),
        ("far-cell", ""),
        ("far-corner", ""),
        ("far-column", "file-too-large"),
        ("many-strings", "file-corrupt"),
        ("type-declaration", "file-corrupt"),
        ("outside-entity", "file-corrupt"),
        ("deep-sheet", "file-corrupt"),
        ("deep-workbook", "file-corrupt"),
        ("deep-strings", "file-corrupt"),
        ("same-name-twice", "file-corrupt"),
        ("backslash", ""),
        ("odd-compression", "file-corrupt"),
        ("thousands-of-parts", "file-too-large"),
        ("no-such-string", "file-corrupt"),
        ("wide-letters", ""),
        ("wide-letters-cut", "file-corrupt"),
        ("other-letters", "file-corrupt"),
        ("no-sheets", "file-corrupt"),
        ("two-sheets-of-one-name", "file-corrupt"),
        ("only-a-directory", "file-corrupt"),
        ("nothing-but-zeros", "file-corrupt"),
    ],
)
def test_each_attempt_has_its_code(reader: Opener, hostile: dict[str, bytes], name: str, code: str) -> None:
    opened = reader.open(hostile[name])
    assert opened.code == code
    assert code or len(opened.sheets) == 8


def test_every_attempt_in_the_corpus_is_asserted_on(hostile: dict[str, bytes]) -> None:
    marks = test_each_attempt_has_its_code.pytestmark  # type: ignore[attr-defined]
    assert {name for name, _ in marks[0].args[1]} == set(hostile)


def test_a_form_with_a_million_formatted_blank_rows_is_read_for_its_real_rows(
    project: Project, form: bytes, stretched_form: bytes, tmp_path: Path
) -> None:
    folder = _write(tmp_path, {"bieu.xlsx": form, "dai.xlsx": stretched_form})
    plain, stretched = _read(folder, project)
    assert stretched.is_form and stretched.tables == plain.tables and stretched.card == plain.card
    assert _codes(stretched) == _codes(plain)


def test_an_enormous_file_is_named_without_being_held(project: Project, reader: Opener, tmp_path: Path) -> None:
    held = _peak_megabytes()
    with (tmp_path / "lon.xlsx").open("wb") as handle:
        handle.truncate(300_000_000)
    [arrival] = gather(tmp_path, project.plan.zone)
    [problem] = reader.read(arrival, project, project.plan.period("q3")).problems
    assert (problem.code, problem.facts["detail"]) == ("file-too-large", "tệp nặng 300 MB")
    assert _peak_megabytes() <= max(held, 250)


def test_a_far_cell_without_content_does_not_matter(project: Project, form: bytes, tmp_path: Path) -> None:
    far = corpus.changed(form, corpus.FIGURES, corpus.with_rows(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'))
    plain, stretched = _read(_write(tmp_path, {"a.xlsx": form, "b.xlsx": far}), project)
    assert stretched.tables == plain.tables


def test_a_file_that_ends_the_reading_process_is_named_and_the_next_is_read(
    form: bytes, hostile: dict[str, bytes]
) -> None:
    careless = Limits(rows=10**9, columns=10**9, cells=10**18, declared_strings=10**12)
    with Opener(careless) as reader:
        assert reader.open(hostile["far-cell"]).code == "file-too-large"
        assert reader.open(hostile["many-strings"]).code in ("file-too-large", "file-corrupt")
        assert reader.open(form).code == ""


def test_a_file_that_takes_too_long_is_named_and_the_next_is_read(form: bytes, stretched_form: bytes) -> None:
    with Opener(Limits(seconds=0.1)) as reader:
        opened = reader.open(stretched_form)
        assert (opened.code, opened.facts["detail"]) == ("file-too-large", "mở quá lâu")
    with Opener() as reader:
        assert reader.open(form).code == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_file_that_takes_too_much_memory_is_named_and_the_next_is_read(form: bytes) -> None:
    wide = corpus.book("".join(f'<row r="{row}"><c r="CV{row}"><v>1</v></c></row>' for row in range(1, 60_001)))
    with Opener(Limits(memory_bytes=150_000_000)) as reader:
        assert reader.open(wide).code == "file-too-large"
        assert reader.open(form).code == ""


def test_damage_inside_parts_never_ends_the_run(form: bytes) -> None:
    with Opener() as reader:
        for data in corpus.shuffled_parts(form, 150, seed=5):
            opened = reader.open(data)
            assert opened.code or opened.sheets


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_more_damage_inside_parts_never_ends_the_run(form: bytes, seed: int) -> None:
    with Opener() as reader:
        for data in (*corpus.shuffled_parts(form, 300, seed), *corpus.flipped(form, 300, seed)):
            opened = reader.open(data)
            assert opened.code or opened.sheets


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _read(folder: Path, project: Project) -> list[Reading]:
    """The files of a folder, one after the other; one that takes longer than the limits allow is not read as a form."""
    period = project.plan.period("q3")
    with Opener() as reader:
        return [reader.read(arrival, project, period) for arrival in gather(folder, project.plan.zone)]


def _values(readings: Iterable[Reading], project: Project) -> dict[str, str]:
    frames = frames_of(list(readings), project, project.plan.period("q3"))
    return {name: frame.drop(columns=["doc"]).to_csv() for name, frame in frames.items()}


def _codes(reading: Reading) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.sheet, problem.cell) for problem in reading.problems]


def _peak_megabytes() -> float:
    """The most that this process or one of its children held at once, whatever they did, where the system tells."""
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / unit
