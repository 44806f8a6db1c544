"""What a package says was sent of figures and totals, as exact decimals: what its tables hold, what a hand changed."""

from collections.abc import Mapping
from decimal import Decimal
from math import isnan
from typing import Any

from pipeline.values.sent import Edited, Sent

Amount = Decimal | None
Place = tuple[Amount, str, str, str]  # a figure, the sha256 of its form, file and cell
NOWHERE: Place = (None, "", "", "")


def figures_then(sent: Sent) -> dict[tuple[str, str], Place]:
    """What the tables of the package hold, before anybody changed anything by hand."""
    shas = {row["file"]: row["sha256"] for row in sent.rows("submissions")}
    return {(row["unit_id"], row["indicator_id"]): _place(row, shas) for row in sent.rows("figures")}


def _place(row: Mapping[str, str], shas: Mapping[str, str]) -> Place:
    return read_amount(row["value"]), shas.get(row["file"], ""), row["file"], row["cell"]


def sent_figures(sent: Sent) -> dict[tuple[str, str], Amount]:
    """What was sent of each unit, with what somebody changed by hand."""
    found = {(row["unit_id"], row["indicator_id"]): read_amount(row["value"]) for row in sent.rows("figures")}
    return found | {key: amount_sent(item) for key, item in first_edited(sent, "figure").items()}


def sums_of(figures: Mapping[tuple[str, str], Amount]) -> dict[str, Amount]:
    """The sum by indicator, exact; none where nobody gave a figure."""
    sums: dict[str, Amount] = {}
    for (_, name), value in figures.items():
        if value is not None:
            sums[name] = (sums.get(name) or Decimal(0)) + value
    return sums


def table_totals(sent: Sent) -> dict[str, Amount]:
    """What the tables hold of each total; of one whose text was cut to 15 digits, the sum that it was cut from."""
    sums = sums_of({key: amount for key, (amount, *_) in figures_then(sent).items()})
    texts = {row["indicator_id"]: read_amount(row["this_period"]) for row in sent.rows("totals")}
    return {name: _uncut(amount, sums.get(name)) for name, amount in texts.items()}


def _uncut(text: Amount, units: Amount) -> Amount:
    return units if text is not None and units is not None and amount_of(float(units)) == text else text


def first_edited(sent: Sent, kind: str) -> dict[Any, Edited]:
    """By id, or by unit and id, the change by hand that counts: the report stands first."""
    found: dict[Any, Edited] = {}
    for item in sent.edited:
        if item.kind == kind:
            found.setdefault((item.unit_id, item.id) if kind in ("figure", "state") else item.id, item)
    return found


def number(amount: Amount) -> Decimal:
    """A blank as 0."""
    return Decimal(0) if amount is None else amount


def plain(amount: Amount) -> "int | Decimal | str":
    """As a table holds it: whole numbers without a point, a blank as no text."""
    if amount is None:
        return ""
    return int(amount) if amount == amount.to_integral_value() else amount.normalize()


def read_amount(text: str) -> Amount:
    """As a table holds it."""
    return Decimal(text) if text else None


def amount_of(value: float) -> Amount:
    """A number of now, with as many digits as a table has."""
    return None if isnan(value) else Decimal(f"{value:.15g}")


def amount_sent(item: Edited) -> Amount:
    """What somebody wrote in the place of a number."""
    return amount_of(item.sent) if isinstance(item.sent, (int, float)) else None
