"""The register of units: who exists when, under which names. Loaded from `schemas/units.csv`."""

import csv
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.declare.safe_names import alike, fault_of_id
from pipeline.words.names import fold

_REQUIRED = ("unit_id", "name", "kind", "aliases", "valid_from", "valid_to", "successor", "must_report")
_OPTIONAL = ("former_names", "national_code", "confirmed")


@dataclass(frozen=True, slots=True)
class Unit:
    """One reporting unit. `unit_id` is ours and never reused; national codes were, so they are only a column."""

    unit_id: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    national_code: str = ""
    valid_from: date = date.min
    valid_to: date = date.max
    successor: str = ""
    must_report: bool = True
    confirmed: bool = True

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True, eq=False)
class Register:
    """All units, in the order of the file.

    One register equals only itself, for comparing thousands of units takes its time.
    """

    units: tuple[Unit, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Unit]:
        return {unit.unit_id: unit for unit in self.units}

    @cached_property
    def by_folded_id(self) -> Mapping[str, Unit]:
        """Units by their id in small letters."""
        return {unit.unit_id.casefold(): unit for unit in self.units}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Unit, ...]]:
        """Units by folded official name or alias; more than one unit means that the name alone does not tell."""
        return self._index(lambda unit: (unit.name, *unit.aliases))

    @cached_property
    def by_former_name(self) -> Mapping[str, tuple[Unit, ...]]:
        return self._index(lambda unit: unit.former_names)

    @cached_property
    def merged_into(self) -> Mapping[str, tuple[Unit, ...]]:
        """By id the units that became part of a unit, by themselves or as part of another; none where it has none."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for heir in self._heirs(unit):
                found.setdefault(heir, []).append(unit)
        return {unit_id: tuple(units) for unit_id, units in found.items()}

    def _heirs(self, unit: Unit) -> Sequence[str]:
        """Its successor, that one's successor and so on."""
        heirs: list[str] = []
        while unit.successor and unit.successor not in heirs:
            heirs.append(unit.successor)
            unit = self.by_id[unit.successor]
        return heirs

    def reporting_on(self, day: date) -> tuple[Unit, ...]:
        """The units that exist on `day` and must report."""
        return tuple(unit for unit in self.units if unit.must_report and unit.is_valid_on(day))

    def name(self, unit_id: str) -> str:
        """The official name, or the id itself where the register does not know it."""
        unit = self.by_id.get(unit_id)
        return unit.name if unit else unit_id

    def _index(self, names: Callable[[Unit], Iterable[str]]) -> Mapping[str, tuple[Unit, ...]]:
        index: dict[str, list[Unit]] = {}
        for unit in self.units:
            for key in {fold(name) for name in names(unit)}:
                index.setdefault(key, []).append(unit)
        return {key: tuple(units) for key, units in index.items()}


def load_register(path: Path) -> Register:
    """Read the register; refuse unknown columns, repeated ids, validity that ends before it begins, lost successors."""
    columns, rows = _read(path)
    if missing := [name for name in _REQUIRED if name not in columns]:
        raise PipelineError(f"{path}: thiếu cột “{missing[0]}”.")
    if unknown := [name for name in columns if name not in _REQUIRED + _OPTIONAL]:
        raise PipelineError(f"{path}: không có cột “{unknown[0]}”.")
    places = [f"{path}, dòng {number}" for number in range(2, len(rows) + 2)]
    units = tuple(_unit(_cells(row, where), where) for row, where in zip(rows, places, strict=True))
    _refuse_contradictions(units, path)
    return Register(units)


def _cells(row: Mapping[str, str | None], where: str) -> Mapping[str, str]:
    if None in row or None in row.values():
        raise PipelineError(f"{where}: số cột không khớp dòng tiêu đề; tên có dấu phẩy cần đặt trong dấu ngoặc kép.")
    return {key: (value or "").strip() for key, value in row.items()}


def _unit(cell: Mapping[str, str], where: str) -> Unit:
    return Unit(
        unit_id=cell["unit_id"],
        name=unicodedata.normalize("NFC", cell["name"]),
        kind=cell["kind"],
        aliases=_names(cell["aliases"]),
        former_names=_names(cell.get("former_names", "")),
        national_code=cell.get("national_code", ""),
        valid_from=_day(cell["valid_from"], date.min, f"{where}, cột “valid_from”"),
        valid_to=_day(cell["valid_to"], date.max, f"{where}, cột “valid_to”"),
        successor=cell["successor"],
        must_report=_yes(cell["must_report"], f"{where}, cột “must_report”"),
        confirmed=_yes(cell.get("confirmed", ""), f"{where}, cột “confirmed”"),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", name.strip()) for name in text.split(";") if name.strip())


def _day(text: str, default: date, where: str) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise PipelineError(f"{where}: cần ngày dạng 2025-06-30, đang là “{text}”.") from None


def _yes(text: str, where: str) -> bool:
    words = {
        "": True,
        "yes": True,
        "có": True,
        "1": True,
        "true": True,
        "no": False,
        "không": False,
        "0": False,
        "false": False,
    }
    if text.casefold() not in words:
        raise PipelineError(f"{where}: cần yes hoặc no, đang là “{text}”.")
    return words[text.casefold()]


def _read(path: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    """The columns and the rows as they stand in the file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            return reader.fieldnames or [], list(reader)
    except FileNotFoundError:
        raise PipelineError(f"Không thấy danh sách đơn vị {path}.") from None
    except UnicodeDecodeError:
        raise PipelineError(f"{path}: cần lưu dạng CSV UTF-8.") from None


def _refuse_contradictions(units: tuple[Unit, ...], path: Path) -> None:
    ids = {unit.unit_id for unit in units}
    if len(ids) != len(units):
        repeated = next(unit.unit_id for unit in units if sum(other.unit_id == unit.unit_id for other in units) > 1)
        raise PipelineError(f"{path}: mã đơn vị “{repeated}” có hai lần.")
    if pair := alike(unit.unit_id for unit in units):
        raise PipelineError(f"{path}: mã đơn vị “{pair[0]}” và “{pair[1]}” chỉ khác nhau ở chữ hoa, chữ thường.")
    for unit in units:
        if fault := _fault(unit, ids):
            raise PipelineError(f"{path}: {fault}.")


def _fault(unit: Unit, ids: Collection[str]) -> str:
    """What is wrong with one unit among those with these ids; empty where nothing is."""
    if not unit.unit_id or not unit.name:
        return "có đơn vị thiếu mã hoặc tên"
    if fault := fault_of_id(unit.unit_id):
        return f"mã đơn vị “{unit.unit_id}” không dùng được: {fault}"
    if unit.valid_to < unit.valid_from:
        return f"đơn vị “{unit.unit_id}” có valid_to trước valid_from"
    if unit.successor and unit.successor not in ids:
        return f"đơn vị “{unit.unit_id}” có successor “{unit.successor}” không có trong danh sách"
    return ""
