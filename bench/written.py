"""Our run at scale with everything written.

`python -m bench.written FOLDER PERIOD OUT` prints the same JSON as `bench.ours`.
"""

import gc
import json
import sys
from pathlib import Path

from bench.ours import told
from pipeline.commands.run import run_period
from pipeline.declare.project import load_project
from pipeline.reading.periods import Folders


def main(folder: Path, code: str, out: Path) -> None:
    gc.set_threshold(200_000, 50, 100)  # as the command does
    project = load_project(folder / "schemas")
    finished = run_period(project, project.plan.period(code), Folders(folder / "inputs", out))
    stages = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))["stages"]
    print(
        told(
            stages,
            finished.report.judged.totals,
            finished.report.judged.completeness,
            finished.report.judged.settlement.rows.accepted["activities"],
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
