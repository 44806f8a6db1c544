"""The same bytes get the same verdict, however busy the machine is and however often it stops the reader."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declare.project import Project
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened, open_file
from tests import corpus
from tests.builders import truthful
from tests.openers import Opener

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be stopped by a signal")

TIGHT = Limits(seconds=0.8)  # of the processor; the pauses are longer
TOO_LONG = "a sheet that never ends"


@pytest.fixture(scope="module")
def files(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    form = truthful(project, "XA-vinh-thai").save(tmp_path_factory.mktemp("form")).read_bytes()
    filled = "".join(f'<row r="{n}"><c r="A{n}" t="str"><f>1</f><v>{n}</v></c></row>' for n in range(1, 60_000))
    return {
        "a form": form,
        "a form with many formatted rows": with_formatted_rows(form, 100_000),
        "half a form": form[: len(form) // 2],
        "a file with a password": corpus.compound("EncryptedPackage"),
        "a stray cell": corpus.changed(
            form, corpus.FIGURES, corpus.with_rows(b'<row r="300000"><c r="C300000"><v>1</v></c></row>')
        ),
        TOO_LONG: corpus.book(filled),
    }


def with_formatted_rows(form: bytes, count: int) -> bytes:
    return corpus.changed(form, corpus.ACTIVITIES, corpus.with_rows(corpus.blank_rows(1_000, 1_000 + count)))


@contextmanager
def stopped(reader: Opener, pauses: list[tuple[float, float]]) -> Iterator[None]:
    """While this lasts, the reading process works so long and is stopped so long, in turn, with the last priority."""
    is_over = threading.Event()

    def disturb(pid: int) -> None:
        for work, pause in pauses:
            if is_over.wait(work):
                return
            os.kill(pid, signal.SIGSTOP)
            time.sleep(pause)
            os.kill(pid, signal.SIGCONT)

    reader.open(b"")  # so that there is a process
    pid = reader._child._process.pid  # type: ignore[union-attr]
    os.setpriority(os.PRIO_PROCESS, pid, 19)
    thread = threading.Thread(target=disturb, args=(pid,))
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


@contextmanager
def load(processes: int) -> Iterator[None]:
    """So many processes that do nothing but use the processor."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def verdicts(reader: Opener, files: Mapping[str, bytes]) -> dict[str, Opened]:
    return {name: reader.open(data) for name, data in files.items()}


@settings(max_examples=2)
@given(st.lists(st.tuples(st.floats(0, 0.3), st.floats(0.05, 0.6)), min_size=1, max_size=4))
def test_pauses_and_load_change_no_verdict(files: Mapping[str, bytes], pauses: list[tuple[float, float]]) -> None:
    """All pauses together are longer than the time that a file may take of the processor."""
    short = {name: data for name, data in files.items() if name != TOO_LONG}
    longer = [*pauses, (0.1, TIGHT.seconds + 0.2)]
    with load(1), Opener(TIGHT) as reader, stopped(reader, longer):
        assert verdicts(reader, short) == {name: open_file(data) for name, data in short.items()}


def test_what_is_too_long_is_so_at_any_load(files: Mapping[str, bytes]) -> None:
    told = []
    for processes in (0, 2):
        with load(processes), Opener(Limits(seconds=0.2)) as reader:
            opened = reader.open(files[TOO_LONG])
            told.append((opened.code, opened.facts["detail"]))
    assert told == [("file-too-large", "mở quá lâu")] * 2


@pytest.mark.slow
def test_a_reader_stopped_for_nine_seconds_among_ten_busy_processes_says_the_same(files: Mapping[str, bytes]) -> None:
    files = {**files, "a form with a million formatted rows": with_formatted_rows(files["a form"], 1_000_000)}
    with load(10), Opener(STANDARD) as reader, stopped(reader, [(0.05, 9.0), (0.5, 9.0)]):
        assert verdicts(reader, files) == {name: open_file(data) for name, data in files.items()}
