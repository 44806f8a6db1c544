"""The activities of one invented form: chosen from the titles, dated within the period, written as rows of Biểu 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.samples.author import Author, draw, pick, shuffle
from pipeline.samples.content import Title
from pipeline.words.days import day_text
from pipeline.words.prose import capitalised


@dataclass(frozen=True, slots=True)
class Item:
    """One row of Biểu 3 before it is written out."""

    title: Title
    form: str
    date: date
    quantity: int
    people: int | None


def list_items(author: Author, without: Sequence[str] = ()) -> list[Item]:
    """The activities by date: some for every recurring task that the unit leads, the rest as it comes."""
    barred = {*without, *_not_its_own(author)}
    titles = shuffle(_titles(author, barred), "title", *author.seed)
    items = (_item(author, title, barred) for title in _chosen(author, titles))
    return sorted(items, key=lambda item: (item.date, item.title.title))


def _chosen(author: Author, titles: Sequence[Title]) -> list[Title]:
    """As many titles as a profile lists in such a period, those of its recurring tasks before all others."""
    content, profile = author.content, author.content.profiles[author.profile]
    wanted = [task.id for task in author.project.plan.tasks if author.owes(task) == "recurring"]
    needed = [title for task in wanted for title in _on(task, titles)[: profile.each_task]]
    usual = draw(*profile.activities, *author.seed, "activities")
    count = max(usual * content.periods[author.period.code].activities // 100, len(needed))
    return [*needed, *(title for title in titles if title not in needed)][:count]


def _not_its_own(author: Author) -> set[str]:
    """The forms of propaganda that are counted in figures which the unit does not fill."""
    plan = author.project.plan
    rules = [rule for rule in author.content.figures if rule.id in plan.indicator]
    owned = {form for rule in rules for form in rule.forms if plan.fills(plan.indicator[rule.id], author.unit)}
    return {form for rule in rules for form in rule.forms} - owned


def _titles(author: Author, barred: set[str]) -> list[Title]:
    """The titles of the unit and of its profile, without those of a barred task or of nothing but barred forms."""
    offered = author.content.titles
    return [
        title
        for title in (*offered.get(author.unit.unit_id, ()), *offered[author.profile])
        if title.task not in barred and set(title.forms) - barred
    ]


def _on(task: str, titles: Sequence[Title]) -> list[Title]:
    return [title for title in titles if title.task == task]


def _item(author: Author, title: Title, barred: set[str]) -> Item:
    seed = (*author.seed, title.title)
    form = pick([name for name in title.forms if name not in barred], *seed, "form")
    facts = author.content.forms[form]
    people = draw(*facts.people, *seed, "people") if facts.people else None
    day = pick(author.workdays(author.period.date_from, author.period.date_to), *seed, "date")
    return Item(title, form, day, draw(*facts.quantity, *seed, "quantity"), people)


def write_item(author: Author, item: Item, number: int) -> dict[str, Any]:
    """The row of Biểu 3, as typed."""
    facts, label = author.content.forms[item.form], author.project.form.label
    seed, words = (*author.seed, item.title.title), _words(author, item, number)
    title = item.title.title.format_map(words)
    row = {
        "stt": str(number),
        "date": item.date,
        "task_id": item.title.task,
        "form": label("form", item.form),
        "content_area": label("content_area", item.title.area),
        "title": capitalised(title),
        "venue": pick(facts.venue, *seed, "venue").format_map(words),
        "quantity": item.quantity,
        "evidence": pick(facts.evidence, *seed, "evidence").format_map(words),
    }
    return row if item.people is None else {**row, "participants": item.people}


def _words(author: Author, item: Item, number: int) -> dict[str, str]:
    """What stands for the braces in the phrases of one row."""
    return {
        **author.words,
        "month": str(item.date.month),
        "day": day_text(item.date),
        "ymd": f"{item.date:%Y%m%d}",
        "number": str(number),
        "paper": str(draw(20, 190, *author.seed, item.title.title, "paper")),
    }
