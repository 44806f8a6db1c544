"""A batch in a process of its own: whatever one file does to it, the others are answered in order."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.files.limits import STANDARD, Limits
from pipeline.reading.isolate import Left, Reader
from tests.misbehaving import work

CODES = {
    "good": "read",
    "aborts": "file-too-large",
    "ends": "file-corrupt",
    "eats memory": "file-too-large",
    "hangs": "file-too-large",
    "breaks the opening": "file-corrupt",
    "breaks what follows": "file-corrupt",
}


# What the machine did while a file was open: a signal that nobody's file sends, a refusal, a pause without end.
OF_MACHINE = (
    *("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGUSR1", "SIGXCPU"),
    *("ENOSPC", "ENOMEM", "EMFILE", "ENFILE", "EDQUOT"),
    "stands still",
)
OF_FILE = ("SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "EINVAL", "ENOENT")
posix = pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be ended by a signal")


def answers(files: Sequence[str], reader: Reader) -> list[tuple[str, str]]:
    """What is said of each file; of one that is left for later, that."""
    found: list[tuple[str, str]] = []
    for answer in reader.run("together", files):
        found += [(answer.file, "later")] if isinstance(answer, Left) else pickle.loads(answer)
    return found


@pytest.mark.parametrize("bad", [name for name in CODES if name != "good"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_bad_file_costs_only_itself(bad: str, place: int) -> None:
    files = ["good"] * 4
    files.insert(place, bad)
    with Reader(work, Limits(seconds=0.3) if bad == "hangs" else STANDARD) as reader:
        assert answers(files, reader) == [(file, CODES[file]) for file in files]
        assert answers(["good", "good"], reader) == [("good", "read")] * 2


@posix
@pytest.mark.parametrize("bad", OF_MACHINE)
def test_what_the_machine_did_is_no_files_fault(bad: str) -> None:
    with Reader(work, Limits(still_seconds=1)) as reader:
        assert answers(["good", bad, "good"], reader) == [("good", "read"), (bad, "later"), ("good", "read")]
        assert answers([bad], reader) == [(bad, "later")]
        assert answers(["good"], reader) == [("good", "read")]


@posix
@pytest.mark.parametrize("bad", OF_FILE)
def test_what_the_file_does_every_time_is_its_own(bad: str) -> None:
    code = "file-too-large" if bad == "SIGABRT" else "file-corrupt"
    with Reader(work) as reader:
        assert answers(["good", bad, "good"], reader) == [("good", "read"), (bad, code), ("good", "read")]


@posix
def test_a_file_whose_reader_was_killed_once_is_read_when_it_is_asked_again(tmp_path: Path) -> None:
    file = f"once {tmp_path / 'killed'}"
    with Reader(work) as reader:
        assert answers(["good", file, "good"], reader) == [("good", "read"), (file, "later"), ("good", "read")]
        assert answers([file], reader) == [(file, "read")]


@posix
def test_memory_that_the_machine_does_not_give_is_no_files_fault() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (800_000_000, 800_000_000)); "
        "from tests.test_isolate import *; print(answers(['good', 'eats memory'], Reader(work)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == str([("good", "read"), ("eats memory", "later")])


@posix
def test_neither_load_nor_a_pause_counts_as_the_time_that_a_file_takes() -> None:
    """The reader is stopped for longer than its time while a file is open, then goes on."""
    with Reader(work, Limits(seconds=0.5)) as reader:
        answers(["good"], reader)
        pid = reader._child._process.pid  # type: ignore[union-attr]
        threading.Timer(0.2, os.kill, (pid, signal.SIGSTOP)).start()
        threading.Timer(1.7, os.kill, (pid, signal.SIGCONT)).start()
        begun = time.monotonic()
        assert answers(["takes a while"], reader) == [("takes a while", "read")]
        assert time.monotonic() - begun > 1.5


@settings(max_examples=4)
@given(st.lists(st.sampled_from([name for name in CODES if name != "hangs"]), min_size=1, max_size=12))
def test_any_batch_is_answered_in_its_order(files: list[str]) -> None:
    with Reader(work) as reader:
        assert answers(files, reader) == [(file, CODES[file]) for file in files]


def test_a_good_batch_is_one_answer() -> None:
    with Reader(work) as reader:
        found: list[Any] = list(reader.run("together", ["good"] * 50))
    assert len(found) == 1
