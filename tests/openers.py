"""Open and read single files in a reading process, as the run does with whole batches."""

import pickle
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.files.limits import STANDARD, Limits
from pipeline.files.opening import Opened, open_file
from pipeline.intake.submission import take_in
from pipeline.reading.isolate import Reader
from pipeline.values.forms import Arrival, Reading


def _work(common: Any, files: Sequence[Any], begin: Callable[[int], None], refusal: Opened | None) -> Any:
    if isinstance(common, Limits):
        begin(0)
        return refusal or open_file(files[0], common)
    return take_in(files, *common, begin, refusal)[0]


class Opener(Reader):
    """A reading process for one file at a time."""

    def __init__(self, limits: Limits = STANDARD) -> None:
        super().__init__(_work, limits)
        self._given = limits

    def open(self, data: bytes) -> Opened:
        [answer] = self.run(self._given, [data])
        opened: Opened = pickle.loads(answer)
        return opened

    def read(self, arrival: Arrival, project: Project, period: Period) -> Reading:
        [answer] = self.run((project, period), [arrival])
        reading: Reading = pickle.loads(answer)
        return reading
