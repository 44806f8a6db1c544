"""What stands first of a period: at most three findings, each a number of the tally, in words of the declarations."""

from collections.abc import Mapping

import pandas as pd
import pytest

from pipeline.figures.findings import find_findings
from pipeline.values.lines import TotalLine
from pipeline.values.states import FILINGS, Filing, State
from pipeline.values.tally import Counts, Filings, Finding, Ids, Imbalance, Led

NO_FIGURES = pd.DataFrame({"unit_id": [], "indicator_id": [], "questioned": []})
APART = (Imbalance(("PA01",), ("PA02",), "hai số phải bằng nhau", 2, 1, ()),)


def filings(**named: str) -> Filings:
    """Who has filed how, by the words of filings: `on_time="a b"`."""
    of: dict[str, Filing] = {unit: kind for kind in FILINGS for unit in named.get(kind.replace("-", "_"), "").split()}
    mine: dict[str, Ids] = {
        kind.replace("-", "_"): tuple(unit for unit, as_ in of.items() if as_ == kind) for kind in FILINGS
    }
    return Filings(of=of, **mine, unfiled={}, sent_back=(), to_mend=(), asked=(), older_form=(), by_kind={})


def led(proved: str = "", **named: str) -> Led:
    states: Mapping[State, Ids] = {
        state: tuple(units.split())
        for state, units in named.items()  # type: ignore[misc]
    }
    return Led(states, states, {"6t": tuple(proved.split())} if proved else {})


def total(name: str, amount: float, questioned: float, units: int = 1) -> TotalLine:
    return TotalLine(name, amount, amount, 3, 3, "", units, questioned, units, questioned)


def found(
    filed: Filings,
    tasks: Mapping[str, Led],
    totals: tuple[TotalLine, ...] = (),
    grid: pd.DataFrame = NO_FIGURES,
    imbalances: tuple[Imbalance, ...] = (),
) -> list[Finding]:
    done = sum(item.counts.done for item in tasks.values())
    rated = Counts({"done": done, "open": sum(item.counts.total for item in tasks.values()) - done})
    return list(find_findings(filed, tasks, rated, totals, grid, imbalances))


def test_the_filing_comes_first_whatever_else_there_is() -> None:
    kinds = [
        found(filings(on_time="a b"), {})[0].kind,
        found(filings(on_time="a", missing="b"), {})[0].kind,
        found(filings(on_time="a", not_due="b"), {})[0].kind,
        found(filings(missing="a b"), {"NV01": led(missing="a b")}, imbalances=APART)[0].kind,
    ]
    assert kinds == ["filed", "unfiled", "waiting", "none"]


def test_while_nobody_has_filed_nothing_is_said_of_tasks_and_figures() -> None:
    told = found(filings(missing="a b"), {"NV01": led(missing="a b")}, (total("CT01", 5, 5),), imbalances=APART)
    assert [finding.kind for finding in told] == ["none"]


def test_of_the_tasks_that_one_is_told_that_most_units_have_still_to_do() -> None:
    tasks = {
        "NV01": led(done="a", missing="b c", proved="b"),
        "NV02": led(done="c", open="a b"),
        "NV03": led(done="c", overdue="a b"),
        "NV04": led(done="b", nothing="a c"),
    }
    told = found(filings(on_time="a b c", missing="d"), tasks)
    assert told[1] == Finding("task", 2, 3, "NV03", states={"overdue": 2})


def test_units_without_a_form_do_not_choose_the_task_but_are_counted_in_it() -> None:
    tasks = {"NV01": led(done="a", missing="b c d"), "NV02": led(open="a", missing="b")}
    told = found(filings(on_time="a", missing="b c d"), tasks)
    assert told[1] == Finding("task", 2, 2, "NV02", states={"open": 1, "missing": 1})


def test_the_total_with_the_greatest_part_under_question_is_told_with_those_who_are_asked() -> None:
    grid = pd.DataFrame(
        {"unit_id": ["a", "b", "c"], "indicator_id": ["CT01", "CT02", "CT02"], "questioned": ["outlier", "", "outlier"]}
    )
    totals = (total("CT01", 1000, 400), total("CT02", 10, 5), total("CT03", 0, 0), total("CT04", 8, 0, 0))
    told = found(filings(on_time="a b c"), {}, totals, grid, APART)
    assert told[1:] == [Finding("doubt", 5, 10, "CT02", ("c",)), Finding("imbalance", 1, 1)]


@pytest.mark.parametrize("is_late", [False, True])
def test_where_nothing_is_wrong_it_is_said_how_much_is_done(is_late: bool) -> None:
    filed = filings(on_time="a b", late="c") if is_late else filings(on_time="a b c")
    told = found(filed, {"NV01": led(done="a b c")})
    assert told == [Finding("filed", int(is_late), 3), Finding("done", 3, 3)]
