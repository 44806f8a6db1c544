"""What the last run of a folder of outputs wrote there, by its record: names, and the bytes that they had."""

import json
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.publish.outputs import KEPT, RECORD

LEFT = "left_open"  # files of earlier runs that were open and stay until a later run can remove them
LEFT_SHA256 = "left_sha256"  # of those, what was recorded when they were written
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class LastRun:
    """`sha256` by name of output; where the record is not sound, nothing is known of any file."""

    sha256: Mapping[str, str] = field(default_factory=dict)
    left: Set[str] = frozenset()
    is_sound: bool = False

    @property
    def names(self) -> set[str]:
        """All that is ours to write over and to remove."""
        return {RECORD, *self.sha256, *self.left}


def last_run(folder: Path) -> LastRun:
    """The record as it lies there; one that is missing, damaged or names places elsewhere is not sound."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        sha256 = {_inside(output["file"]): _digest(output["sha256"]) for output in record["outputs"]}
        left = frozenset(_inside(name) for name in record.get(LEFT, ()))
        known = {_inside(name): _digest(digest) for name, digest in record.get(LEFT_SHA256, {}).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return LastRun()
    return LastRun({**{name: known[name] for name in left & set(known)}, **sha256}, left, is_sound=True)


def _inside(name: Any) -> str:
    """The name of an output: a place below the folder, and not among what is kept."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] in ("/", KEPT) or ".." in parts or "\\" in name or ":" in name:
        raise ValueError(name)
    return str(name)


def _digest(text: Any) -> str:
    if not isinstance(text, str) or not _SHA256.fullmatch(text):
        raise ValueError(text)
    return text
