"""What a single form costs, step by step, in one process: where the time between the bare read and ours goes.

`python -m bench.anatomy FOLDER` over forms that `bench.generate` wrote; keeps what it found and writes the report anew.
"""

import gc
import pickle
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from zlib_ng import zlib_ng

from bench import report
from bench.floor_read import read
from bench.lines import save
from bench.measure import stamp
from bench.scale import PERIOD
from bench.steps import BARE, CALAMINE, CONVERT, INFLATE, LOCATE, LOOK, PACK, TAKE_IN, UNPACK
from pipeline.declare.project import load_project
from pipeline.files.limits import STANDARD
from pipeline.files.look import look
from pipeline.files.read import read_workbook
from pipeline.intake.gather import gather
from pipeline.intake.locate import locate
from pipeline.intake.submission import take_in
from pipeline.reading.batch import make_batch

FORMS, ROUNDS = 192, 9


def main(folder: Path) -> None:
    gc.disable()  # as in the reading process
    project = load_project(folder / "schemas")
    period, unread = project.plan.period(PERIOD), project.form.unread_sheets
    arrivals = gather(folder / "inputs" / str(project.plan.year) / PERIOD, project.plan.zone)[:FORMS]
    paths = [item.path for item in arrivals]
    answers = [sheet.name for sheet in project.form.sheets.values()]
    contents = [path.read_bytes() for path in paths]
    looks = [look(data, STANDARD, unread) for data in contents]
    sheets = [read_workbook(data, seen, STANDARD, unread) for data, seen in zip(contents, looks, strict=True)]
    readings = take_in(arrivals, project, period, lambda position: None)
    batch = make_batch(readings, project, PERIOD)
    packed = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
    steps: dict[str, Callable[[], Any]] = {
        BARE: lambda: read(paths, answers),
        INFLATE: lambda: [_inflate(data) for data in contents],
        LOOK: lambda: [look(data, STANDARD, unread) for data in contents],
        CALAMINE: lambda: [
            read_workbook(data, seen, STANDARD, unread) for data, seen in zip(contents, looks, strict=True)
        ],
        LOCATE: lambda: [locate(found, project) for found in sheets],
        TAKE_IN: lambda: take_in(arrivals, project, period, lambda position: None),
        CONVERT: lambda: make_batch(readings, project, PERIOD),
        PACK: lambda: pickle.dumps(batch, pickle.HIGHEST_PROTOCOL),
        UNPACK: lambda: pickle.loads(packed),
    }
    found = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            found[name].append(_seconds(step))
    milliseconds = {name: 1000 * statistics.median(seconds) / len(arrivals) for name, seconds in found.items()}
    save("anatomy", {**stamp(), "forms": len(arrivals), "rounds": ROUNDS, "steps": milliseconds})
    report.main()


def _inflate(data: bytes) -> None:
    with ZipFile(BytesIO(data)) as archive:
        for info in archive.infolist():
            start = info.header_offset + 30 + len(info.filename.encode()) + len(info.extra)
            zlib_ng.decompress(data[start : start + info.compress_size], -zlib_ng.MAX_WBITS)


def _seconds(step: Callable[[], Any]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]))
