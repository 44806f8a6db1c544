"""What stands beside a value and says what it is, held against the declaration; and what its look says.

In: the sheets and what was located on them. Out: the same tables, in which a value that is contradicted is
`Contested`; the places that spoke, so that nobody asks about them again; lines of the log for what is only reworded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.declare.form import Field, Sheet
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.declare.todo import is_our_note
from pipeline.intake.display import displayed
from pipeline.intake.locate import Located
from pipeline.intake.printed_texts import is_of_other_version, said_in_row
from pipeline.intake.says import Beside, Moment, Said, moment_of, number_of, said_against, unit_words
from pipeline.values.cells import Contested, LegacyText, Portion, RawSheet, cell_name, is_blank, shown, unstruck
from pipeline.values.forms import Change, Found
from pipeline.words.names import fold
from pipeline.words.numbers import number_text

CODE = "meaning-contradicted"
REWORDED = "printed-reworded"
_QUOTED = 80  # characters of a place that a question quotes in full
_FEW = 40  # lines round a table that are looked at


@dataclass(frozen=True, slots=True)
class Weighed:
    """The form with what is contested in it. `spoken`: sheet and cell of the places that contradict."""

    located: Located
    spoken: frozenset[tuple[str, str]]
    reworded: tuple[Change, ...]


class Voice(NamedTuple):
    """One place that says something: which kind of place, its address, its text, what is printed or usual there."""

    place: str
    cell: str
    text: str
    known: frozenset[str] = frozenset()
    anywhere: bool = False


class _Target(NamedTuple):
    """A value of a table: position of its row, its field, as found."""

    position: int
    item: Field
    raw: Any


def weigh(sheets: Sequence[RawSheet], located: Located, unit_id: str, project: Project, period: Period) -> Weighed:
    """Everything that is contested in the tables of the form of a unit; `unit_id` is empty where nobody knows it."""
    by_name = {sheet.name: sheet for sheet in sheets}
    moment = moment_of(period, project.plan)
    line = project.line_of(project.register.name(unit_id), period) if unit_id else ""
    tables, spoken, reworded = dict(located.tables), set[tuple[str, str]](), list[Change]()
    for table, found in located.tables.items():
        scale = _Scale(by_name[found.sheet], found, project, moment, line)
        if contested := scale.weigh():
            tables[table] = _with(found, contested)
        spoken |= {(found.sheet, cell) for cell in scale.spoken}
        reworded += scale.reworded
    return Weighed(replace(located, tables=tables), frozenset(spoken), tuple(reworded))


def _with(found: Found, contested: Mapping[tuple[int, str], Contested]) -> Found:
    rows = list(found.rows)
    for (position, key), value in contested.items():
        column = found.keys.index(key)
        rows[position] = (*rows[position][:column], value, *rows[position][column + 1 :])
    return replace(found, rows=rows)


class _Scale:
    """Weighs the values of one table."""

    def __init__(self, sheet: RawSheet, found: Found, project: Project, moment: Moment, line: str) -> None:
        self._sheet, self._found, self._project, self._moment, self._line = sheet, found, project, moment, line
        self._declared: Sheet = project.form.tables[found.table]
        self._at = {key: place for place, key in enumerate(found.keys)}
        self._contested: dict[tuple[int, str], Contested] = {}
        self.spoken: set[str] = set()
        self.reworded: list[Change] = []

    def weigh(self) -> Mapping[tuple[int, str], Contested]:
        """Contested values by position of their row and field; the first that contradicts a value speaks."""
        if self._sheet.looks:
            self._contested |= displayed(self._sheet, self._found, self._declared, self._project)
        self._printed_rows()
        self._notes()
        self._comments()
        self._headers()
        self._lines()
        return self._contested

    @cached_property
    def _numbers(self) -> list[Field]:
        """The fields that hold numbers and are on the sheet."""
        return [item for item in self._declared.numbers if item.key in self._found.columns]

    @cached_property
    def _none_arose(self) -> frozenset[str]:
        ways = [way for way in self._project.form.nothing.values() if way.counts_as_zero]
        return frozenset(fold(word) for way in ways for word in (way.label, *way.aliases))

    def _printed_rows(self) -> None:
        """Printed titles and units of measure of rows that were filled."""
        found = self._found
        for position in found.retyped:
            printed = self._project.printed[self._declared.rows][found.names[position]]
            for key in self._project.printed_keys(found):
                said = found.rows[position][self._at[key]]
                if said != printed[key] and not is_blank(said):
                    self._printed(position, key, shown(said), printed[key])

    def _printed(self, position: int, key: str, text: str, printed: str) -> None:
        cell = self._found.cell(key, self._found.numbers[position])
        for target in self._answers(position):
            beside = self._beside(target)
            if against := said_in_row(key, text, self._found.names[position], beside, self._found.table, self._project):
                self._contest(target, Voice("measure" if key == "measure" else "title", cell, text), against, beside)
        is_ours = is_of_other_version(key, text, self._found.names[position], self._project.plan)
        if cell not in self.spoken and not is_ours and fold(text) != fold(printed):
            number = self._found.numbers[position]
            self.reworded.append(Change("", "", self._found.sheet, cell, key, text, printed, REWORDED, number))

    def _struck_in(self, column: int) -> set[int]:
        """The numbers of the rows in which the cell of a column is struck out."""
        return {row + 1 for (row, place), look in self._sheet.looks.items() if place == column and look.is_struck}

    def _notes(self) -> None:
        if "note" not in self._found.columns or not self._numbers:
            return
        column, struck = self._at["note"], self._struck_in(self._found.columns["note"])
        for position, row in enumerate(self._found.rows):
            if not row or row[column] == "":
                continue
            is_struck = self._found.numbers[position] in struck  # what is taken back says nothing
            if not is_struck and not is_blank(row[column]):
                cell = self._found.cell("note", self._found.numbers[position])
                self._hear(Voice("note", cell, shown(row[column])), self._in_row(position))

    def _comments(self) -> None:
        """A comment beside a number, on its row, on the header of its column, or above the table."""
        told = {column for key, column in self._found.columns.items() if key not in self._declared.core_keys}
        for comment in self._sheet.comments:
            row, column = comment.place
            if column in told:  # is of what the form tells, and not of the unit's number
                continue
            position = self._found.place.get(row + 1)
            targets = list(self._targets()) if position is None else self._in_row(position)
            keys = [item.key for item in self._numbers if self._found.columns[item.key] == column]
            voice = Voice("comment", cell_name(column, row + 1), comment.text)
            if not is_our_note(comment.text, self._project):
                self._hear(voice, [target for target in targets if not keys or target.item.key in keys])

    def _headers(self) -> None:
        header = self._found.header
        cells = self._sheet.rows[header - 1] if 0 < header <= len(self._sheet.rows) else []
        usual = self._declared.header_texts
        for key, column in self._found.columns.items():
            if column < len(cells) and cells[column] in usual[key]:
                continue
            item = self._declared.by_key[key]
            text = shown(cells[column]).strip() if column < len(cells) and not is_blank(cells[column]) else ""
            names = {fold(name) for name in (item.label, *item.aliases)}
            if text and text != key and fold(text.rstrip(" *")) not in names:
                self._header(item, Voice("header", cell_name(column, header), text, _words(item.label), True))

    def _names_of_others(self, item: Field) -> set[str]:
        others = (other for other in self._declared.fields if other is not item)
        return {fold(name) for other in others for name in (other.label, *other.aliases)}

    def _header(self, item: Field, voice: Voice) -> None:
        targets = [target for target in self._targets([item]) if item.own]
        if fold(voice.text.rstrip(" *")) in self._names_of_others(item):
            for target in targets:
                self._contest(target, voice, Said("other-column", voice.text), self._beside(target))
        elif item in self._numbers:
            self._hear(voice, targets)
        if item.own and voice.cell not in self.spoken:
            change = Change("", "", self._found.sheet, voice.cell, item.key, voice.text, item.label, REWORDED)
            self.reworded.append(change)

    def _lines(self) -> None:
        """The lines above a table, those below one with fixed rows, and the name of the sheet."""
        if not self._numbers:
            return
        marked = f"{self._line}   {self._project.form.sample_mark}"
        guidance = (self._declared.guidance, *self._declared.printed_before)
        printed = {self._declared.title, *guidance, self._line, marked, ""}
        ours = self._project.form.is_of_light
        voices = [
            Voice("line", cell_name(column, number), text)
            for number, cells in self._around()
            for column, text in enumerate(cells)
            if text.__class__ is str and text not in printed and text not in self._at and not ours(text)
        ]
        if self._found.sheet != self._declared.name:
            voices.append(Voice("sheet", "", self._found.sheet))
        if voices:
            self._hear_lines(voices)

    def _hear_lines(self, voices: Iterable[Voice]) -> None:
        known = _words(f"{self._declared.title} {self._declared.guidance} {self._declared.name}")
        units = unit_words(self._project.meaning)
        for heard in voices:
            text = self._project.dashed_names.sub("", heard.text)
            voice, nobody = heard._replace(text=text, known=known), Beside(None, "", self._moment, known)
            if said_against(voice.text, nobody, self._project.meaning) or not units.isdisjoint(_words(voice.text)):
                self._hear(voice, list(self._targets()))

    def _around(self) -> Iterator[tuple[int, Sequence[Any]]]:
        """Excel row and cells of what stands above the header and in its further lines, between or below fixed rows."""
        rows = self._sheet.rows
        yield from enumerate(rows[: max(self._found.header - 1, 0)], start=1)
        further = range(self._found.header + 1, self._found.top)
        yield from ((number, rows[number - 1]) for number in (*further, *self._between_fixed()))

    def _between_fixed(self) -> list[int]:
        """The numbers of the rows between the fixed ones, and of a few below them."""
        numbers = self._found.numbers
        if not self._found.is_fixed or not numbers:
            return []
        named = {number for number, name in zip(numbers, self._found.names, strict=True) if name}
        last = min(len(self._sheet.rows), numbers[-1] + _FEW)
        return [number for number in range(numbers[0], last + 1) if number not in named]

    def _hear(self, voice: Voice, targets: Iterable[_Target]) -> None:
        text = self._project.dashed_names.sub("", unstruck(voice.text))  # what is taken back says nothing
        for target in targets:
            beside = self._beside(target, voice.known)
            if said := said_against(text, beside, self._project.meaning, voice.anywhere):
                self._contest(target, voice, said, beside)

    def _targets(self, fields: Sequence[Field] | None = None) -> Iterator[_Target]:
        for position in range(len(self._found.rows)):
            yield from self._in_row(position, fields)

    def _in_row(self, position: int, fields: Sequence[Field] | None = None) -> list[_Target]:
        """The values of a row that can be contested: numbers, and words that count as zero."""
        row = self._found.rows[position]
        found = [_Target(position, item, row[self._at[item.key]]) for item in fields or self._numbers if row]
        return [target for target in found if self._is_value(target)]

    def _answers(self, position: int) -> list[_Target]:
        """The numbers of a row; of one without numbers its answer."""
        if self._numbers:
            return self._in_row(position)
        item = self._declared.by_key[self._declared.answer_key]
        raw = self._found.rows[position][self._at[item.key]]
        return [] if is_blank(raw) else [_Target(position, item, raw)]

    def _is_value(self, target: _Target) -> bool:
        if target.item not in self._declared.numbers:
            return not is_blank(target.raw)
        if isinstance(target.raw, (str, LegacyText, Portion)):
            text = shown(target.raw)
            return any(map(str.isdecimal, text)) or fold(text.strip()) in self._none_arose
        return isinstance(target.raw, (int, float)) and not isinstance(target.raw, bool)

    def _beside(self, target: _Target, known: frozenset[str] = frozenset()) -> Beside:
        raw, measure = target.raw, fold(self._measure(target))
        if isinstance(raw, (int, float)):
            return Beside(float(raw), measure, self._moment, known)
        text = shown(raw)
        return Beside(0.0 if fold(text.strip()) in self._none_arose else number_of(text), measure, self._moment, known)

    def _contest(self, target: _Target, voice: Voice, said: Said, beside: Beside) -> None:
        place = (target.position, target.item.key)
        self.spoken.add(voice.cell)
        if place not in self._contested:
            raw = target.raw
            text = number_text(raw) if isinstance(raw, (int, float)) else shown(raw)
            facts = {**self._quoted(voice, said), **self._why(target, said, beside, text)}
            self._contested[place] = Contested(raw, text, CODE, tuple(facts.items()))

    def _quoted(self, voice: Voice, said: Said) -> dict[str, str]:
        """Where it is said, and in which words."""
        return {
            "where": self._project.meaning.places[voice.place].format(cell=voice.cell),
            "said": " ".join((said.words if len(voice.text) > _QUOTED else voice.text).split()),
            "source": voice.cell or voice.place,
            "place": voice.place,
            "others": "",
        }

    def _why(self, target: _Target, said: Said, beside: Beside, text: str) -> dict[str, str]:
        """What a place says of the number, and the number worked out where it is only another unit of measure."""
        meaning = self._project.meaning
        told = meaning.claims[said.kind].told if said.kind in meaning.claims else meaning.told[said.kind]
        facts = {"why": told.format(period=f"“{said.words}”", measure=self._measure(target)), "offer": ""}
        number = round((beside.value or 0) * said.factor, 6)
        if 0 < number <= target.item.maximum:
            worked = number_text(number)
            facts |= {
                "offer": meaning.told["offer"].format(said=_with_unit(text, said), number=worked),
                "example": worked,
            }
        return facts

    def _measure(self, target: _Target) -> str:
        name = self._found.names[target.position] if self._found.names else ""
        indicator = self._project.plan.indicator.get(name) if target.item.kind.is_figure else None
        return indicator.measure if indicator else target.item.measure


def _with_unit(text: str, said: Said) -> str:
    """The number with the unit that was said of it; one that says the number, too, as it is."""
    return said.words if any(map(str.isdecimal, said.words)) else f"{text} {said.unit}"


def _words(text: str) -> frozenset[str]:
    return frozenset("".join(char if char.isalnum() else " " for char in fold(text)).split())
