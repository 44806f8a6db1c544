"""Work that does to its process what a file's name says.

It imports next to nothing, for a hundred processes start with it.
"""

import errno
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.files.opening import Opened


def work(
    common: str, files: Sequence[str], begin: Callable[[int], None], refusal: "Opened | None"
) -> list[tuple[str, str]]:
    """Stands in for reading: does what the file's name says."""
    for position, file in enumerate(files):
        begin(position)
        if not refusal:
            _open(file)
    begin(-1)
    if "breaks what follows" in files and not refusal:
        raise ValueError(common)
    return [(file, refusal.code if refusal else "read") for file in files]


def _open(file: str) -> None:
    if file == "aborts":
        os.abort()
    if file == "ends":
        os._exit(3)
    if file == "eats memory":
        raise MemoryError
    if file == "hangs":
        while True:
            pass
    if file == "stands still":
        time.sleep(60)
    if file == "takes a while":
        time.sleep(0.4)
    if file.startswith("SIG"):
        if file == "SIGHUP":
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # `nohup` has it ignored
        os.kill(os.getpid(), getattr(signal, file))
    if file in errno.errorcode.values():
        raise OSError(getattr(errno, file), "")
    if file.startswith("once ") and not Path(file[5:]).exists():
        Path(file[5:]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if file == "breaks the opening":
        raise ValueError(file)
