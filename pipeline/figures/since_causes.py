"""Why something is not as it was sent, told from the forms that were there then and that are there now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from pipeline.judged.settlement import Settlement
from pipeline.values.forms import RECEIVING_BOOK
from pipeline.values.sent import Sent
from pipeline.values.states import SinceCause


class Form(NamedTuple):
    """One file of a unit. `is_supplement`: it is in force beside another one."""

    unit_id: str
    sha256: str
    is_in_force: bool
    is_supplement: bool = False


def forms_then(sent: Sent) -> list[Form]:
    """The files that the run behind a package had."""
    return [Form(row["unit_id"], row["sha256"], row["state"] == "in-force") for row in sent.rows("submissions")]


def forms_of(settled: Settlement) -> list[Form]:
    """The files that there are now; samples beside real forms are nobody's."""
    added = {doc for chain in settled.versions.chains.values() for doc in chain[1:]}
    known = zip(settled.readings, settled.versions.decisions, strict=True)
    return [
        Form(reading.unit_id, reading.sha256, decision.state == "in-force", doc in added)
        for doc, (reading, decision) in enumerate(known)
    ]


def forms_changed(then: Iterable[Form], now: Iterable[Form], same: SinceCause) -> dict[str, SinceCause]:
    """The units whose forms in force are not those that were, each with its cause, whatever came of it."""
    before, after = list(then), list(now)
    causes, used_then, used_now = Causes(before, after, same), _in_force(before), _in_force(after)
    return {
        unit_id: causes.of_unit(unit_id)
        for unit_id in {**used_then, **used_now}
        if set(used_then.get(unit_id, ())) != set(used_now.get(unit_id, ()))
    }


def cause_elsewhere(then: Mapping[str, str], others: Iterable[Settlement], year: int, same: SinceCause) -> SinceCause:
    """Of what rests on other periods' forms as well, of which only the files are known: `then`, sha256 by place."""
    folders = {f"inputs/{year}/{settled.period.code}/": settled for settled in others}
    forms = {file: sha256 for file, sha256 in then.items() if file.startswith(tuple(folders))}
    known = {sha256 for file, sha256 in forms.items() if file.split("/", 3)[-1] != RECEIVING_BOOK}
    came = [
        (decision.state != "in-force", _of_newcomer(settled, doc, f"{folder}{reading.file}" in forms, known))
        for folder, settled in folders.items()
        for doc, (reading, decision) in enumerate(zip(settled.readings, settled.versions.decisions, strict=True))
        if reading.is_form and reading.sha256 not in known
    ]
    if came:
        return min(came, key=lambda found: found[0])[1]
    there = {reading.sha256 for settled in folders.values() for reading in settled.readings}
    return "withdrawn" if known - there else same


def _of_newcomer(settled: Settlement, doc: int, has_replaced: bool, known: Collection[str]) -> SinceCause:
    """A form that was not there: the first of its unit, an addition to another one, or in the place of another one."""
    unit_id = settled.readings[doc].unit_id
    has_sent = has_replaced or any(item.unit_id == unit_id and item.sha256 in known for item in settled.readings)
    if not has_sent:
        return "new-form"
    return "supplement" if doc in settled.versions.chains.get(unit_id, ())[1:] else "later-version"


class Causes:
    """The forms of both times laid beside each other. `same`: the cause where they are the same."""

    def __init__(self, then: Iterable[Form], now: Iterable[Form], same: SinceCause) -> None:
        before, after = list(then), list(now)
        self._same = same
        self._known_then = {form.sha256 for form in before}
        self._known_now = {form.sha256 for form in after}
        self._used_then, self._used_now = _in_force(before), _in_force(after)
        self._all_then, self._all_now = _by_unit(before), _by_unit(after)
        self._added = {form.sha256 for form in after if form.is_supplement}

    def of_figure(self, unit_id: str, then: str, now: str) -> SinceCause:
        """Of a figure of the unit; `then` and `now` are the sha256 of the forms that spoke, empty for none."""
        if then and then == now:
            return self._same
        used_then = self._used_then.get(unit_id, ())
        if now and now not in self._known_then:
            if not used_then:
                return "new-form"
            stays = set(used_then) <= set(self._used_now.get(unit_id, ()))
            return "supplement" if now in self._added and stays else "later-version"
        return self._of_other_forms(unit_id)

    def of_unit(self, unit_id: str) -> SinceCause:
        """Of whatever rests on all its forms together."""
        came = [sha256 for sha256 in self._used_now.get(unit_id, ()) if sha256 not in self._known_then]
        return self.of_figure(unit_id, "", came[-1] if came else "")

    def _of_other_forms(self, unit_id: str) -> SinceCause:
        """Where no new form speaks: one was taken away, one keeps another from counting, or none of this."""
        has_come = any(sha256 not in self._known_then for sha256 in self._all_now.get(unit_id, ()))
        is_used = bool(self._used_now.get(unit_id))
        if any(sha256 not in self._known_now for sha256 in self._used_then.get(unit_id, ())):
            return "later-version" if has_come and not is_used else "withdrawn"
        if has_come:
            return "later-version"
        is_gone = any(sha256 not in self._known_now for sha256 in self._all_then.get(unit_id, ()))
        return "withdrawn" if is_gone else self._same


def _in_force(forms: Iterable[Form]) -> Mapping[str, list[str]]:
    return _by_unit(form for form in forms if form.is_in_force)


def _by_unit(forms: Iterable[Form]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for form in forms:
        if form.unit_id:
            found[form.unit_id].append(form.sha256)
    return dict(found)
