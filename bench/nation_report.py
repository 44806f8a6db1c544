"""The section on the simulated national quarter.

What it was, what it took, whether the totals agree, what a real cluster would need.
"""

from collections.abc import Sequence
from typing import Any

from bench.lines import Line
from bench.steps import READING
from bench.tables import table

_WORKERS = (4, 8, 16, 32)


def nation_section(facts: dict[str, Any], lines: Sequence[Line]) -> list[str]:
    """The section in parts; the one line is the run."""
    run = lines[0]
    reading = run.stages[READING]
    alone = sum(run.stages.values()) - reading
    return [
        f"{facts['date']}; {facts['machine']}.\n",
        _what(facts, run),
        _took(facts, run, reading, alone),
        _totals(facts),
        _cluster(facts, run, reading, alone),
    ]


def _what(facts: dict[str, Any], run: Line) -> str:
    return (
        f"{facts['communes']:,} communes, five offices in each, and the {facts['departments']} departments "
        f"that the plan names, are {facts['units']:,} units;\n"
        f"{facts['revisions']} of them file a second version that replaces the first. "
        f"That makes {run.count:,} forms, {facts['megabytes']:,.0f} MB.\n"
        "Only the version in force counts. The plan stays the district's: offices file as units of their kind, "
        "with the figures that are theirs,\n"
        "and whether a nation would use this form is not the question here.\n"
    )


def _took(facts: dict[str, Any], run: Line, reading: float, alone: float) -> str:
    rows = [
        ("writing the forms", f"{facts['generating']:.0f} s", "one process, in batches"),
        (READING, f"{reading:.0f} s", facts["engine"]),
        ("the rest of the run, to the totals", f"{alone:.0f} s", "the process of the run"),
        ("the whole run", f"{run.of('wall'):.0f} s", f"{1000 * run.of('wall') / run.count:.1f} ms a submission"),
        (
            "processor time",
            f"{run.of('cpu'):.0f} s",
            f"{facts['cpu_workers']:.0f} s of it in Dask workers" if facts["cpu_workers"] else "",
        ),
        ("peak memory of the run and its children", f"{facts['peak_run']:.0f} MB", ""),
        ("peak memory of run and workers together", f"{run.of('peak'):.0f} MB", "without the scheduler"),
    ]
    return table(("", "", ""), rows)


def _totals(facts: dict[str, Any]) -> str:
    found = (
        f"**do not agree**: {'; '.join(facts['differences'])}"
        if facts["differences"]
        else "agree with the generator's own sums"
    )
    return (
        f"Reconciliation: the {facts['indicators']} totals, how many units stand behind each, "
        f"and the {facts['accepted']:,} accepted activities {found}.\n"
    )


def _cluster(facts: dict[str, Any], run: Line, reading: float, alone: float) -> str:
    """Arithmetic on what was measured: reading is shared among workers, the rest is not."""
    work = reading * facts["workers"]
    rows = [(str(count), f"{work / count + alone:.0f} s", f"{work / count:.0f} s") for count in _WORKERS]
    each = f"Each worker needs {facts['peak_worker']:.0f} MB and" if facts["peak_worker"] else "Besides its workers"
    return (
        "**What a real cluster would need**, by arithmetic and not by measurement. "
        f"{facts['workers']} workers had {reading:.0f} s of reading,\n"
        f"{work:.0f} worker-seconds or {1000 * work / run.count:.1f} ms a form, "
        f"which any number of workers can share; the other {alone:.0f} s\n"
        "belong to one process. With workers as fast as here, each with a processor of its own, "
        f"and the {facts['megabytes']:,.0f} MB as near:\n\n"
        + table(("workers", "the whole run", "of it reading"), rows)
        + f"\n{each} the process of the run needs {facts['peak_run'] / 1000:.1f} GB, however many workers there are.\n"
    )
