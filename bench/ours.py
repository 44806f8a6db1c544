"""Our run at scale, in a process of its own: read, convert, validate, judge and add up. It writes nothing.

`python -m bench.ours FOLDER PERIOD` prints seconds by stage, totals, finished tasks and accepted rows as JSON.
"""

import gc
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any

import click

from bench.steps import COMPLETENESS, READING, RULES, TOTALS
from pipeline.declare.project import load_project
from pipeline.reading.executors import Engine

_WORDS = {"convert": READING, "judge": RULES, "figures": TOTALS, "judge_completeness": COMPLETENESS}


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Adds the seconds of the block to those of that name."""
    start = perf_counter()
    yield
    seconds[name] = seconds.get(name, 0.0) + perf_counter() - start


def time_stages(module: ModuleType, seconds: dict[str, float]) -> None:
    """Every stage function that the module calls adds its time to the stage, by the package from which it comes."""
    for name, function in list(vars(module).items()):
        package = getattr(function, "__module__", "").split(".")[1:2]
        if inspect.isfunction(function) and package and package[0] in _WORDS:
            setattr(module, name, _clocked(function, seconds, _WORDS.get(name, _WORDS[package[0]])))


def _clocked(function: Callable[..., Any], seconds: dict[str, float], name: str) -> Callable[..., Any]:
    @wraps(function)
    def clocked(*given: Any, **named: Any) -> Any:
        with timed(seconds, name):
            return function(*given, **named)

    return clocked


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("period")
@click.option("--workers", default=1, show_default=True)
@click.option("--scheduler", default="", help="Address of a Dask scheduler.")
def main(folder: Path, period: str, workers: int, scheduler: str) -> None:
    gc.set_threshold(200_000, 50, 100)  # as the command does
    stages: dict[str, float] = {}
    with timed(stages, "imports"):  # late, so that they are on the clock
        evaluate, report, reading = map(
            import_module, ("pipeline.evaluate", "pipeline.commands.report", "pipeline.reading.periods")
        )
    inner: dict[str, float] = {}
    time_stages(evaluate, inner)
    with timed(stages, "declarations"):
        project = load_project(folder / "schemas")
        wanted = project.plan.period(period)
    with timed(stages, READING):
        folders = reading.Folders(folder / "inputs", folder / "outputs")
        readings = reading.read_periods(project, wanted, folders, engine=Engine(workers, scheduler))
    with timed(stages, "judging"):
        judged = report.judge_period(project, wanted, readings)
    rest = stages.pop("judging") - sum(inner.values())
    stages[READING] += inner.pop(READING, 0.0)
    stages = {**stages, **inner, "between the stages": rest}
    click.echo(told(stages, judged.totals, judged.completeness, judged.settlement.rows.accepted["activities"]))


def told(stages: Mapping[str, float], totals: Any, completeness: Any, activities: Any) -> str:
    """What a run found, in the words in which contenders are compared."""
    lines = zip(totals["indicator_id"], totals["this_period"], totals["units_reporting"], strict=True)
    done = completeness[completeness["state"] == "done"].groupby("task_id").size()
    return json.dumps(
        {
            "stages": stages,
            "totals": {name: [float(value), int(reporting)] for name, value, reporting in lines},
            "done": {task: int(count) for task, count in done.items()},
            "accepted": len(activities),
        }
    )


if __name__ == "__main__":
    main()
