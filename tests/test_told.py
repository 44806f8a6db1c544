"""Clauses of the report: what they tell can be read back, and what lacks is told one by one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.declare.plan import TOLD_FIGURE
from pipeline.declare.project import Project
from pipeline.publish.papers.told import find_clause, indicators_in, tell_clauses, untold
from pipeline.values.lines import TotalLine
from pipeline.words.prose import prose
from tests.builders import shipped

NAN = float("nan")
AMOUNTS = st.one_of(st.integers(0, 10**12), st.integers(0, 10**6).map(lambda tenths: tenths / 10))
CLAUSES = [clause for clauses in shipped().plan.told.values() for clause in clauses]


def line(this_period: float, cumulative: float) -> TotalLine:
    blank = TotalLine(*([0] * len(TotalLine._fields)))  # type: ignore[arg-type]
    return blank._replace(this_period=this_period, cumulative=cumulative)


@given(clause=st.sampled_from(CLAUSES), amounts=st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=9, max_size=9))
def test_what_a_clause_tells_is_read_back(clause: str, amounts: list[tuple[float, float]]) -> None:
    named = sorted({match[1] for match in TOLD_FIGURE.finditer(clause)})
    totals = {name: line(*pair) for name, pair in zip(named, amounts, strict=False)}
    for is_whole in (False, True):
        [(words, names)] = tell_clauses([clause], totals, is_whole)
        assert names == indicators_in(clause)
        found = find_clause(clause, ["Trước.", f"1. Mục: {words}; sau."])
        assert found is not None
        for (name, is_cumulative), text in found.items():
            assert text == prose(totals[name].cumulative if is_cumulative else totals[name].this_period)
        assert {name for name, is_cumulative in found if not is_cumulative} == names
        assert is_whole == (not any(is_cumulative for _, is_cumulative in found)) or "+" not in clause
        assert "{" not in words
        assert "[" not in words


@pytest.mark.parametrize("gap", ["this_period", "cumulative"])
def test_a_clause_of_which_a_figure_lacks_tells_nothing(gap: str, project: Project) -> None:
    clause = "đã đăng {CT01} tin[ (lũy kế {CT01+})]"
    totals = {"CT01": line(3, 9)._replace(**{gap: NAN})}
    assert list(tell_clauses([clause], totals, False)) == []
    assert bool(list(tell_clauses([clause], totals, True))) == (gap == "cumulative")
    one = project.plan.indicator["CT01"]
    assert list(untold([one], frozenset(), totals)) == [one]
    silent = {"CT01": line(NAN, NAN)}
    assert list(untold([replace(one, optional=True)], frozenset(), silent)) == []
    assert list(untold([one], frozenset({"CT01"}), silent)) == []


def test_words_that_somebody_rewrote_are_not_found() -> None:
    assert find_clause("đã đăng {CT01} tin", ["Trong kỳ đăng được 12 tin."]) is None
