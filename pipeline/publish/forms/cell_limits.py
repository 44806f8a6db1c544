"""What Excel lets somebody type into a cell of the form: the limit of its field, with hint and error in Vietnamese."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from pipeline.declare.catalogue import limits_in_words
from pipeline.declare.form import Field
from pipeline.declare.kinds import Validation
from pipeline.declare.plan import Indicator, Period
from pipeline.declare.project import Project

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)
_LONGEST_TITLE, _LONGEST_TEXT = 32, 255  # that Excel takes


@dataclass(frozen=True, slots=True)
class CellLimits:
    """The limits of one period's form, as the data validations of XlsxWriter."""

    project: Project
    period: Period

    def validation(self, item: Field, row: int, column: int, indicator: Indicator | None = None) -> Mapping[str, Any]:
        """The limit of the cells of one field, the first of which stands at `row` and `column`, from zero."""
        limit = self._limit(item, xl_rowcol_to_cell(row, column), indicator)
        return {"validate": item.kind.validation, **limit, "ignore_blank": True, **self._words(item)}

    def _limit(self, item: Field, cell: str, indicator: Indicator | None) -> Mapping[str, Any]:
        limits: Mapping[Validation, Callable[[], Mapping[str, Any]]] = {
            "length": lambda: {"criteria": "<=", "value": item.max_length},
            "integer": lambda: _between(item.minimum, item.maximum),
            "decimal": lambda: _between(item.minimum, item.maximum),
            "date": lambda: _between(*self._days(item)),
            "list": lambda: {"source": self._list(item)},
            "custom": lambda: {"value": self._formula(item, cell, indicator)},
        }
        return limits[item.kind.validation]()

    def _days(self, item: Field) -> tuple[date, date]:
        return (self.period.date_from, self.period.date_to) if item.window else (_EARLIEST, _LATEST)

    def _list(self, item: Field) -> str:
        """Where on the sheet of lists its choices stand."""
        form = self.project.form
        letter = xl_col_to_name([*form.choices].index(item.choices))
        return f"={form.lists_sheet}!${letter}$2:${letter}${len(form.choices[item.choices]) + 1}"

    def _formula(self, item: Field, cell: str, indicator: Indicator | None) -> str:
        """A number within its limits, whole where its indicator is, or one of the words for nothing."""
        whole = f",{cell}=INT({cell})" if indicator is None or indicator.whole else ""
        words = "".join(f',{cell}="{nothing.label}"' for nothing in self.project.form.nothing.values())
        return f"=OR(AND(ISNUMBER({cell}),{cell}>={item.minimum},{cell}<={item.maximum}{whole}){words})"

    def _words(self, item: Field) -> Mapping[str, Any]:
        limits = limits_in_words(item, self.period, "một lựa chọn trong danh sách xổ xuống")
        expected = self.project.catalogue.expected[item.expected].format_map(limits)
        return {
            "input_title": item.label[:_LONGEST_TITLE],
            "input_message": item.hint[:_LONGEST_TEXT] or None,
            "error_title": "Xin xem lại",
            "error_message": f"Cần {expected}."[:_LONGEST_TEXT],
        }


def _between(low: float | date, high: float | date) -> Mapping[str, Any]:
    return {"criteria": "between", "minimum": low, "maximum": high}
