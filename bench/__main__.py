"""`make bench`: measure the desk, the run at scale and crowded folders, keep what was found, write docs/speed.md."""

from collections.abc import Callable
from pathlib import Path

import click

from bench import report
from bench.crowded import measure_crowds
from bench.desk import measure_desk
from bench.lines import Line, save
from bench.measure import stamp
from bench.scale import SIZES, measure_scale


@click.command()
@click.option("--full", is_flag=True, help="More rounds, and the peers over 10,000 files: about an hour.")
@click.option("--sizes", default=",".join(map(str, SIZES)), show_default=True, help="Numbers of submissions.")
@click.option(
    "--only",
    type=click.Choice(["desk", "scale", "crowded"]),
    help="Measure one part; the report keeps the others as they were.",
)
@click.option("--home", type=click.Path(path_type=Path), help="Where the forms are written, and kept.")
def main(full: bool, sizes: str, only: str | None, home: Path | None) -> None:
    parts: dict[str, Callable[[], list[Line]]] = {
        "desk": measure_desk,
        "scale": lambda: measure_scale([int(size) for size in sizes.split(",")], full, home),
        "crowded": measure_crowds,
    }
    for name, measured in parts.items():
        if only in (None, name):
            save(name, stamp(), measured())
    report.main()
    click.echo(report.REPORT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
