"""Very much of one thing: what judging and answering cost grows with its number, and not with its square.

What was read of one form stands here as the files of many; growth is a ratio of processor times.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.commands.report import judge_period, make_report
from pipeline.declare.project import Project
from pipeline.intake.submission import take_in
from pipeline.publish.returns.feedback import write_feedback
from pipeline.publish.tables import rejected_table
from pipeline.reading.batch import Batch, make_batch
from pipeline.values.forms import REVISED, Arrival, CardCell, Reading
from tests.builders import truthful
from tests.effort import growth

_UNIT = "XA-vinh-thai"
_MOST = 7.0  # for four times as much: 4 where each costs the same, 16 where each looks at all others


@pytest.fixture(scope="module")
def form(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """A form as it was taken in, its first version."""
    draft = truthful(project, _UNIT)
    path = draft.save(tmp_path_factory.mktemp("form"))
    period = draft.period
    arrival = Arrival(path.name, path, path.stat().st_size, project.plan.deadline(period), True)
    [reading] = take_in([arrival], project, period, lambda _: None)
    return reading


def sent(form: Reading, number: int, **card: object) -> Reading:
    """The same form under a name of its own, with these answers on its card."""
    answers = {key: CardCell(value, form.card[key].cell) for key, value in card.items()}
    arrival = replace(form.arrival, file=f"{number:05d}.xlsx")
    return replace(form, arrival=arrival, sha256=f"{number:064x}", card={**form.card, **answers})


def copies(form: Reading, count: int) -> list[Reading]:
    """Each as it came from the disk, with so long a text in every task that to compare two of them takes its time."""
    return [sent(wordy(form), number) for number in range(count)]


def wordy(form: Reading) -> Reading:
    found = form.tables["tasks"]
    place = found.keys.index("result")
    rows = [(*row[:place], "kết quả " * 600, *row[place + 1 :]) for row in found.rows]
    return replace(form, tables={**form.tables, "tasks": replace(found, rows=rows, filled=[True] * len(rows))})


def conflicts(form: Reading, count: int) -> list[Reading]:
    return [sent(form, number, prepared_by=f"Nguyễn Văn {number}") for number in range(count)]


def revisions(form: Reading, count: int, kind: str = "Thay thế") -> list[Reading]:
    later = [
        sent(form, number, revision=number, revision_kind=kind, revision_reason="rà soát")
        for number in range(2, count + 1)
    ]
    return [sent(form, 1), *later]


def supplements(form: Reading, count: int) -> list[Reading]:
    return revisions(form, count, "Bổ sung")


def wrong_rows(form: Reading, count: int) -> list[Reading]:
    """One form with ten times as many rows of Biểu 3, in each a day, a task and a title that are read and refused."""

    def written(number: int) -> Mapping[str, object]:
        return {"date": date(2019, 1, 1) + timedelta(number % 900), "task_id": f"NV{number}", "title": ""}

    return with_rows(form, 10 * count, written)


def sound_rows(form: Reading, count: int) -> list[Reading]:
    return with_rows(form, 10 * count, lambda number: {"title": f"Tin số {number}"})


def with_rows(form: Reading, count: int, written: Callable[[int], Mapping[str, object]]) -> list[Reading]:
    found = form.tables["activities"]
    first = dict(zip(found.keys, found.rows[0], strict=True))
    rows = [tuple({**first, **written(number)}.values()) for number in range(count)]
    numbers = [found.numbers[0] + place for place in range(count)]
    longer = replace(found, rows=rows, numbers=numbers, filled=[True] * count)
    return [replace(form, tables={**form.tables, "activities": longer})]


KINDS: Mapping[str, Callable[[Reading, int], list[Reading]]] = {
    "copies": copies,
    "conflicts": conflicts,
    "revisions": revisions,
    "supplements": supplements,
    "wrong rows": wrong_rows,
}


def work_over(batch: Batch, project: Project, code: str, folder: Path) -> None:
    """Judging, the list of what was rejected, and the answer to the unit."""
    period = project.plan.period(code)
    judged = judge_period(project, period, {"q1": [], "6t": [], code: [batch]})
    report = make_report(judged, project, None)
    settlement = judged.settlement
    rejected_table(settlement.rows.rejected, settlement.readings, settlement.frames)
    write_feedback(folder, report, lambda reading: reading.arrival.path.read_bytes())


def grown(form: Reading, kind: str, sizes: tuple[int, int], project: Project, folder: Path) -> float:
    batches = {size: make_batch(KINDS[kind](form, size), project, "q3") for size in sizes}
    return growth(lambda size: work_over(batches[size], project, "q3", folder), *sizes, enough=_MOST)


def test_four_times_as_many_copies_cost_little_more_than_four_times(
    form: Reading, project: Project, tmp_path: Path
) -> None:
    assert grown(form, "copies", (300, 1_200), project, tmp_path) < _MOST


def test_of_a_conflict_of_very_many_five_are_named_and_the_last_are_compared(form: Reading, project: Project) -> None:
    period = project.plan.period("q3")
    judged = judge_period(project, period, {"q1": [], "6t": [], "q3": [make_batch(conflicts(form, 30), project, "q3")]})
    told = [problem.facts["detail"] for problem in judged.problems if problem.code == "revision-conflict"]
    assert len(told) == 30
    assert all("“00004.xlsx” và 25 tệp khác" in detail and "00005" not in detail for detail in told)
    compared = [change for change in judged.settlement.changes if change.rule == REVISED]
    assert [(change.file, change.raw, change.used) for change in (compared[0], compared[-1])] == [
        ("00011.xlsx", "Nguyễn Văn 10", "Nguyễn Văn 11"),
        ("00029.xlsx", "Nguyễn Văn 28", "Nguyễn Văn 29"),
    ]


def test_a_row_that_is_refused_costs_a_few_sound_ones(form: Reading, project: Project, tmp_path: Path) -> None:
    """Each makes problems, a line of the list of rejected rows and a place in the answer."""
    batches = [make_batch(rows(form, 500), project, "q3") for rows in (sound_rows, wrong_rows)]
    assert growth(lambda which: work_over(batches[which], project, "q3", tmp_path), 0, 1, enough=_MOST) < _MOST


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_cost_little_more_than_four_times_what_five_hundred_cost(
    kind: str, form: Reading, project: Project, tmp_path: Path
) -> None:
    assert grown(form, kind, (500, 2_000), project, tmp_path) < _MOST
