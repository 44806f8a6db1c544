"""The process that opens files, so that a file which ends or exhausts its reader cannot end the run.

It takes the limits and the work to do, then one batch of files after the other, from its standard input. On its
standard output it says which file it begins, and answers each batch; it ends with its input.
"""

import gc
import os
import pickle
import signal
import struct
import sys
from typing import IO, Any

from pipeline.files.machine import is_of_machine

BEGUN, ANSWER = 0, 1
# How the process ends: the work failed over a file · it may have no more memory · the machine refused it something.
BROKEN, EXHAUSTED, REFUSED = 76, 77, 78
_HEAD = struct.Struct("<BQ")


def receive(stream: IO[bytes]) -> tuple[int, bytes] | None:
    """The next message and its kind; nothing when the other side has gone."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, length = _HEAD.unpack(head)
    message = stream.read(length)
    return (kind, message) if len(message) == length else None


def send(stream: IO[bytes], kind: int, message: bytes) -> None:
    """One message, its kind and length before it."""
    stream.write(_HEAD.pack(kind, len(message)))
    stream.write(message)
    stream.flush()


def main() -> None:
    """Answer until the input ends."""
    _let_signals_end()
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # nothing but answers may reach the run
    begun = receive(source)
    if begun is None:
        return
    limits, work = pickle.loads(begun[1])
    _hold_memory(limits.memory_bytes)
    _collect_by_hand()
    send(answers, ANSWER, b"")

    def begin(position: int) -> None:
        send(answers, BEGUN, str(position).encode())
        _grant_time(limits.seconds)

    while heard := receive(source):
        _grant_time(limits.seconds)
        send(answers, ANSWER, _answer(work, begin, heard[1]))
        gc.collect()


def _let_signals_end() -> None:
    """How this process is ended tells whose doing it was."""
    for number in ("SIGINT", "SIGPROF"):
        if hasattr(signal, number):
            signal.signal(getattr(signal, number), signal.SIG_DFL)


def _collect_by_hand() -> None:
    gc.freeze()  # what was loaded so far stays; no need to look through it again
    gc.disable()  # forms leave no rings of objects behind; what a broken file may leave goes after each batch


def _answer(work: Any, begin: Any, message: bytes) -> bytes:
    """The pickled answer. What goes wrong ends the process, in a way that says whose fault it is."""
    common, files, refusal = pickle.loads(message)
    try:
        return pickle.dumps(work(common, files, begin, refusal), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        os._exit(EXHAUSTED)
    except OSError as error:
        os._exit(REFUSED if is_of_machine(error) else BROKEN)
    except BaseException:  # a reader's panic is no `Exception`
        os._exit(BROKEN)


def _grant_time(seconds: float) -> None:
    """From now on the process has so many seconds of the processor; then SIGPROF ends it.

    Neither load nor a pause counts. On Windows the run keeps the time.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


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
