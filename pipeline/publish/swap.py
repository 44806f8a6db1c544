"""Put a finished folder of outputs in the place of the old one: a reader sees the old or the new, never a mixture.

The new folder is built beside the old; what the officer put there by hand is carried over; then two renames exchange
them, one command at a time. A run killed in between leaves the old folder under its backup name, and the next call
puts it back. While a file of the old folder is held open, the files are exchanged one by one, and the record says under
which names.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.publish.kept import Kept, keep_changed, place_kept, say_kept
from pipeline.publish.last_run import LEFT, LEFT_SHA256, LastRun, last_run
from pipeline.publish.outputs import KEPT, RECORD
from pipeline.records.locks import held, real_place
from pipeline.records.workplace import clear_abandoned, workplace
from pipeline.records.writing import is_full, move_over, settle_folder, settle_tree

_BACKUP = ".{}.cu"
_BUILT = "moi"  # what a folder is called while it is built
_PATIENCE = 60.0  # seconds in which several runs are done with their exchanges


@dataclass(frozen=True, slots=True)
class Swapped:
    """What an exchange came to; names are relative to the folder."""

    # What the new file is called, by the usual name, which was held open; and stale files of ours that are held open.
    renamed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()  # what a person had changed

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
            *say_kept(self.kept),
        )


@contextmanager
def staging_folder(target: Path) -> Iterator[Path]:
    """An empty folder beside `target` in which to build; what was not swapped in is removed in the end."""
    real_place(target).parent.mkdir(parents=True, exist_ok=True)
    recover(real_place(target))
    with workplace(target, _BUILT) as staged:
        yield staged


def recover(target: Path) -> None:
    """Put the old folder back if an earlier run was killed between the two renames; clear what killed runs left."""
    if _backup(target).exists():
        with held(target, _PATIENCE):  # a run that lives is between its renames for a moment only
            _put_back(target)
            _settle_backup(target)
    clear_abandoned(target.parent)


def recover_all(parent: Path) -> None:
    """The same for every folder there."""
    for backup in parent.glob(_BACKUP.format("*")) if parent.is_dir() else ():
        recover(parent / backup.name.removeprefix(".").removesuffix(".cu"))
    clear_abandoned(parent)


def swap_in(staged: Path, target: Path, whole: Sequence[str] = ()) -> Swapped:
    """Exchange the folders; their files one by one while one of them is held open.

    `whole`: outputs that are kept as they are, whether or not somebody changed them.
    """
    with held(target, _PATIENCE):
        return _swap_in(staged, real_place(target), whole)


def _swap_in(staged: Path, target: Path, whole: Sequence[str]) -> Swapped:
    _put_back(target)
    _settle_backup(target)
    if not target.exists():
        settle_tree(staged)
        staged.replace(target)
        settle_folder(target.parent)
        return Swapped()
    made, last = _names_in(staged), last_run(target)
    kept = keep_changed(staged, target, last, whole)
    try:
        _carry_over(staged, target, last.names)
        settle_tree(staged)
        target.replace(_backup(target))
        staged.replace(target)
        settle_folder(target.parent)  # before the old one goes
    except OSError as error:
        _put_back(target)
        if is_full(error):
            raise
        # A file in it is open, in Excel most likely.
        return replace(_swap_files(staged, target, made, last), kept=kept)
    later = _settle_backup(target)  # what the officer put there or saved at this very moment
    return Swapped(kept=tuple(dict.fromkeys((*kept, *later))))


def _settle_backup(target: Path) -> tuple[Kept, ...]:
    """Take over from the old folder what is the officer's and not in the new one yet, then remove it.

    It loses its name first: a part of it that a killed run left is no folder to take anything from.
    """
    backup = _backup(target)
    if not backup.exists():
        return ()
    last, before = last_run(backup), _names_in(target / KEPT)
    kept = keep_changed(target, backup, last)
    if _carry_over(target, backup, last.names) or _names_in(target / KEPT) != before:
        settle_tree(target)
    doomed = target.with_name(f".{target.name}.{_BUILT}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        backup.replace(doomed)
    except OSError:
        doomed = backup
    shutil.rmtree(doomed, ignore_errors=True)
    return kept


def put_files(staged: Path, target: Path, names: Iterable[str], ours: Set[str]) -> Swapped:
    """Move files to their places one after the other; one held open gets a new name beside it.

    `ours` are files of earlier calls: no others are written over beside the usual names, and those that are not written
    anew are removed.
    """
    with held(target, _PATIENCE):
        return _put_files(staged, real_place(target), names, ours)


def _put_files(staged: Path, target: Path, names: Iterable[str], ours: Set[str]) -> Swapped:
    settle_tree(staged)
    placed = {name: _put(staged / name, target, name, ours) for name in names}
    stale = sorted(ours - {*placed, *placed.values()})
    return Swapped(
        {usual: name for usual, name in placed.items() if name != usual},
        tuple(name for name in stale if not _remove(target / name)),
    )


def _backup(target: Path) -> Path:
    return target.with_name(_BACKUP.format(target.name))


def _put_back(target: Path) -> None:
    backup = _backup(target)
    if backup.exists() and not target.exists():
        backup.replace(target)


def _names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _carry_over(staged: Path, target: Path, ours: Set[str]) -> bool:
    """Copy what no run wrote: blank forms, the officer's own notes. Returns whether there was any."""
    has_any = False
    for name in _names_in(target):
        path, copy = target / name, staged / name
        if name not in ours and not copy.exists() and not path.name.startswith("~$"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
            has_any = True
    return has_any


def _swap_files(staged: Path, target: Path, made: Iterable[str], last: LastRun) -> Swapped:
    """Replace one file after the other, the record last: by then it is known what the others are called."""
    settle_tree(staged)
    place_kept(staged, target)
    swapped = _put_files(staged, target, [name for name in made if name != RECORD], last.names - {RECORD})
    if (staged / RECORD).exists():
        _correct_record(staged / RECORD, swapped, last)
        settle_tree(staged)
        move_over(staged / RECORD, target / RECORD)
    return swapped


def _correct_record(path: Path, swapped: Swapped, last: LastRun) -> None:
    record = json.loads(path.read_text(encoding="utf-8"))
    outputs = [{**output, "file": swapped.name(output["file"])} for output in record["outputs"]]
    left = [*swapped.renamed, *swapped.left]
    known = {name: last.sha256[name] for name in left if name in last.sha256}
    record |= {"outputs": outputs, LEFT: left, LEFT_SHA256: known}
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
                move_over(path, place)
                return name
            except OSError as error:
                if is_full(error) or not place.exists():  # nothing is held open there: the folder takes no file
                    raise
        number += 1
        name = place.with_name(f"{Path(usual).stem} ({number}){place.suffix}").relative_to(target).as_posix()


def _remove(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
