"""What the run should reach, and whether it does: computed from what was measured, never typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench import crowded, desk, scale
from bench.lines import Line, find

_KINDS = ("wall", "cpu")
MOST_READS, LEAST_SHARED = 2.0, 1.7  # of one worker, in bare reads; of two workers, in times as fast as one


@dataclass(frozen=True, slots=True)
class Aim:
    """A limit, and what was found; `found` is `None` when it was not measured. `count` is the size at which it was."""

    words: str
    limit: float
    found: float | None
    count: int
    wanted: int
    is_at_most: bool = True
    unit: str = "×"

    @property
    def verdict(self) -> str:
        """In words that claim no more than was measured."""
        if self.found is None:
            return "not measured"
        is_met = self.found <= self.limit if self.is_at_most else self.found >= self.limit
        met = "met" if is_met else "**not met**"
        return met if self.count == self.wanted else f"{met} at {self.count:,}; not measured at {self.wanted:,}"

    @property
    def limit_text(self) -> str:
        return f"at {'most' if self.is_at_most else 'least'} {_number(self.limit)} {self.unit}"

    @property
    def found_text(self) -> str:
        return "–" if self.found is None else f"{_number(self.found)} {self.unit}"


def aims(at_scale: Sequence[Line], at_desk: Sequence[Line], of_crowds: Sequence[Line]) -> list[Aim]:
    """Every aim, met or not."""
    return [*_scale_aims(at_scale), *_desk_aims(at_desk), _crowd_aim(of_crowds)]


def _scale_aims(lines: Sequence[Line]) -> Iterator[Aim]:
    large = scale.LARGE
    ours, middle = find(lines, scale.OURS, large), find(lines, scale.OURS, scale.MIDDLE)
    words = "everything to the totals, one worker, against the bare read (the worse of wall and processor time)"
    yield Aim(words, MOST_READS, in_bare_reads(lines), large, large)
    found = (
        max(ours.without("imports", kind) / middle.without("imports", kind) for kind in _KINDS) * scale.MIDDLE / large
        if ours and middle
        else None
    )
    yield Aim(
        f"time per submission, against that at {scale.MIDDLE:,} (the worse of both times, imports left out)",
        1.1,
        found,
        large,
        large,
    )
    yield Aim("peak memory", 1_200, ours.of("peak") if ours else None, large, large, unit="MB")
    yield Aim(
        "throughput of two workers, against one (wall time)", LEAST_SHARED, by_two_workers(lines), large, large, False
    )
    for peer, limit in ((scale.PEER_A, 12.0), (scale.PEER_B, 5.0)):
        yield _peer_aim(lines, peer, limit)


def in_bare_reads(lines: Sequence[Line]) -> float | None:
    """Our run against the bare read at the largest size, the worse of both times."""
    ours, floor = (find(lines, who, scale.LARGE) for who in (scale.OURS, scale.READ))
    return max(ours.of(kind) / floor.of(kind) for kind in _KINDS) if ours and floor else None


def by_two_workers(lines: Sequence[Line]) -> float | None:
    """How many times as fast two workers are as one at the largest size."""
    one, two = (find(lines, who, scale.LARGE) for who in (scale.OURS, scale.TWO))
    return one.of("wall") / two.of("wall") if one and two else None


def _peer_aim(lines: Sequence[Line], peer: str, limit: float) -> Aim:
    """At the largest size at which both were measured, without what the peer writes: our run writes nothing here."""
    words = f"ahead of {peer} (the worse of both times; its writing left out)"
    for count in sorted({item.count for item in lines}, reverse=True):
        ours, other = find(lines, scale.OURS, count), find(lines, peer, count)
        if ours and other:
            return Aim(
                words,
                limit,
                min(other.without("writing", kind) / ours.of(kind) for kind in _KINDS),
                count,
                scale.LARGE,
                False,
            )
    return Aim(words, limit, None, scale.LARGE, scale.LARGE, False)


def _desk_aims(lines: Sequence[Line]) -> Iterator[Aim]:
    count = lines[0].count if lines else 0
    found = desk.ratio(list(lines), desk.CORE, desk.FLOOR) if lines else None
    yield Aim(
        "at the desk: from forms to workbook and tables, against imports, bare read and bare write",
        1.6,
        found,
        count,
        count,
    )
    found = desk.ratio(list(lines), desk.WHOLE, desk.FLOOR_WHOLE) if lines else None
    yield Aim("at the desk: everything written, against the floor with the copies and papers", 1.5, found, count, count)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def _crowd_aim(lines: Sequence[Line]) -> Aim:
    found = [grown for kind in crowded.KINDS if (grown := crowded.growth(lines, kind)) is not None]
    words = "very much of one thing: the second thousand against the five hundred before (processor time, worst kind)"
    return Aim(words, 2.5, max(found, default=None), crowded.SIZES[-1], crowded.SIZES[-1])
