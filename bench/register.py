"""Invented units, marked as such by their very names, in the place of the real communes of the register."""

from dataclasses import dataclass
from datetime import date

from pipeline.declare.register import Register, Unit

_SINCE = date(2020, 1, 1)
_TOWN_EVERY = 6
# The offices of each commune in the simulated nation, by kind: the office of the council, three departments, one
# service unit.
_OFFICES = (
    ("van-phong", "VP", "Văn phòng HĐND và UBND"),
    ("phong", "P", "Phòng Kinh tế"),
    ("phong", "P", "Phòng Văn hóa - Xã hội"),
    ("phong", "P", "Phòng Tư pháp"),
    ("su-nghiep", "SN", "Trung tâm Dịch vụ tổng hợp"),
)
SIGN = "Mô phỏng"  # “simulated”


@dataclass(frozen=True, slots=True)
class Member:
    """A unit of the simulation, and the words by which it differs from another of its sort."""

    unit: Unit
    sort: str
    number: str = ""


def district(count: int, register: Register) -> list[Member]:
    """`count` units: invented communes, then the departments of the real register, for the plan names them."""
    kept = [Member(unit, unit.unit_id) for unit in register.units if not unit.unit_id.startswith("XA-")]
    if count <= len(kept):
        raise ValueError(f"at least {len(kept) + 1} units: the plan names {len(kept)} departments")
    return [*(_commune(number) for number in range(1, count - len(kept) + 1)), *kept]


def nation(communes: int, register: Register) -> list[Member]:
    """Every commune followed by its own offices, and the departments that the plan names."""
    kept = [Member(unit, unit.unit_id) for unit in register.units if not unit.unit_id.startswith("XA-")]
    invented = [member for number in range(1, communes + 1) for member in (_commune(number), *_offices(number))]
    return [*invented, *kept]


def model(member: Member) -> tuple[Unit, dict[str, str]]:
    """A unit for all of the sort of `member`, and the words in its form that give way to those of `member`."""
    unit = member.unit
    if not member.number:
        return unit, {}
    tail, name = f"mp-{member.number}", f"{SIGN} {member.number}"
    blank = Unit(unit.unit_id.replace(tail, "QQMAQQ"), unit.name.replace(name, "QQTENQQ"), unit.kind)
    return blank, {"QQMAQQ": tail, "QQTENQQ": name}


def _commune(number: int) -> Member:
    text, name = f"{number:05d}", f"{SIGN} {number:05d}"
    if number % _TOWN_EVERY:
        unit = Unit(f"XA-mp-{text}", f"Xã {name}", "xa", (f"UBND xã {name}", f"X. {name}", name), valid_from=_SINCE)
    else:
        unit = Unit(
            f"XA-mp-{text}",
            f"Thị trấn {name}",
            "thi-tran",
            (f"UBND thị trấn {name}", f"TT {name}", name),
            valid_from=_SINCE,
        )
    return Member(unit, unit.kind, text)


def _offices(number: int) -> list[Member]:
    members = []
    for place, (kind, letters, title) in enumerate(_OFFICES, start=1):
        text = f"{number:05d}-{place}"
        members.append(
            Member(
                Unit(f"{letters}-mp-{text}", f"{title} {SIGN} {text}", kind, valid_from=_SINCE), f"{kind} {place}", text
            )
        )
    return members
