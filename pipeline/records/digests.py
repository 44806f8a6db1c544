"""What tells one file from another, whatever it is called."""

import hashlib
from pathlib import Path


def digest_of(path: Path) -> str:
    """The sha256 of a file, read piece by piece; what cannot be read is an `OSError`."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
