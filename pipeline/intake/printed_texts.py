"""Whether a printed title or unit of measure that was typed over still says the same."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.declare.plan import Plan
from pipeline.declare.project import Project
from pipeline.intake.says import Beside, Said, beside_printed, factor_of, said_against
from pipeline.words.names import fold

_WORDING = {"measure": "measure", "indicator": "title", "task_title": "title", "due_text": "due_text"}
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d")
_SAYING = "%‰?"  # signs that say something of a number
_OWN_SHARE = 0.34  # of the words of a title that have to be its own, or it is no title of this row
_CLEARLY = 0.2  # how much closer it must come to the title of another row


def said_in_row(key: str, text: str, name: str, beside: Beside, table: str, project: Project) -> Said | None:
    """What the text under `key` of a row says against it; `None` where it says the same, or only adds to it."""
    texts = project.printed[project.form.tables[table].rows]
    printed = texts[name][key]
    if _same(text, printed) or is_of_other_version(key, text, name, project.plan):
        return None
    if others := [
        other for other in texts if any(_same(text, way) for way in ways_of(key, other, texts, project.plan))
    ]:
        return _other(key, text, others, beside, project)
    known = beside._replace(known=_words(printed) | beside.known)
    if key == "measure":
        return _in_measure(text, name, known, texts, project)
    added = beside_printed(text, ways_of(key, name, texts, project.plan))
    if beside.measure and (said := said_against(added, known, project.meaning)):
        return said
    return Said("other-row", text) if beside.measure and _is_of_another(text, key, name, texts) else None


def printed_otherwise(key: str, name: str, plan: Plan) -> tuple[str, ...]:
    """How other versions of the form print it, whichever the card names: people copy rows between them."""
    item = plan.indicator.get(name) or plan.task.get(name)
    words = (getattr(was, _WORDING.get(key, ""), "") for was in (item.was.values() if item else ()))
    return tuple(told for told in words if told)


def ways_of(key: str, name: str, texts: Mapping[str, Mapping[str, str]], plan: Plan) -> tuple[str, ...]:
    """How the form prints it, then how other versions do."""
    return (texts[name][key], *printed_otherwise(key, name, plan))


def is_of_other_version(key: str, text: str, name: str, plan: Plan) -> bool:
    """Whether another version of the form prints it so."""
    return any(_same(text, told) for told in printed_otherwise(key, name, plan))


def _other(key: str, text: str, others: Sequence[str], beside: Beside, project: Project) -> Said | None:
    """The text of another row: unless it is a word for the same unit of measure, or says nothing about which row."""
    if key == "measure":
        return None if factor_of(text, beside.measure, project.meaning) == 1 else Said("other-measure", text)
    return Said("other-row", text) if len(others) == 1 and key.endswith(("title", "indicator")) else None


def _in_measure(
    text: str, name: str, beside: Beside, texts: Mapping[str, Mapping[str, str]], project: Project
) -> Said | None:
    factor = factor_of(text, beside.measure, project.meaning)
    if factor is not None:
        return None if factor == 1 else Said("multiple", text, factor, text.strip())
    if said := said_against(text, beside, project.meaning):
        return said
    if _bare(text) in {
        _bare(word) for measure in project.meaning.measures for word in project.meaning.same_measure(fold(measure))
    }:
        return Said("other-measure", text)
    own = _words(" ".join(texts[name].values())) | {
        word for same in project.meaning.same_measure(beside.measure) for word in same.split()
    }
    is_unknown = not _NUMBER.search(text) and not (_words(text) & own)
    return Said("other-measure", text) if is_unknown else None


def _is_of_another(text: str, key: str, name: str, texts: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether a title has next to nothing of its own row, or all of it stands in that of another row."""
    said = _words(text)
    if len(said) < 2:
        return False
    shares = {other: len(said & _words(known[key])) / len(said) for other, known in texts.items()}
    best = max(share for other, share in shares.items() if other != name)
    return shares[name] < _OWN_SHARE or (best == 1 and shares[name] < 1 - _CLEARLY)


def _same(text: str, printed: str) -> bool:
    """The same but for case, tones, spaces, line breaks and signs that say nothing."""
    return text == printed or _bare(text) == _bare(printed)


@lru_cache(10_000)
def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum() or char in _SAYING)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))
