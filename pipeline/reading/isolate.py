"""Work on files in a process of its own, started once for a whole run.

When a file ends that process, hangs it or exhausts it, the process is replaced, and the work is asked once more for
that file alone; the files before and after it do not notice.
"""

import pickle
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from pipeline.declare.errors import PipelineError
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened
from pipeline.reading.reader_process import Ended, ReaderProcess, Work

ALL_READ = -1  # said by the work when it opens no more files
_TRIES = 3


class Reader:
    """Does `work` on one batch of files after the other; use as a context, or close it.

    Its process starts with the first batch.
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

    def run(self, common: Any, files: Sequence[Any]) -> Iterator[bytes]:
        """The pickled answers for the files, in their order.

        It is one answer, or several where a file had to be taken alone.
        """
        waiting = [files]
        while waiting:
            part = waiting.pop(0)
            answer = self._ask(common, part, None)
            if isinstance(answer, Ended) and len(part) == 1:
                answer = self._ask(common, part, answer.refusal)
                if isinstance(answer, Ended):
                    raise PipelineError("Phần đọc tệp Excel dừng giữa chừng; xin chạy lại.")
            if isinstance(answer, Ended):
                waiting[:0] = _apart(part, answer.position)
            else:
                yield answer

    def _ask(self, common: Any, files: Sequence[Any], refusal: Opened | None) -> bytes | Ended:
        """The answer, or how the process ended; another takes its place.

        One that ended before it began a file is no file's fault.
        """
        message = pickle.dumps((common, files, refusal), pickle.HIGHEST_PROTOCOL)
        for _ in range(_TRIES):
            if self._child is None:
                self._child = ReaderProcess(self._work, self._limits)
            answer = self._child.ask(message)
            if not isinstance(answer, Ended):
                return answer
            self.close()
            if answer.position is not None:
                return answer
        raise PipelineError("Không khởi động được phần đọc tệp Excel; xin cài lại chương trình rồi chạy lại.")


def _apart(files: Sequence[Any], position: int | None) -> list[Sequence[Any]]:
    """The file at `position` by itself, and those before and after it; halves where no file was being opened."""
    cuts = (len(files) // 2,) * 2 if position is None or position == ALL_READ else (position, position + 1)
    return [piece for piece in (files[: cuts[0]], files[cuts[0] : cuts[1]], files[cuts[1] :]) if piece]
