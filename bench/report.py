"""docs/speed.md and its picture, from what the parts of the bench kept. `python -m bench.report` writes them anew."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import crowded, desk, scale, steps
from bench.aims import LEAST_SHARED, MOST_READS, Aim, aims, by_two_workers, in_bare_reads
from bench.lines import Line, find, load
from bench.nation_report import nation_section
from bench.picture import picture
from bench.tables import table

REPORT = Path("docs/speed.md")
PICTURE = Path("docs/pictures/speed.svg")
_PICTURE_ON_THE_PAGE = PICTURE.relative_to(REPORT.parent).as_posix()

_ABOUT = """\
`make bench` measures the desk, 32, 1,000 and 10,000 submissions, and crowded folders (about half an hour); `python -m
bench --full` also runs the peers over 10,000 files and everything more often (about an hour); `python -m
bench.nation` simulates a national quarter. Each part keeps what it measured in `bench/results/`, and this page is
written from there: no figure and no verdict on it is typed.
"""
_SCALE = """\
One submission is the project's own form, filled by an invented unit: 60 activities, every task and figure, 3 % of
them with an honest mistake, about 37 kB. The generator counts what must enter the totals while it types. Our run and
both peers must come to exactly these sums, to the same accepted rows and to the same finished tasks, or the bench
ends without a report.

Every figure is the median over rounds that were interleaved, each a process of its own from start to end, with the
files in the system's cache. Processor time includes child processes. Peak memory is the largest sum of resident
memory over the process and its children seen in looking twenty times a second; pages that two of them share count
twice.
"""
_WHO = """\
- **Our run to the totals** gathers and opens the files, looks at their raw parts, reads, converts, validates, settles
  versions, asks every cross rule, judges completeness, adds up and proves that nothing was lost; it keeps file, sheet
  and cell of everything.
- **The bare read** turns the five sheets that hold answers into lists with python-calamine and throws them away. It
  opens no process, looks at nothing before reading, and keeps nothing. The raw look at each file is part of our time,
  not of this floor.
- **The bare write** gives XlsxWriter the cells of our workbook, in their formats, from a list in memory. A list of
  activities that is too long for a sheet goes to Parquet instead, and has no cells to write here.
- **Peers A and B** are what an office's own IT would write: a loop over the files, `read_excel` for the card and the
  three data sheets, pandera for each file with the same types, ranges, choices and window, `concat`, completeness and
  totals, `to_excel` with XlsxWriter. They tell nobody which cell is wrong and keep no account of what they left out.
  Comparisons leave out their writing.
"""
_WORKERS = """\
Two workers share the reading and nothing else. It took {one:.1f} s with one and {two:.1f} s with two, {faster:.2f}
times as fast: the run unpacks on the same processors what they send. The other {rest:.1f} s, imports, rules and
totals, belong to one process, so that the whole is {whole:.2f} times as fast. For {least:g} times, with reading as it
is, they would have to come to {needed:.1f} s: rules that are themselves asked in parts, by the workers, and not once
over all rows.
"""
_DESK = """\
The first floor imports the same libraries, reads the same sheets with python-calamine and writes the same cells with
the same formats with XlsxWriter; the second also loads and saves the same marked copies and papers. Neither opens
files in a process of its own, looks at them before reading, checks, adds up, judges, words a message or writes a CSV.
"""
_CROWDED = """\
A run with everything written over a folder in which there is very much of one thing, one round each; how many there
are stands above the seconds. Growth is what the second thousand cost against the five hundred before, so that what
every run costs falls out: 2 where time grows with the number, 4 where it grows with its square.
"""


_ANATOMY = """\
Processor time of one form in one process, medians, nothing else running in it. Reading safely costs the bare read
less the blank tails that are cut off before it, and one more inflating with the look; what is left over is finding
the answers, converting each cell once, and carrying file, sheet, row and raw text of everything that was changed.

