"""The bench measures what it says.

Invented forms give the generator's own sums, peers add up the same, verdicts follow the figures.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from bench import desk, scale
from bench.aims import Aim, aims
from bench.generate import Generator, Sending, generate
from bench.lines import Line
from bench.measure import Measured, measure
from bench.nation import sendings
from bench.patching import Template
from bench.picture import picture
from bench.register import district, nation
from bench.report import report
from bench.typist import MISTAKES
from pipeline.commands.report import judge_period
from pipeline.declare.project import Project, load_project
from pipeline.judged.evaluation import Evaluation
from pipeline.reading.periods import Folders, read_periods

PERIOD = scale.PERIOD
UNITS = 24


def judge(folder: Path) -> Evaluation:
    invented = load_project(folder / "schemas")
    period = invented.plan.period(PERIOD)
    return judge_period(
        invented, period, read_periods(invented, period, Folders(folder / "inputs", folder / "outputs"))
    )


def said(judged: Evaluation) -> dict[str, Any]:
    lines = zip(*(judged.totals[key] for key in ("indicator_id", "this_period", "units_reporting")), strict=True)
    return {
        "totals": {name: (value, reporting) for name, value, reporting in lines},
        "accepted": len(judged.settlement.rows.accepted["activities"]),
    }


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Path:
    """Every form with a mistake, of every kind."""
    folder = tmp_path_factory.mktemp("spoiled")
    members = district(UNITS, project.register)
    generator = Generator(folder, members, PERIOD, spoiled=range(100))
    generator.write([Sending(member) for member in members])
    generator.finish()
    return folder


def test_every_mistake_is_found_once_and_the_totals_are_the_generators_own(spoiled: Path) -> None:
    sums, judged = json.loads((spoiled / "sums.json").read_text(encoding="utf-8")), judge(spoiled)
    assert scale.differences(said(judged), sums) == []
    assert Counter(problem.code for problem in judged.problems) == sums["problems"]
    assert set(sums["problems"]) == {code for code, _ in MISTAKES}
    assert sums["rejected"] == len(judged.settlement.rows.rejected)


def test_our_run_and_a_peer_come_to_the_same(spoiled: Path) -> None:
    sums = json.loads((spoiled / "sums.json").read_text(encoding="utf-8"))
    words = scale.commands(spoiled)
    results = {name: [measure(*words[name])] for name in (scale.TWO, scale.PEER_B)}
    scale.agree(results, sums)
    assert all(found.wall > 0 and found.cpu > 0 and found.peak > 20 for [found] in results.values())
    assert "validating" in results[scale.PEER_B][0].said["stages"]


def test_a_wrong_total_ends_the_bench(spoiled: Path) -> None:
    sums = json.loads((spoiled / "sums.json").read_text(encoding="utf-8"))
    right = {name: [line["value"], line["reporting"]] for name, line in sums["totals"].items()}
    good = {"totals": right, "accepted": sums["accepted"], "done": {"NV01": 3}}
    first = next(iter(right))
    bad = {**good, "totals": {**right, first: [right[first][0] + 1, right[first][1]]}}
    scale.agree({scale.OURS: [Measured(1, 1, 1, good)]}, sums)
    for other in (bad, {**good, "accepted": 0}, {**good, "done": {}}):
        with pytest.raises(SystemExit):
            scale.agree({scale.OURS: [Measured(1, 1, 1, good)], scale.PEER_A: [Measured(1, 1, 1, other)]}, sums)


def test_an_ordinary_folder_has_one_mistake_in_thirty_two(tmp_path: Path) -> None:
    sums = generate(32, tmp_path, PERIOD)
    judged = judge(tmp_path)
    assert (sums["files"], sum(sums["problems"].values())) == (32, 1)
    assert [problem.code for problem in judged.problems] == list(sums["problems"])
    assert scale.differences(said(judged), sums) == []


def test_a_later_version_replaces_the_first_in_the_sums_too(tmp_path: Path, project: Project) -> None:
    members = nation(1, project.register)
    generator = Generator(tmp_path, members, PERIOD)
    files = sendings(members, len(members) + 3)
    generator.write(files[:5])
    generator.write(files[5:])
    sums, judged = generator.finish(), judge(tmp_path)
    assert sums["files"] == len(members) + 3
    assert Counter(decision.state for decision in judged.settlement.versions.decisions) == {
        "in-force": len(members),
        "superseded": 3,
    }
    assert scale.differences(said(judged), sums) == []


def test_the_simulated_nation_has_twenty_thousand_forms(project: Project) -> None:
    members = nation(3_321, project.register)
    files = sendings(members, 20_000)
    assert len({member.unit.unit_id for member in members}) == len(members)
    assert (len(files), sum(file.is_in_force for file in files)) == (20_000, len(members))


def test_equal_words_give_equal_bytes_and_a_sound_workbook(tmp_path: Path, project: Project) -> None:
    member = district(20, project.register)[0]
    forms = []
    for name in ("one", "two"):
        generator = Generator(tmp_path / name, [member], PERIOD)
        generator.write([Sending(member)])
        forms.append(next(generator.inputs.glob("*.xlsx")))
    assert forms[0].read_bytes() == forms[1].read_bytes()
    with ZipFile(forms[0]) as archive:
        assert archive.testzip() is None
    book = load_workbook(forms[0])
    assert book[project.form.card.name]["C5"].value == member.unit.name
    assert "QQ" not in "".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_form_that_has_not_the_cells_is_refused(tmp_path: Path, project: Project) -> None:
    member = district(20, project.register)[0]
    generator = Generator(tmp_path, [member], PERIOD)
    generator.write([Sending(member)])
    data = next(generator.inputs.glob("*.xlsx")).read_bytes()
    with pytest.raises(ValueError, match="ZZ9"):
        Template(data, {"xl/worksheets/sheet2.xml": ["ZZ9"]})


def line(who: str, count: int, seconds: float, peak: float = 100, **stages: float) -> Line:
    return Line(who, count, [seconds], [seconds], [peak], stages)


def measured(
    ours: float = 80, two: float = 44, peer_b: float = 9, count: int = scale.LARGE, peak: float = 900
) -> list[Line]:
    return [
        line(scale.OURS, scale.MIDDLE, 9, imports=1),
        line(scale.PEER_B, scale.MIDDLE, 100 * peer_b / 10, writing=0),
        line(scale.OURS, count, ours, peak, imports=1),
        line(scale.TWO, count, two),
        line(scale.READ, count, 41),
    ]


def verdicts(lines: list[Line]) -> list[str]:
    return [aim.verdict for aim in aims(lines, [], [])]


def test_verdicts_follow_the_figures() -> None:
    good = verdicts(measured())
    assert good == [
        "met",
        "met",
        "met",
        "met",
        "not measured",
        "met at 1,000; not measured at 10,000",
        "not measured",
        "not measured",
        "not measured",
    ]
    assert verdicts(measured(ours=90, two=60, peer_b=4, peak=1_201)) == [
        "**not met**",
        "**not met**",
        "**not met**",
        "**not met**",
        "not measured",
        "**not met** at 1,000; not measured at 10,000",
        "not measured",
        "not measured",
        "not measured",
    ]
    assert set(verdicts([])) == {"not measured"}


def test_the_worse_of_wall_and_processor_time_counts() -> None:
    lines = [Line(scale.OURS, scale.LARGE, [50], [90], [100], {}), Line(scale.READ, scale.LARGE, [40], [40], [100], {})]
    assert next(iter(aims(lines, [], []))).found == pytest.approx(2.25)


@pytest.mark.parametrize(
    ("found", "is_at_most", "verdict"),
    [(2.0, True, "met"), (2.01, True, "**not met**"), (2.0, False, "met"), (1.99, False, "**not met**")],
)
def test_a_limit_itself_is_met(found: float, is_at_most: bool, verdict: str) -> None:
    assert Aim("words", 2.0, found, 10, 10, is_at_most).verdict == verdict


def test_what_writing_takes_is_not_held_against_a_peer() -> None:
    lines = [line(scale.OURS, scale.MIDDLE, 10), line(scale.PEER_B, scale.MIDDLE, 60, writing=20)]
    assert next(aim for aim in aims(lines, [], []) if scale.PEER_B in aim.words).found == pytest.approx(4)


def test_the_report_shows_what_was_measured_and_says_what_was_not() -> None:
    where = {"date": "01/01/2026", "machine": "a machine"}
    at_desk = [
        line(desk.WHOLE, 30, 3, papers=0.5),
        line(desk.CORE, 30, 2),
        line(desk.FLOOR, 30, 1),
        line(desk.FLOOR_WHOLE, 30, 2),
    ]
    text = report((where, measured(ours=90)), (where, at_desk), ({}, []), {}, ({}, []))
    assert "| at most 2 × | 2.2 × | **not met** |" in text
    assert "**2.00 times** its floor" in text
    assert text.count("Not measured.") == 3
    assert report(({}, []), ({}, []), ({}, []), {}, ({}, [])).count("Not measured.") == 5


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [([], "agree with the generator's own sums"), (["CT01 is 3"], "**do not agree**: CT01 is 3")],
)
def test_the_report_says_whether_the_national_totals_agree(differences: list[str], sentence: str) -> None:
    numbers = ("communes", "departments", "units", "revisions", "megabytes", "generating", "indicators", "accepted")
    more = {
        "workers": 2,
        "engine": "two workers",
        "peak_run": 900.0,
        "peak_worker": 200.0,
        "cpu_workers": 50.0,
        "differences": differences,
    }
    facts = {"date": "01/01/2026", "machine": "a machine", **dict.fromkeys(numbers, 20), **more}
    run = Line("nation", 20_000, [100.0], [150.0], [1300.0], {"reading and converting": 70.0, "totals": 30.0})
    text = report(({}, []), ({}, []), (facts, [run]), {}, ({}, []))
    assert sentence in text
    assert "| 4 | 65 s | 35 s |" in text


def test_the_picture_is_a_drawing_with_a_line_for_everyone() -> None:
    drawing = ElementTree.fromstring(picture(measured()))
    assert len(drawing.findall(".//{http://www.w3.org/2000/svg}polyline")) == 2 * 4
