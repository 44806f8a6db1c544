"""A national quarter, simulated: 3,321 communes with their offices, 20,000 submissions, two local Dask workers.

`python -m bench.nation` writes the forms in batches, starts a scheduler and its workers on this machine, runs,
compares the totals with the generator's own sums, and writes the report anew. `--scheduler tcp://…` uses a cluster
that is there already, which must see the files under the same path; `--local` reads with processes of this machine,
without Dask.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bench import report
from bench.generate import Generator, Sending
from bench.lines import line, save
from bench.measure import measure, stamp
from bench.register import Member, nation
from bench.scale import PERIOD, differences
from bench.shipped import shipped

COMMUNES, FORMS = 3_321, 20_000
_BATCH = 2_000
_NO_CLUSTER = "Dask is not installed; pip install distributed, or use --local"


def sendings(members: Sequence[Member], forms: int) -> list[Sending]:
    """One file of every unit, and for units spread over the whole as many second versions as are missing to `forms`."""
    again = forms - len(members)
    if not 0 <= again <= len(members):
        raise ValueError(f"{len(members)} units cannot file {forms} forms")
    revised = {place * len(members) // again for place in range(again)} if again else set()
    first = [Sending(member, is_in_force=place not in revised) for place, member in enumerate(members)]
    return [*first, *(Sending(members[place], revision=2) for place in sorted(revised))]


def write_nation(folder: Path, communes: int, forms: int) -> dict[str, Any]:
    """Write the forms in batches; returns the generator's sums and what there is of units."""
    start = time.perf_counter()
    members = nation(communes, shipped().register)
    generator, files = Generator(folder, members, PERIOD), sendings(members, forms)
    for place in range(0, len(files), _BATCH):
        generator.write(files[place : place + _BATCH])
        click.echo(f"{generator.sums.files} of {len(files)} forms, {time.perf_counter() - start:.0f} s", err=True)
    sums = generator.finish()
    invented = sum(1 for member in members if member.number)
    told = {
        "communes": communes,
        "units": len(members),
        "departments": len(members) - invented,
        "revisions": forms - len(members),
    }
    facts = {**told, "megabytes": sums["megabytes"], "generating": time.perf_counter() - start}
    (folder / "nation.json").write_text(json.dumps(facts), encoding="utf-8")
    return facts


@contextmanager
def local_cluster(workers: int) -> Iterator[tuple[str, list[int]]]:
    """A scheduler and its workers on this machine: the address, and the processes of the workers."""
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise SystemExit(_NO_CLUSTER) from None
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        with distributed.Client(cluster) as client:
            processes = list(client.run(os.getpid).values())
        yield cluster.scheduler_address, processes


@click.command()
@click.option("--communes", default=COMMUNES, show_default=True)
@click.option("--forms", default=FORMS, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--scheduler", default="", help="Address of a Dask scheduler that is running already.")
@click.option("--local", is_flag=True, help="Processes of this machine instead of Dask.")
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="Where the forms are written and kept; forms that are there are not written again.",
)
def main(communes: int, forms: int, workers: int, scheduler: str, local: bool, home: Path | None) -> None:
    with tempfile.TemporaryDirectory() as passing:
        folder = home or Path(passing)
        kept = folder / "nation.json"
        facts = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else write_nation(folder, communes, forms)
        words = ["-m", "bench.ours", str(folder), PERIOD]
        if local:
            ran, engine = measure(*words, "--workers", str(workers)), f"{workers} reading processes of this machine"
        elif scheduler:
            ran, engine = measure(*words, "--scheduler", scheduler), f"{workers} Dask workers"
        else:
            with local_cluster(workers) as (address, processes):
                ran, engine = measure(*words, "--scheduler", address, others=processes), f"{workers} local Dask workers"
        sums = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
    found = {
        "workers": workers,
        "engine": engine,
        "differences": differences(ran.said, sums),
        "indicators": len(sums["totals"]),
        "accepted": ran.said["accepted"],
        "peak_run": ran.peaks[0],
        "peak_worker": max(ran.peaks[1:], default=0.0),
        "cpu_workers": ran.cpu_others,
    }
    save("nation", {**stamp(), **facts, **found}, [line("nation", sums["files"], [ran])])
    report.main()
    for sentence in found["differences"]:
        click.echo(sentence, err=True)
    sys.exit(1 if found["differences"] else 0)


if __name__ == "__main__":
    main()
