"""Work on files in a process of its own, started once for a whole run.

When a file ends that process, hangs it or exhausts it, the process is replaced, and the work is asked once more for
that file alone; the files before and after it do not notice. What the machine did to the process is no file's fault:
the file that it was about is left for later.
"""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep
from types import TracebackType
from typing import Any, Self

from pipeline.declare.errors import PipelineError
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened
from pipeline.reading.reader_process import Ended, ReaderProcess, Work

ALL_READ = -1  # said by the work when it opens no more files
_PAUSES = (0.0, 0.2, 1.0, 3.0)  # seconds before each try to start the process, so that the machine can recover


@dataclass(frozen=True, slots=True)
class Left:
    """A file over which the machine, not the file, ended the process. To be read later, alone."""

    file: Any


class Reader:
    """Does `work` on one batch of files after the other.

    Its process starts with the first; use as a context, or close it.
    """

    def __init__(self, work: Work, limits: Limits = STANDARD) -> None:
        self._work = work
        self._limits = limits
        self._child: ReaderProcess | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._child:
            self._child.close()
            self._child = None

    def run(self, common: Any, files: Sequence[Any]) -> list[bytes | Left]:
        """The pickled answers for the files, in their order; one, or several where files had to be taken alone."""
        answer = self._ask(common, files, None)
        if not isinstance(answer, Ended):
            return [answer]
        before, struck, after = _apart(files, answer.position)
        return [
            *(self.run(common, before) if before else ()),
            *([self._answer_alone(common, struck, answer)] if struck else ()),
            *(self.run(common, after) if after else ()),
        ]

    def _answer_alone(self, common: Any, files: Sequence[Any], first: Ended) -> bytes | Left:
        """One file that has ended its process: what does so again, in a process of its own, is refused."""
        self.close()
        again = self._ask(common, files, None) if first.refusal else first
        if isinstance(again, Ended) and again.refusal:
            again = self._ask(common, files, again.refusal)
            if isinstance(again, Ended) and again.refusal:
                raise PipelineError("Phần đọc tệp Excel dừng giữa chừng; xin chạy lại.")
        return Left(files[0]) if isinstance(again, Ended) else again

    def _ask(self, common: Any, files: Sequence[Any], refusal: Opened | None) -> bytes | Ended:
        """The answer, or how the process ended; another takes its place.

        One that ended before it began a file is no file's fault.
        """
        message = pickle.dumps((common, files, refusal), pickle.HIGHEST_PROTOCOL)
        for pause in _PAUSES:
            sleep(pause)
            answer = self._asked(message)
            if not isinstance(answer, Ended):
                return answer
            self.close()
            if answer.position is not None:
                return answer
        raise PipelineError(
            "Phần đọc tệp Excel không khởi động được hoặc bị máy dừng ngay khi bắt đầu (máy thiếu bộ nhớ, đầy ổ đĩa, "
            "hoặc có chương trình dừng nó); xin đóng bớt chương trình khác rồi chạy lại, nếu vẫn vậy thì cài lại "
            "chương trình."
        )

    def _asked(self, message: bytes) -> bytes | Ended:
        try:
            if self._child is None:
                self._child = ReaderProcess(self._work, self._limits)
        except (OSError, RuntimeError):  # the machine starts no process, or no thread, now
            return Ended(None, None)
        return self._child.ask(message)


def _apart(files: Sequence[Any], position: int | None) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """The files before the one at `position`, that file, and those after it; halves where no file was being opened."""
    if len(files) > 1 and (position is None or position == ALL_READ):
        return files[: len(files) // 2], (), files[len(files) // 2 :]
    place = max(position or 0, 0)
    return files[:place], files[place : place + 1], files[place + 1 :]
