"""Problems: what a unit sent is wrong. A problem is a value; its severity and sentence come from the catalogue."""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.facts import build, read_toml
from pipeline.declare.form import Choice, Field, Form
from pipeline.declare.plan import Period
from pipeline.values.problems import Problem
from pipeline.values.states import Severity
from pipeline.words.numbers import number_text
from pipeline.words.prose import lowered
from pipeline.words.quotes import shortened
from pipeline.words.unseen import UNSEEN

_FEW = 5
_LONGEST_VALUE = 300  # letters of a cell that a sentence quotes
_LONGEST_FACT = 1_600  # room for the names of five files
_find_unseen = re.compile(f"[{UNSEEN}]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of the catalogue.

    `anew`: nothing in the file can be mended, the right form is to be filled in. `on_form`: the light of the form asks
    for it, so that a form with a green light has no such problem.
    """

    severity: Severity
    title: str
    found: str
    expected: str = ""
    example: str = ""
    anew: bool = False
    on_form: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every code with its severity and sentence."""

    codes: Mapping[str, Entry]
    severities: Mapping[str, str]
    expected: Mapping[str, str]
    defaults: Mapping[str, str]
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)  # what a cell has to fit once it can be read
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)  # what every sentence may name, from the plan
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)  # of indicators, from the plan

    def severity(self, code: str) -> Severity:
        return self.codes[code].severity

    def keeping_out(self, problems: Iterable[Problem]) -> list[Problem]:
        """Those of the problems that keep their whole file out."""
        return [problem for problem in problems if self.severity(problem.code) == "block-file"]

    def asks_for_another_form(self, problems: Iterable[Problem]) -> bool:
        """Whether one of the problems is that it is the wrong form, so that nothing in it is worth mending."""
        return any(self.codes[problem.code].anew for problem in problems)

    def is_on_form(self, problem: Problem) -> bool:
        """Whether the light of the form asks for what the problem is about."""
        return self.codes[problem.code].on_form if problem.on_form is None else problem.on_form

    def is_about_rows(self, code: str) -> bool:
        """Whether the sentence is about whole rows, so that it can name several."""
        return "{rows}" in self.codes[code].found

    def rows_in_words(self, first: int, last: int) -> str:
        return self.defaults["several_rows"].format(first=first, last=last)

    def title(self, code: str) -> str:
        return self.codes[code].title

    def parts(self, problem: Problem, declared: Field | None, form: Form, period: Period) -> tuple[str, str, str]:
        """What was found, what is expected, one correct example; in Vietnamese."""
        entry, defaults = self.codes[problem.code], self.defaults
        words = _Words({**self._words(form, period), **self._words_of_field(declared, form, period)})
        words.update(_words_of(problem, declared))
        words["place"] = self._place(problem, declared, words)
        templates = (entry.found, entry.expected or defaults["expected"], entry.example or defaults["example"])
        found, expected, example = (template.format_map(words) for template in templates)
        if also := words.get("also"):
            expected = f"{expected.removesuffix('.')}; {also}."
        return found, expected, example

    def message(self, problem: Problem, declared: Field | None, form: Form, period: Period) -> str:
        """The three parts as one text."""
        return " ".join(part for part in self.parts(problem, declared, form, period) if part)

    def _words(self, form: Form, period: Period) -> dict[str, str]:
        """What every sentence may name."""
        return {
            **self.words,
            "rows": self.defaults["rows"],
            "period": period.name,
            "window": period.window,
            "sheets": "”, “".join(sheet.name for sheet in form.sheets.values()),
            "version": form.version,
        }

    def _words_of_field(self, declared: Field | None, form: Form, period: Period) -> dict[str, str]:
        """What a sentence about one field may name as well."""
        if declared is None:
            return {}
        limits = limits_in_words(declared, period, _choices(form.choices.get(declared.choices, ())))
        expected = self.expected[declared.expected].format_map(limits)
        wanted = _wanted(declared) or expected
        return {**limits, "label": declared.label, "example": declared.example, "expected": expected, "wanted": wanted}

    def _place(self, problem: Problem, declared: Field | None, words: Mapping[str, str]) -> str:
        """What people call the cell: on a telephone nobody knows CT08, so a figure goes by the title of its row."""
        row = problem.facts.get("row_name", "")
        if declared is None or not row or "label" in problem.facts:
            return self.defaults["place"].format(label=words.get("label", ""))
        title = self.titles.get(row, "")
        kind = "figure" if title and declared.kind.is_figure else "indicator" if title else "task"
        return self.defaults[f"place_{kind}"].format(row=row, title=title, label=declared.label)


def limits_in_words(declared: Field, period: Period, choices: str) -> dict[str, str]:
    """The words that a sentence of `expected` may name; `choices` are the field's own, if it has any."""
    return {
        "minimum": number_text(declared.minimum),
        "maximum": number_text(declared.maximum),
        "max_length": number_text(declared.max_length),
        "choices": choices,
        "window": period.window,
    }


def _words_of(problem: Problem, declared: Field | None) -> dict[str, str]:
    """What the problem itself says: its value, its facts, which row of a table it is about."""
    said = {"value": problem.value, **problem.facts}
    longest = {name: _LONGEST_VALUE if name == "value" else _LONGEST_FACT for name in said}
    words = {name: _find_unseen.sub("", shortened(text, longest[name])) for name, text in said.items()}
    if declared and problem.facts.get("row_name") and "label" not in problem.facts:
        words["label"] = f"{problem.facts['row_name']} – {declared.label}"
    if "expected" in problem.facts:  # of several fields at once
        words["wanted"] = words["expected"]
    return words


def _wanted(declared: Field) -> str:
    """What a text is to say, by the hint of its field, for the middle of a sentence; empty for what is no text."""
    if declared.expected != "text":
        return ""
    return lowered(declared.hint.removeprefix("Ghi ").rstrip("."))


def _choices(choices: Sequence[Choice]) -> str:
    """The choices themselves while they are few; a long list is easier to open than to read."""
    names = ", ".join(f"“{choice.label}”" for choice in choices)
    return f"một trong các lựa chọn: {names}" if len(choices) <= _FEW else "một lựa chọn trong danh sách xổ xuống của ô"


class _Words(dict[str, str]):
    """Words for a template; one that nobody supplied is left out rather than raised over."""

    def __missing__(self, key: str) -> str:
        return ""


def load_catalogue(path: Path) -> Catalogue:
    """Read the catalogue; refuse a code without a known severity."""
    return build(Catalogue, read_toml(path), str(path))