Libraries alone, inflating, calamine and the way from one process to the other, come to **{libraries:.2f}** bare
reads. What our own code does with each form comes to **{ours:.2f}**: the look without the inflating, finding,
questions about the form, converting.{rules} To come nearer to the bare read, the look and the finding would have to
leave Python for a compiled reader that gives back typed columns; we keep them where an officer's successor can read
them.
"""
_RULES = """
Rules, totals and the proof that nothing was lost, once over {count:,} forms, take **{rules:.2f}** of their bare read.
The aim of two bare reads leaves {left:.2f} for all that is ours, and it takes {sum:.2f}. Together that is {told:.2f};
the run over {count:,} forms took {whole:.2f}. What lies between is what a loop over a few forms does not show:
starting, listing the files, and most likely (this machine counts no cache misses) data that no longer lies in the
processor's cache."""


def main() -> None:
    """Write the page and the picture."""
    at_scale, at_desk, national, of_crowds = load("scale"), load("desk"), load("nation"), load("crowded")
    REPORT.write_text(report(at_scale, at_desk, national, load("anatomy")[0], of_crowds), encoding="utf-8")
    if at_scale[1]:
        PICTURE.write_text(picture(at_scale[1]), encoding="utf-8")


Part = tuple[dict[str, Any], list[Line]]


def report(at_scale: Part, at_desk: Part, national: Part, anatomy: dict[str, Any], of_crowds: Part) -> str:
    """The page, from the facts and lines of each part; a part that was never measured says so."""
    parts = [
        "# Speed\n",
        _ABOUT,
        "## The aims\n",
        aims_table(aims(at_scale[1], at_desk[1], of_crowds[1])),
        "## At scale\n",
        *(_scale_section(*at_scale) if at_scale[1] else ["Not measured.\n"]),
        "## What one form costs\n",
        *(_anatomy_section(anatomy, at_scale[1]) if anatomy else ["Not measured.\n"]),
        "## At the desk\n",
        *(_desk_section(*at_desk) if at_desk[1] else ["Not measured.\n"]),
        "## Very much of one thing\n",
        *(_crowded_section(*of_crowds) if of_crowds[1] else ["Not measured.\n"]),
        "## A national quarter, simulated\n",
        *(nation_section(*national) if national[1] else ["Not measured.\n"]),
    ]
    return "\n".join(parts)


def aims_table(found: Sequence[Aim]) -> str:
    rows = [(aim.words, aim.limit_text, aim.found_text, aim.verdict) for aim in found]
    return table(("aim", "limit", "found", ""), rows)


def _scale_section(facts: dict[str, Any], lines: Sequence[Line]) -> list[str]:
    rows = [
        (
            f"{item.count:,}",
            item.who,
            str(len(item.wall)),
            f"{item.of('wall'):.2f} ({min(item.wall):.2f}–{max(item.wall):.2f})",
            f"{item.of('cpu'):.2f}",
            f"{1000 * item.of('wall') / item.count:.1f}",
            f"{item.of('peak'):.0f}",
        )
        for item in lines
    ]
    head = ("submissions", "", "rounds", "wall s: median (min–max)", "processor s", "wall ms a submission", "peak MB")
    stages = [(f"{item.count:,}", item.who, _stages(item)) for item in lines if item.stages]
    return [
        f"{facts['date']}; {facts['machine']}.\n",
        _SCALE,
        table(head, rows),
        f"![Time per submission and peak memory against the number of submissions]({_PICTURE_ON_THE_PAGE})\n",
        _WHO,
        "Seconds by stage (median):\n",
        table(("submissions", "", "seconds"), stages),
        *_workers(lines),
    ]


def _workers(lines: Sequence[Line]) -> list[str]:
    """What two workers share and what they do not, at the largest size."""
    single, double = (find(lines, who, scale.LARGE) for who in (scale.OURS, scale.TWO))
    one, two = (item.stages.get(steps.READING, 0.0) if item else 0.0 for item in (single, double))
    if not double or not one or not two:
        return []
    needed = max(0.0, (one - LEAST_SHARED * two) / (LEAST_SHARED - 1))
    rest, whole = double.of("wall") - two, by_two_workers(lines)
    return [
        _WORKERS.format(one=one, two=two, faster=one / two, rest=rest, whole=whole, least=LEAST_SHARED, needed=needed)
    ]


