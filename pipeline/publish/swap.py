"""Put a finished folder of outputs in the place of the old one: a reader sees the old or the new, never a mixture.

The new folder is built beside the old; what the officer put there by hand is carried over; then two renames exchange
them. A run killed in between leaves the old folder under its backup name, and the next call puts it back. While a file
of the old folder is held open, the files are exchanged one by one, and the record says under which names.
"""

import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.publish.outputs import RECORD

_LEFT = "left_open"  # in the record: files of earlier runs that were open and stay until a later run can remove them
_TRIES = 4
_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Swapped:
    """What an exchange came to; names are relative to the folder."""

    # What the new file is called, by the usual name, which was held open; and stale files of ours that are held open.
    renamed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    def name(self, usual: str) -> str:
        """The name of the file that holds the new content."""
        return self.renamed.get(usual, usual)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the officer is told."""
        return (
            *(
                f"Tệp {usual} đang mở nên kết quả mới được ghi vào {name}; xin đóng tệp cũ rồi dùng tệp mới."
                for usual, name in self.renamed.items()
            ),
            *(
                f"Tệp {name} là bản cũ, đang mở nên chưa xóa được; xin đóng lại, lần chạy sau sẽ tự xóa."
                for name in self.left
            ),
        )


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` in which to build; what was not swapped in is removed in the end."""
    recover(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}.moi-{os.getpid()}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        yield staged
    except OSError as error:
        error.filename = error.filename or str(target)  # a disk that is full does not say which
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def recover(target: Path) -> None:
    """Put the old folder back if an earlier run was killed between the two renames; clear what a killed run left."""
    _put_back(target)
    shutil.rmtree(_backup(target), ignore_errors=True)
    for left in target.parent.glob(f".{target.name}.moi-*") if target.parent.exists() else ():
        if not _is_running(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def swap_in(staged: Path, target: Path) -> Swapped:
    """Exchange the folders; their files one by one while one of them is held open."""
    if not target.exists():
        staged.replace(target)
        return Swapped()
    made, ours = _names_in(staged), _written_before(target)
    try:
        _carry_over(staged, target, ours)
        target.replace(_backup(target))
        staged.replace(target)
    except OSError:  # a file in it is open, in Excel most likely
        _put_back(target)
        return _swap_files(staged, target, made, ours)
    shutil.rmtree(_backup(target), ignore_errors=True)
    return Swapped()


def put_files(staged: Path, target: Path, names: Iterable[str], ours: Set[str]) -> Swapped:
    """Move files to their places one after the other; one held open gets a new name beside it.

    `ours` are files of earlier calls: no others are written over beside the usual names, and those that are not written
    anew are removed.
    """
    placed = {name: _put(staged / name, target, name, ours) for name in names}
    stale = sorted(ours - {*placed, *placed.values()})
    return Swapped(
        {usual: name for usual, name in placed.items() if name != usual},
        tuple(name for name in stale if not _remove(target / name)),
    )


def _backup(target: Path) -> Path:
    return target.with_name(f".{target.name}.cu")


def _put_back(target: Path) -> None:
    backup = _backup(target)
    if backup.exists() and not target.exists():
        backup.replace(target)


def _is_running(pid: str) -> bool:
    """Whether another run is still building there."""
    if os.name == "nt" or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except OSError:
        return False
    return int(pid) != os.getpid()


def _names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _carry_over(staged: Path, target: Path, ours: Set[str]) -> None:
    """Copy what no run wrote: blank forms, the officer's own notes."""
    for name in _names_in(target):
        path, copy = target / name, staged / name
        if name not in ours and not copy.exists() and not path.name.startswith("~$"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)


def _written_before(target: Path) -> set[str]:
    try:
        record = json.loads((target / RECORD).read_text(encoding="utf-8"))
        return {RECORD, *(output["file"] for output in record["outputs"]), *record.get(_LEFT, ())}
    except (OSError, ValueError, KeyError, TypeError):
        return {RECORD}


def _swap_files(staged: Path, target: Path, made: Iterable[str], ours: Set[str]) -> Swapped:
    """Replace one file after the other, the record last: by then it is known what the others are called."""
    swapped = put_files(staged, target, [name for name in made if name != RECORD], ours - {RECORD})
    if (staged / RECORD).exists():
        _correct_record(staged / RECORD, swapped)
        _replace(staged / RECORD, target / RECORD)
    return swapped


def _correct_record(path: Path, swapped: Swapped) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    outputs = [{**output, "file": swapped.name(output["file"])} for output in record["outputs"]]
    record |= {"outputs": outputs, _LEFT: [*swapped.renamed, *swapped.left]}
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _put(path: Path, target: Path, usual: str, ours: Set[str]) -> str:
    """Move a file to its place or, while that is held open, beside it; returns the name.

    The name beside it is the first numbered one that is free or ours.
    """
    name, number = usual, 1
    while True:
        place = target / name
        if name == usual or name in ours or not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                _replace(path, place)
                return name
            except OSError:
                if not place.exists():  # nothing is held open there: the folder takes no file
                    raise
        number += 1
        name = place.with_name(f"{Path(usual).stem} ({number}){place.suffix}").relative_to(target).as_posix()


def _replace(path: Path, place: Path) -> None:
    """Rename, with patience: what a virus scanner holds is let go again."""
    for _ in range(_TRIES - 1):
        try:
            path.replace(place)
            return
        except OSError:
            time.sleep(_PAUSE_SECONDS)
    path.replace(place)


def _remove(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
