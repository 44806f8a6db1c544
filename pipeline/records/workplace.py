"""A folder of one's own beside what is being made, and the clearing of those whose command was killed.

`.q3.moi-<process>-<chance>` beside `q3` belongs to whoever holds its lock; without one it is a leaving.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.records.locks import LOCK, clear_half_made, held, is_held, lock_of, real_place
from pipeline.records.processes import is_alive

# Also those of version 1.0.0, which had no lock: a number of a process alone, or `tempfile`'s letters.
_NAME = re.compile(
    r"\.(?:.+\.)?(?P<kind>moi|mau|nhan|ghi|gui)-(?:(?P<process>\d+)(?:-[0-9a-f]{8})?|[a-z0-9_]{8})", re.DOTALL
)
_LOCK_NAME = re.compile(rf"\..*{re.escape(LOCK)}(?P<half>-\d+-[0-9a-f]{{8}})?", re.DOTALL)
_WORTHLESS = ("moi", "mau", "ghi")


@contextmanager
def workplace(target: Path, kind: str) -> Iterator[Path]:
    """An empty folder beside `target` in which to build; what was not moved out of it is removed in the end.

    What killed commands left beside it goes first.
    """
    place = real_place(target)
    place.parent.mkdir(parents=True, exist_ok=True)
    clear_abandoned(place.parent)
    place = place.with_name(f".{place.name}.{kind}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with held(place):
            place.mkdir()
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        # A disk that is full does not say which, and nobody knows what is built beside by its name.
        if not error.filename or place.name in str(error.filename):
            error.filename = str(target)
        raise


def abandoned(parent: Path, kind: str) -> Iterator[Path]:
    """The workplaces of a kind whose command lives no more."""
    for name in _names_in(parent):
        if (
            (match := _NAME.fullmatch(name))
            and match["kind"] == kind
            and not _is_in_use(parent / name, match["process"])
        ):
            yield parent / name


def clear_abandoned(parent: Path) -> None:
    """Remove what killed commands left there: locks, and workplaces that hold nothing to be finished."""
    for kind in _WORTHLESS:
        for place in abandoned(parent, kind):
            shutil.rmtree(place, ignore_errors=True)
    for name in _names_in(parent):
        if match := _LOCK_NAME.fullmatch(name):
            with suppress(OSError):
                (clear_half_made if match["half"] else is_held)(parent / name)


def _is_in_use(place: Path, process: str | None) -> bool:
    if place.name.count("-") == 1 and process:
        return int(process) != os.getpid() and is_alive(int(process))
    try:
        return is_held(lock_of(place))
    except OSError:
        return True


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
    except OSError:
        return []
