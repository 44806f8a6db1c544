"""The process that opens files, so that a file which ends or exhausts its reader cannot end the run.

It takes the limits, then one file after the other, from its standard input, and answers each on its standard output; it
ends with its input.
"""

import gc
import os
import pickle
import struct
import sys
from typing import IO, Any

from pipeline.intake.limits import Limits
from pipeline.intake.opening import Opened, open_file

LENGTH = struct.Struct("<Q")


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message; nothing when the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = stream.read(length)
    return message if len(message) == length else None


def send(stream: IO[bytes], message: bytes) -> None:
    """One message, its length before it."""
    stream.write(LENGTH.pack(len(message)))
    stream.write(message)
    stream.flush()


def main() -> None:
    """Answer until the input ends."""
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing but answers may reach the run
    message = receive(source)
    if message is None:
        return
    limits: Limits = pickle.loads(message)
    _hold_memory(limits.memory_bytes)
    gc.freeze()  # what was loaded so far stays; no need to look through it again
    send(answers, b"")
    while (data := receive(source)) is not None:
        send(answers, _answer(data, limits))


def _answer(data: bytes, limits: Limits) -> bytes:
    try:
        return pickle.dumps(open_file(data, limits), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps(Opened("large", "file-too-large", {"detail": "cần quá nhiều bộ nhớ"}))


def _hold_memory(most: int) -> None:
    """Hold this process to its share of memory, on the systems that can."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    limited: Any = resource.RLIMIT_AS
    _, hard = resource.getrlimit(limited)
    resource.setrlimit(limited, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
