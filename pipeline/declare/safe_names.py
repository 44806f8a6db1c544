"""Names of ours that become names of files and folders: what no system, and no word of the commands, may stumble over.

In: a name from the declarations. Out: why it cannot be used, as the end of a Vietnamese sentence, or nothing. A unit's
id is the name of its form and of its reply; a period's code is a folder and a word of `make`.
"""

import re
from collections.abc import Iterable

# Windows takes these for devices, whatever stands behind a dot.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]
)
# What `make` and `make.bat` answer to, or will: a period of that name could not be run.
COMMANDS = frozenset(
    {
        *("help", "templates", "sample", "test", "quick", "check", "lint", "bench", "look", "fuzz", "clean"),
        *("run", "status", "receive", "trace", "reference", "send", "sent", "desk", "rehearse", "plan", "paper"),
        *("gui", "ban", "hop", "sogui", "dientap"),
    }
)
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,58}[A-Za-z0-9])?")
_CODE = re.compile(r"[a-z0-9]{1,8}")


def fault_of_id(name: str) -> str:
    """Why a unit's id, or the name of a form, cannot be the name of a file; empty where it can."""
    if not _ID.fullmatch(name):
        return "chỉ dùng chữ không dấu, chữ số, gạch ngang, gạch dưới, dấu chấm, không quá 60 ký tự, như XA-vinh-thai"
    return _device(name)


def fault_of_code(name: str) -> str:
    """Why a period's code cannot be a folder and a word of the commands; empty where it can."""
    if not _CODE.fullmatch(name):
        return "chỉ dùng chữ thường không dấu và chữ số, không quá 8 ký tự, như q3"
    return "trùng với một lệnh của phần mềm" if name in COMMANDS else _device(name)


def is_device(name: str) -> bool:
    """Whether Windows would take a file of this name for a device."""
    return name.partition(".")[0].strip().casefold() in _DEVICES


def _device(name: str) -> str:
    return "trùng tên thiết bị của Windows" if is_device(name) else ""


def alike(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two names that differ in capitals alone, which Windows takes for one file."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            return other, name
    return None
