"""Which of a unit's forms this one is, as people write it: “lần 2”, “2.”, “lần thứ hai”, “bản thay thế”, “không”.

In: the answers of a card. Out: the same with the number and the kind that are plainly meant, and a line of the log for
each. What could mean two things stays as it is written, for others to weigh with what else they know.
"""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.declare.project import Project
from pipeline.intake.card import Card
from pipeline.values.cells import is_blank, shown
from pipeline.values.forms import CardCell, Change
from pipeline.words.names import fold

_PARTS = re.compile(r"\d+|[a-z]+")
_NUMBERS = re.compile(r"[\d\s.]*")  # what the usual conversion reads as a number
_LONGEST = 100  # characters; a longer answer is a story


def _words(answer: CardCell | None) -> str:
    """What is written there, if it is words; empty for a blank, a number, a day."""
    is_text = answer is not None and isinstance(answer.raw, str) and not is_blank(answer.raw)
    return shown(answer.raw)[:_LONGEST] if answer and is_text else ""


def plain_version(
    answers: Mapping[str, CardCell], sheet: str, project: Project
) -> tuple[Mapping[str, CardCell], tuple[Change, ...]]:
    """The answers with number and kind as they are meant, and what was read other than as written."""
    card, used = Card(answers, sheet, ""), dict(answers)
    changes = []
    for key, read in (("revision", _number), ("revision_kind", _kind)):
        words = _words(answers.get(key))
        meant = read(words, project) if words else None
        if meant is not None:
            used[key] = answers[key]._replace(raw=meant)
            changes.append(card.change_at(key, shown(meant) or "(không)", "control-spelling"))
    return (used, tuple(changes)) if changes else (answers, ())


def _number(text: str, project: Project) -> Any:
    """The one number that is named beside words that only say what it counts; 1 for “lần đầu”."""
    declared, form = project.form.card.by_key["revision"], project.form
    if _NUMBERS.fullmatch(text) and not text.strip().endswith("."):
        return None
    spelled = {fold(word): number for number, words in enumerate(form.revision_numbers, 1) for word in words}
    left = " ".join(_PARTS.findall(fold(text)))
    named = set()
    for word in sorted(spelled, key=len, reverse=True):
        if re.search(rf"\b{word}\b", left):
            left = re.sub(rf"\b{word}\b", " ", left)
            named.add(spelled[word])
    parts = [part for part in left.split() if part not in {fold(word) for word in form.revision_words}]
    named |= {int(part) for part in parts if part.isdecimal()}
    is_plain = len(named) == 1 and all(part.isdecimal() for part in parts)
    number = next(iter(named)) if is_plain else 0
    return float(number) if declared.minimum <= number <= declared.maximum else None


def _kind(text: str, project: Project) -> Any:
    """The one kind whose words stand in the text; nothing where it denies or says that it is the first."""
    choices = project.form.choices[project.form.card.by_key["revision_kind"].choices]
    key = " ".join(_PARTS.findall(fold(text)))
    if any(text == choice.label for choice in choices):
        return None
    if project.proof.says_nothing(text) or key in {fold(word) for word in project.form.first_words}:
        return ""
    named = {choice.label for choice in choices if f" {fold(choice.label)} " in f" {key} "}
    is_denied = re.search(r"\b(?:khong|chua)\b", key)
    return named.pop() if len(named) == 1 and not is_denied else None