def _anatomy_section(facts: dict[str, Any], lines: Sequence[Line]) -> list[str]:
    found: dict[str, float] = facts["steps"]
    times = {name: value / found[steps.BARE] for name, value in found.items()}
    rows = [(name, f"{found[name]:.2f}", f"{value:.2f}") for name, value in times.items()]
    told = (
        f"{facts['date']}; {facts['machine']}; {facts['forms']} forms, {facts['rounds']} rounds "
        "(`python -m bench.anatomy FOLDER`).\n"
    )
    libraries = sum(times[name] for name in steps.LIBRARIES)
    ours = times[steps.TAKE_IN] - times[steps.INFLATE] - times[steps.CALAMINE] + times[steps.CONVERT]
    words = _ANATOMY.format(libraries=libraries, ours=ours, rules=_rules(libraries, ours, lines))
    return [told, table(("step", "ms a form", "times the bare read"), rows), words]


def _rules(libraries: float, ours: float, lines: Sequence[Line]) -> str:
    """What the stages after reading take against the bare read, at the largest size at which both were measured."""
    run, floor = (find(lines, who, scale.LARGE) for who in (scale.OURS, scale.READ))
    if not run or not floor:
        return ""
    asked = sum(run.stages.get(name, 0.0) for name in (steps.RULES, steps.TOTALS, steps.COMPLETENESS))
    rules = asked / floor.of("wall")
    told, whole = libraries + ours + rules, in_bare_reads(lines)
    return _RULES.format(
        count=scale.LARGE, rules=rules, left=MOST_READS - libraries, sum=ours + rules, told=told, whole=whole
    )


def _stages(item: Line) -> str:
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in item.stages.items() if seconds >= 0.005)


def _desk_section(facts: dict[str, Any], lines: list[Line]) -> list[str]:
    rows = [
        (
            item.who,
            *(f"{value:.2f}" for value in (min(item.wall), item.of("wall"), max(item.wall), item.of("cpu"))),
            f"{item.of('peak'):.0f}",
        )
        for item in lines
    ]
    whole = next(item for item in lines if item.who == desk.WHOLE)
    core, all_of_it = desk.ratio(lines, desk.CORE, desk.FLOOR), desk.ratio(lines, desk.WHOLE, desk.FLOOR_WHOLE)
    return [
        f"{facts['date']}; {facts['machine']}.\n",
        f"The shipped samples of `{desk.PERIOD}` and of the periods that it adds up; {len(whole.wall)} rounds, "
        "interleaved, each a process of its own.\n",
        table(("", "wall s: min", "median", "max", "processor s", "peak MB"), rows),
        f"- From forms to workbook and tables: **{core:.2f} times** its floor.\n"
        f"- With the marked copies, the papers and the page: **{all_of_it:.2f} times** its floor.\n",
        f"Seconds by stage (median): {_stages(whole)}.\n",
        _DESK,
    ]


def _crowded_section(facts: dict[str, Any], lines: Sequence[Line]) -> list[str]:
    rows = []
    for kind in crowded.KINDS:
        found, grown = [find(lines, kind, size) for size in crowded.SIZES], crowded.growth(lines, kind)
        seconds = [f"{item.of('cpu'):.1f}" if item else "–" for item in found]
        rows.append((kind, *seconds, "–" if grown is None else f"{grown:.1f}", _stages(found[-1]) if found[-1] else ""))
    head = (
        "",
        *(f"processor s: {size:,}" for size in crowded.SIZES),
        "growth",
        f"wall s by stage: {crowded.SIZES[-1]:,}",
    )
    return [f"{facts['date']}; {facts['machine']}.\n", _CROWDED, table(head, rows)]


if __name__ == "__main__":
    main()
