"""Zip packages whose bytes depend on nothing but their parts: no clock, no user, no operating system."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

_TIME = (2025, 1, 1, 0, 0, 0)


def write_archive(path: Path, parts: Iterable[tuple[str, bytes]]) -> None:
    """Write the parts in the order given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            archive.writestr(entry, data)
