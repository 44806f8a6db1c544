"""A cell of any length costs work in proportion to its length: no pattern goes over a unit's text again and again.

Growth is a ratio of processor times at several lengths, with a floor below which nothing is told.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.declare.project import Project
from pipeline.intake.submission import take_in
from pipeline.reading.batch import make_batch
from pipeline.values.forms import Arrival
from tests.builders import Draft, truthful

_LENGTHS = (4_000, 8_000, 16_000, 32_000)
_FLOOR = 0.15  # seconds of the processor: what a form costs anyhow
_FEW = (" ", ", ", "- ", "1 ")
_MANY = (
    *(
        "1",
        "1,",
        "1.",
        "a",
        "a ",
        "(",
        "1(",
        "/",
        "15/",
        "và 1",
        "\n",
        "ă",
        "·",
        "A",
        "_",
        ".",
        "0",
        "ngay ",
        "ngày 1 ",
    ),
    *("1-", "1 tin ", "3 tin, ", "@", "'", "“", "\u00a0", "\u200b", "\u0301", "¸", "Aa", "a1", "1a", "năm 2", "thang "),
    *("1\n", "khoảng ", "(1)", "1)", "%", "x", "×", "1 tin(a) ", "www.a ", "http://a "),
)
_CARD = ("report_number", "unit_id", "unit_name", "period", "year", "revision", "report_date", "signed_by", "phone")


def cells_of(draft: Draft) -> list[list[tuple[str, str]]]:
    """Sheet and cell of every place that a unit can fill; the card apart, for with it spoilt nothing else is read."""
    project, form = draft.project, draft.project.form
    card = [(form.card.name, draft.at("card", key)) for key in _CARD]
    rows = {"tasks": "NV01", "figures": "CT01", "activities": 3, "requests": 0}
    tables = [
        (form[table].name, draft.at(table, item.key, row))
        for table, row in rows.items()
        for item in form[table].fields
        if item.key in form[table].own_keys
    ]
    assert len(tables) > 20 and project.form.tables
    return [card, tables]


def cost(project: Project, form: Path, cells: Sequence[tuple[str, str]], text: str) -> float:
    """Processor time of taking the form in and converting it, with the text in all these cells."""
    book = load_workbook(form)
    for sheet, cell in cells:
        book[sheet][cell] = text
    path = form.with_name("spoilt.xlsx")
    book.save(path)
    period = project.plan.period("q3")
    arrival = Arrival(path.name, path, path.stat().st_size, project.plan.deadline(period), True)
    started = time.process_time()
    make_batch(take_in([arrival], project, period, lambda _: None), project, period.code)
    return time.process_time() - started


def grows_too_fast(project: Project, folder: Path, seeds: Sequence[str]) -> list[tuple[str, list[float]]]:
    """The texts whose cost grows faster than one and a half times the length, from one length to the next but one."""
    draft = truthful(project, "XA-vinh-thai").request(kind="Kiến nghị", content="x")
    form = draft.save(folder)
    found = []
    for cells in cells_of(draft):
        for seed in seeds:
            for end in ("", "a"):
                texts = ["1" + (seed * length)[:length] + end for length in _LENGTHS]
                longest = cost(project, form, cells, texts[-1])
                if longest <= 2 * _FLOOR:
                    continue
                times = [*(cost(project, form, cells, text) for text in texts[:-1]), longest]
                if any(
                    later > 1.5 * 4 * max(earlier, _FLOOR) for earlier, later in zip(times, times[2:], strict=False)
                ):
                    found.append((seed + end, times))
    return found


def test_spaces_and_seams_cost_what_their_length_costs(project: Project, tmp_path: Path) -> None:
    assert grows_too_fast(project, tmp_path, _FEW) == []


@pytest.mark.slow
def test_no_text_costs_more_than_its_length(project: Project, tmp_path: Path) -> None:
    assert grows_too_fast(project, tmp_path, _MANY) == []
