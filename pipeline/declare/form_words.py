"""Names that the texts of a form call by a word in braces, as {office}: each office has its own."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.declare.form import Form
from pipeline.declare.plan import Plan

_OFFICE = "office"


def worded_for(plan: Plan, form: Form) -> Form:
    """The form with the plan's own names in all its texts; refuse a name of the plan that the form does not know."""
    if strange := sorted(set(plan.form_words) - set(form.words)):
        known = ", ".join(form.words) or "không có"
        raise PipelineError(f"Kế hoạch {plan.year}, khóa “form_words”: biểu không có “{strange[0]}”; các tên: {known}.")
    words = {**form.words, **plan.form_words, _OFFICE: plan.office}
    called = re.compile("|".join(re.escape(f"{{{name}}}") for name in words))
    worded: Form = _worded(form, called, words)
    return replace(worded, words=words)


def _worded(value: Any, called: re.Pattern[str], words: Mapping[str, str]) -> Any:
    """The same value with the names in every text of it; what has none is the same object."""
    if isinstance(value, str):
        return called.sub(lambda found: words[found[0][1:-1]], value) if "{" in value else value
    if isinstance(value, Mapping):
        return {key: _worded(item, called, words) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_worded(item, called, words) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        told = {item.name: (getattr(value, item.name), item.init) for item in fields(value)}
        anew = {name: _worded(old, called, words) for name, (old, _) in told.items()}
        return replace(value, **{name: new for name, new in anew.items() if new is not told[name][0]})
    return value
