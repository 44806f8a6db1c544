"""Put a finished folder of outputs in the place of the old one, so that a reader sees the old or the new, never a mixture.

The new folder is built beside the old; what the officer put there by hand is carried over; then two renames exchange
them. A run killed in between leaves the old folder under its backup name, and the next call puts it back.
"""

import json
import os
import shutil
import time
from pathlib import Path

RECORD = "run.json"
_TRIES = 4
_PAUSE_SECONDS = 0.25


def staging_folder(target: Path) -> Path:
    """An empty folder beside `target` in which to build."""
    recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.moi-{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    return staged


def recover(target: Path) -> None:
    """Put the old folder back if an earlier run was killed between the two renames; clear what a killed run left."""
    backup = _backup(target)
    if backup.exists():
        if target.exists():
            shutil.rmtree(backup, ignore_errors=True)
        else:
            backup.replace(target)
    for left in target.parent.glob(f".{target.name}.moi-*") if target.parent.exists() else ():
        if not _is_running(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def swap_in(staged: Path, target: Path) -> list[str]:
    """Exchange the folders; returns a Vietnamese sentence for each file that had to take another name."""
    if not target.exists():
        staged.replace(target)
        return []
    _carry_over(staged, target)
    backup = _backup(target)
    try:
        target.replace(backup)
    except OSError:  # a file in it is open, in Excel most likely: exchange file by file
        return _swap_files(staged, target)
    staged.replace(target)
    shutil.rmtree(backup, ignore_errors=True)
    return []


def _backup(target: Path) -> Path:
    return target.with_name(f".{target.name}.cu")


def _is_running(pid: str) -> bool:
    """Whether another run is still building there."""
    if os.name == "nt" or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except OSError:
        return False
    return int(pid) != os.getpid()


def _carry_over(staged: Path, target: Path) -> None:
    """Copy what the last run did not write: blank forms, the officer's own notes."""
    ours = _written_before(target)
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        copy = staged / name
        if path.is_file() and name not in ours and not copy.exists() and not path.name.startswith("~$"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _written_before(target: Path) -> set[str]:
    try:
        record = json.loads((target / RECORD).read_text(encoding="utf-8"))
        return {RECORD, *(output["file"] for output in record["outputs"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {RECORD}


def _swap_files(staged: Path, target: Path) -> list[str]:
    """Replace one file after the other; a file held open gets a new name beside it."""
    sentences = []
    stale = _written_before(target) - {path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()}
    for path in sorted(path for path in staged.rglob("*") if path.is_file()):
        place = target / path.relative_to(staged)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not _replace(path, place):
            other = _free_name(place)
            path.replace(other)
            sentences.append(f"Tệp {place.name} đang mở nên kết quả mới được ghi vào {other.name}; xin đóng tệp cũ rồi dùng tệp mới.")
    for name in stale:
        (target / name).unlink(missing_ok=True)
    shutil.rmtree(staged, ignore_errors=True)
    return sentences


def _replace(path: Path, place: Path) -> bool:
    for attempt in range(_TRIES):
        try:
            path.replace(place)
            return True
        except OSError:
            if attempt + 1 < _TRIES:
                time.sleep(_PAUSE_SECONDS)
    return False


def _free_name(place: Path) -> Path:
    number = 2
    while (other := place.with_name(f"{place.stem} ({number}){place.suffix}")).exists():
        number += 1
    return other
