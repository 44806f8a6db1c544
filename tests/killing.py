"""Commands that are killed, or find the disk full, at the N-th event that changes a file.

One process loads the program once and forks for every command: `python -m tests.killing` reads requests as lines of
JSON and answers with lines of JSON. An event is an opening for writing, a write (of which half is done first), an
fsync, and whatever renames, links, makes or removes; only what happens below the working folder counts.
"""

import builtins
import errno
import io
import json
import mmap
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from pipeline.declare.errors import PipelineError

Mode = Literal["count", "kill", "full"]
ROOT = Path(__file__).parent.parent
_TAKES_SPACE = {"open", "write", "fsync", "os.rename", "os.link", "os.mkdir"}
_CHANGES = _TAKES_SPACE | {"os.remove", "os.rmdir", "os.truncate", "os.utime", "os.chmod", "os.symlink"}
_PARTS_ALONE = "parts"  # the heavy libraries are left aside
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its status (negative: the signal), what it said, how many events it came to."""

    status: int
    out: str
    err: str
    events: int


class Killer:
    """The process that forks a command for every request."""

    def __init__(self, parts_alone: bool = False) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing", *([_PARTS_ALONE] if parts_alone else [])],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()

    def run(self, folder: Path, *words: str, mode: Mode = "count", at: int = 0) -> Ended:
        """Run a command in `folder`; at its event number `at`, from 1 on, it is killed or the disk is full."""
        assert self._process.stdin
        assert self._process.stdout
        request = {"folder": str(folder), "words": words, "mode": mode, "at": at}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


class _Counter:
    """Counts events in memory that both sides of the fork see, and does at one of them what is asked."""

    def __init__(self, folder: str, mode: Mode, at: int, count: mmap.mmap) -> None:
        self._folder, self._mode, self._at, self._count = folder, mode, at, count
        self._busy = False

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """What Python audits, before it is done."""
        if event not in _CHANGES or self._busy:
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITING):
            return
        if self.concerns(args[0]):
            self.come(event)

    def concerns(self, path: Any) -> bool:
        if isinstance(path, int) or path is None:
            return isinstance(path, int)
        text = os.fsdecode(path)
        return not text.startswith("/") or text.startswith(self._folder)

    def come(self, event: str, before: Callable[[], object] = lambda: None) -> None:
        number = int.from_bytes(self._count[:8], "little") + 1
        self._count[:8] = number.to_bytes(8, "little")
        if self._mode == "kill" and number == self._at:
            before()
            os.kill(os.getpid(), signal.SIGKILL)
        # From then on nothing more is written; a name can still be changed back into the place that it left.
        is_full = number == self._at or (number > self._at and event != "os.rename")
        if self._mode == "full" and is_full and event in _TAKES_SPACE:
            before()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _wrap(counter: _Counter) -> None:
    """What Python does not audit: writes and fsync."""
    write, sync, send = os.write, os.fsync, os.sendfile

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            view = memoryview(data).cast("B")
            counter.come("write", lambda: super(Raw, self).write(view[: len(view) // 2]))
            return super().write(view)

    def opened(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
        if not set(mode) & set("wxa+") or isinstance(file, int) or not counter.concerns(file):
            return io_open(file, mode, buffering, *rest, **named)
        raw = Raw(file, mode.replace("b", "").replace("t", ""))
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffer if "b" in mode else io.TextIOWrapper(buffer, *rest, **named)

    def os_write(handle: int, data: bytes) -> int:
        counter.come("write", lambda: write(handle, data[: len(data) // 2]))
        return write(handle, data)

    def os_sendfile(out: int, source: int, offset: int, count: int) -> int:
        counter.come("write", lambda: send(out, source, offset, max(count // 2, 1)))
        return send(out, source, offset, count)

    def os_fsync(handle: int) -> None:
        counter.come("fsync")
        sync(handle)

    io_open = io.open
    io.open = builtins.open = opened  # type: ignore[assignment]
    os.write, os.sendfile, os.fsync = os_write, os_sendfile, os_fsync  # type: ignore[assignment]


def _command(request: dict[str, Any], out: int, err: int, count: mmap.mmap) -> None:
    """In the fork: the command line as it is, with the counter in it."""
    os.chdir(request["folder"])
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stdout, sys.stderr = (open(handle, "w", encoding="utf-8", closefd=False) for handle in (1, 2))  # noqa: SIM115
    sys.argv = ["cchc", *request["words"]]
    counter = _Counter(request["folder"], request["mode"], request["at"], count)
    work = _work(request["words"])
    _wrap(counter)
    sys.addaudithook(counter.hear)
    try:
        work()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    except (PipelineError, OSError) as error:
        print(error, file=sys.stderr)
        status = 2
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _work(words: list[str]) -> Callable[[], object]:
    """The command line, or a part of a command by its name."""
    from pipeline.cli import main
    from tests import killed_parts

    return getattr(killed_parts, words[1]) if words[0] == "part" else main


def _fork(request: dict[str, Any]) -> dict[str, Any]:
    count = mmap.mmap(-1, 8)
    out, err = os.memfd_create("out"), os.memfd_create("err")
    child = os.fork()
    if child == 0:
        try:
            _command(request, out, err, count)
        finally:
            os._exit(99)
    _, status = os.waitpid(child, 0)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "out": _text(out),
        "err": _text(err),
        "events": int.from_bytes(count[:8], "little"),
    }


def _text(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(handle, encoding="utf-8") as stream:
        return stream.read()


def serve() -> None:
    import tests.killed_parts  # noqa: F401

    if sys.argv[1:] != [_PARTS_ALONE]:
        _load_commands()
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)


def _load_commands() -> None:
    import pipeline.commands.leavings
    import pipeline.commands.receive
    import pipeline.commands.run
    import pipeline.commands.status
    import pipeline.commands.templates
    import pipeline.samples.samples
    import pipeline.screen  # noqa: F401


@contextmanager
def together(folder: Path, commands: list[list[str]]) -> Iterator[list["subprocess.Popen[str]"]]:
    """Real processes that begin at once: each waits, loaded, for the end of its standard input."""
    code = "import sys; sys.stdin.read(); from pipeline.cli import main; main()"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in commands
    ]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


if __name__ == "__main__":
    serve()
