"""The activities of one invented form: chosen from the titles, dated within the period, written as rows of Biểu 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.samples.author import Author, draw, pick, shuffle
from pipeline.samples.content import Title
from pipeline.words.days import day_text


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
    content, plan, unit = author.content, author.project.plan, author.unit
    profile = content.profiles[author.profile]
    owned = {form for rule in content.figures for form in rule.forms if plan.fills(plan.indicator[rule.id], unit)}
    others = {
        form for rule in content.figures for form in rule.forms
    } - owned  # counted in figures that the unit does not fill
    barred = {*without, *others}
    titles = [
        title
        for title in (*content.titles.get(unit.unit_id, ()), *content.titles[author.profile])
        if title.task not in barred and set(title.forms) - barred
    ]
    ordered = shuffle(titles, "title", *author.seed)
    wanted = [task.id for task in plan.tasks if author.owes(task) == "recurring"]
    needed = [
        title for task in wanted for title in [title for title in ordered if title.task == task][: profile.each_task]
    ]
    count = (
        draw(*profile.activities, *author.seed, "activities") * content.periods[author.period.code].activities // 100
    )
    chosen = [*needed, *(title for title in ordered if title not in needed)][: max(count, len(needed))]
    return sorted((_item(author, title, barred) for title in chosen), key=lambda item: (item.date, item.title.title))


def _item(author: Author, title: Title, barred: set[str]) -> Item:
    seed = (*author.seed, title.title)
    form = pick([name for name in title.forms if name not in barred], *seed, "form")
    facts = author.content.forms[form]
    people = draw(*facts.people, *seed, "people") if facts.people else None
    return Item(
        title,
        form,
        pick(author.workdays(author.period.date_from, author.period.date_to), *seed, "date"),
        draw(*facts.quantity, *seed, "quantity"),
        people,
    )


def write_item(author: Author, item: Item, number: int) -> dict[str, Any]:
    """The row of Biểu 3, as typed."""
    facts, form, seed = author.content.forms[item.form], author.project.form, (*author.seed, item.title.title)
    dated = {"month": str(item.date.month), "day": day_text(item.date), "ymd": f"{item.date:%Y%m%d}"}
    words = {**author.words, **dated, "number": str(number), "paper": str(draw(20, 190, *seed, "paper"))}
    title = item.title.title.format_map(words)
    row = {
        "stt": str(number),
        "date": item.date,
        "task_id": item.title.task,
        "form": form.label("form", item.form),
        "content_area": form.label("content_area", item.title.area),
        "title": title[0].upper() + title[1:],
        "venue": pick(facts.venue, *seed, "venue").format_map(words),
        "quantity": item.quantity,
        "evidence": pick(facts.evidence, *seed, "evidence").format_map(words),
    }
    return row if item.people is None else {**row, "participants": item.people}
