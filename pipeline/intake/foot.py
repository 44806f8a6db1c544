"""What stands below a table or card to sign it: taken off the sheet before its rows are read, and told in one note.

A row is taken off only where it is nothing but signing; what else stands there stays where it is and is asked about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.declare.signing import STRONG, Signing, Signs
from pipeline.values.cells import Drawn, RawSheet, cell_name, is_blank, shown
from pipeline.values.problems import Problem

_MOST = 200  # filled rows that are looked at, from the last one up
_FEW_CELLS = 7  # of a row that signs; a day may stand in pieces
_NEAR_ROWS, _NEAR_COLUMNS = 10, 2  # how far from the role above it a name stands
_ABOVE = 2  # rows by which a seal lies higher than the words

_Row = Mapping[int, Any]  # the filled cells of a row by column


@dataclass(frozen=True, slots=True)
class Foot:
    """The signature of one sheet: where it begins, and its words."""

    sheet: str
    cell: str
    text: str


def parted(
    sheet: RawSheet, first: int, signing: Signing, ids: frozenset[str] = frozenset()
) -> tuple[RawSheet, Foot | None]:
    """The sheet without what signs it from row `first` (from zero) on, and that. A row with one of `ids` is a row."""
    if not (sheet.strays or sheet.drawn or _may_sign(sheet.rows[first:], ids)):
        return sheet, None
    taken = _taken(_filled_rows(sheet, first, ids), signing)
    boxes = [item for item in sheet.drawn if item.text and _taken(_as_rows(item.text), signing)]
    if not taken and not boxes:
        return sheet, None
    texts = [shown(cells[column]) for cells in taken.values() for column in sorted(cells)]
    said = "; ".join(" ".join(text.split()) for text in (*texts, *(item.text for item in boxes)))
    row, column = next(((row, min(cells)) for row, cells in taken.items()), boxes[0].place if boxes else (-1, -1))
    cell = cell_name(column, row + 1) if row >= 0 else ""
    return _without(sheet, taken, boxes), Foot(sheet.name, cell, said)


def foot_note(feet: Sequence[Foot]) -> Iterator[Problem]:
    """One note for all sheets of a form, at the first of them."""
    if feet:
        names = ", ".join(f"“{foot.sheet}”" for foot in feet)
        said = "; ".join(foot.text for foot in feet)
        yield Problem("signature-block", "", sheet=feet[0].sheet, cell=feet[0].cell, value=said, facts={"names": names})


def _may_sign(rows: Sequence[Sequence[Any]], ids: frozenset[str]) -> bool:
    """Whether there is a row that holds something and is none of a table: in most forms none."""
    few = [cells for cells in rows if 0 < len(cells) - cells.count("") <= _FEW_CELLS]
    return any(map(ids.isdisjoint, few))


def _filled_rows(sheet: RawSheet, first: int, ids: frozenset[str]) -> dict[int, _Row]:
    """The last rows that hold something, and the cells far away, in the order of the sheet.

    Of rows that sign nothing, as nearly all of a form, no cell is looked at: they are empty here.
    """
    found: dict[int, dict[int, Any]] = {}
    for row in range(len(sheet.rows) - 1, first - 1, -1):
        cells = sheet.rows[row]
        if any(cells) and (filled := {} if _is_row(cells, ids) else _filled(cells)) is not None:
            found[row] = filled
            if len(found) == _MOST:
                break
    for (row, column), value in sheet.strays.items():
        if row >= first and not is_blank(value):
            found.setdefault(row, {})[column] = value
    return dict(sorted(found.items()))


def _is_row(cells: Sequence[Any], ids: frozenset[str]) -> bool:
    """Whether a row is one of a table, by how much it holds or by an id in it."""
    return len(cells) - cells.count("") > _FEW_CELLS or not ids.isdisjoint(cells)


def _filled(cells: Sequence[Any]) -> dict[int, Any] | None:
    """The filled cells by column, if there are any."""
    return {column: value for column, value in enumerate(cells) if value != "" and not is_blank(value)} or None


def _as_rows(text: str) -> dict[int, _Row]:
    """The words of a box, as if they stood in one cell."""
    return {0: {0: text}}


def _taken(rows: Mapping[int, _Row], signing: Signing) -> dict[int, _Row]:
    """The rows that are nothing but signing, from the first that certainly is, with lesser lines right above it."""
    taken: dict[int, _Row] = {}
    waiting: dict[int, _Row] = {}
    reader = _Reader(signing)
    for row, cells in rows.items():
        kinds = reader.kinds(row, cells)
        if "content" in kinds:
            waiting.clear()
        elif taken or not kinds.isdisjoint(STRONG):
            taken |= {**waiting, row: cells}
            waiting.clear()
        else:
            waiting[row] = cells
    return taken


@dataclass(slots=True)
class _Reader:
    """Reads rows from above: a name is one below a role, who gets a copy stands below “Nơi nhận”."""

    signing: Signing
    roles: dict[int, int] = field(default_factory=dict)  # the row of the last role by column
    lists: set[int] = field(default_factory=set)  # columns in which a list of copies goes on

    def kinds(self, row: int, cells: _Row) -> set[Signs]:
        """What the lines of one row are."""
        if not 0 < len(cells) <= _FEW_CELLS:
            return {"content"}
        if len(cells) > 1:
            whole = self.signing.kind_of(" ".join(shown(cells[column]).strip() for column in sorted(cells)))
            if whole == "day":
                return {whole}
        return {self._kind(row, column, line) for column, value in sorted(cells.items()) for line in _lines(value)}

    def _kind(self, row: int, column: int, line: str) -> Signs:
        kind = self.signing.kind_of(line)
        if kind == "role":
            self.roles[column] = row
        if kind == "copies":
            self.lists.add(column)
        elif column in self.lists and self.signing.is_copy_line(line):
            return "lesser"
        if kind == "content" and self.roles and self.signing.is_name(line, below_role=self._is_below(row, column)):
            return "lesser"
        return kind

    def _is_below(self, row: int, column: int) -> bool:
        return any(
            abs(column - other) <= _NEAR_COLUMNS and 0 <= row - above <= _NEAR_ROWS
            for other, above in self.roles.items()
        )


def _lines(value: Any) -> list[str]:
    """The lines of a cell; a number or a day signs nothing by itself."""
    if not isinstance(value, str):
        return [f"{shown(value)} ="]
    return [line.strip() for line in value.splitlines() if not is_blank(line)]


def _without(sheet: RawSheet, taken: Mapping[int, _Row], boxes: Sequence[Drawn]) -> RawSheet:
    """The sheet without these cells, merges over them, boxes, and pictures among them."""
    rows = list(sheet.rows)
    for row, cells in taken.items():
        if row < len(rows):
            rows[row] = ["" if column in cells else value for column, value in enumerate(rows[row])]
    near = [row for row in taken if row < len(rows)]
    among = range(near[0] - _ABOVE, near[-1] + 2) if near else ()
    return replace(
        sheet,
        rows=rows,
        strays={(row, column): value for (row, column), value in sheet.strays.items() if row not in taken},
        merges=tuple(merge for merge in sheet.merges if merge[0] not in taken),
        drawn=tuple(item for item in sheet.drawn if item not in boxes and (item.text or item.place[0] not in among)),
    )
