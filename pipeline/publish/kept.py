"""What a person changed in an output of ours is kept in `giu-lai/` before ours is written, once per content.

An output whose bytes are those that the record of the last run tells is ours; without a sound record every one counts
as changed. Files that no record lists are nobody's concern here: they stay where they are.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish.last_run import LastRun, last_run
from pipeline.publish.outputs import KEPT, RECORD
from pipeline.records.digests import digest_of
from pipeline.records.writing import move_over
from pipeline.words.lists import named

_SHORT, _LONG = 8, 64
_MOST_SAID = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """An output by its name, and what the old one is called now, both relative to the folder."""

    name: str
    copy: str
    is_recorded: bool = True  # by the record of the last run


def keep_changed(new: Path, old: Path, last: LastRun, whole: Sequence[str] = ()) -> tuple[Kept, ...]:
    """Copy from `old` to `new` what was changed there since its last run, and what is to be kept `whole`.

    What cannot be opened is held by another program and is left in its place.
    """
    found = (_keep(new, old, name, last, name in whole) for name in _suspects(new, old, last))
    return tuple(kept for kept in found if kept)


def _suspects(new: Path, old: Path, last: LastRun) -> list[str]:
    """The outputs of the last run; without its record whatever has the name of one of ours."""
    if last.is_sound:
        return sorted(last.names - {RECORD})
    return sorted(name for name in last_run(new).names if (old / name).is_file())


def _keep(new: Path, old: Path, name: str, last: LastRun, is_whole: bool) -> Kept | None:
    sha256 = _sha256(old / name)
    known = last.sha256.get(name)
    if not sha256 or (sha256 == known and not is_whole):
        return None
    if last.is_sound and not is_whole and sha256 == _sha256(new / name):
        return None  # the same is written again
    copy = _free_name(name, sha256, (new, old))
    if not (old / copy).exists() and not (new / copy).exists():
        (new / KEPT).mkdir(exist_ok=True)
        shutil.copy2(old / name, new / copy)
    return Kept(name, copy, last.is_sound)


def _free_name(name: str, sha256: str, folders: Sequence[Path]) -> str:
    """Where nothing else is kept; more of the fingerprint where something is that somebody changed since."""
    path = Path(name)
    names = [f"{KEPT}/{path.stem}-{sha256[:length]}{path.suffix}" for length in (_SHORT, _LONG)]
    for copy in names:
        if all(_sha256(folder / copy) in ("", sha256) for folder in folders):
            return copy
    return names[-1]


def _sha256(path: Path) -> str:
    """Empty where there is no such file, or none that can be read."""
    try:
        return digest_of(path)
    except OSError:
        return ""


def place_kept(staged: Path, target: Path) -> None:
    """Put what was kept into the folder itself, where it is not exchanged as a whole."""
    for path in sorted((staged / KEPT).glob("*")):
        (target / KEPT).mkdir(exist_ok=True)
        if not (target / KEPT / path.name).exists():
            move_over(path, target / KEPT / path.name)


def say_kept(kept: Sequence[Kept]) -> Iterator[str]:
    """What the officer is told: each file by name while they are few."""
    if unknown := [item.name for item in kept if not item.is_recorded]:
        yield (
            f"Không đọc được {RECORD} của lần chạy trước nên không biết tệp nào đã được sửa; "
            f"các tệp cũ được giữ trong thư mục {KEPT}: {named(unknown, _MOST_SAID, 'tệp khác')}."
        )
    known = [item for item in kept if item.is_recorded]
    for item in known[:_MOST_SAID]:
        yield f"Tệp {item.name} khác bản mà lần chạy trước đã ghi; bản đó được giữ tại {item.copy}."
    if rest := [item.name for item in known[_MOST_SAID:]]:
        yield f"Trong thư mục {KEPT} còn giữ bản đã được sửa của: {named(rest, _MOST_SAID, 'tệp khác')}."
