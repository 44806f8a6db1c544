"""What the run should reach, and whether it does: computed from what was measured, never typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench import desk, scale
from bench.lines import Line, find

_KINDS = ("wall", "cpu")


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


def aims(at_scale: Sequence[Line], at_desk: Sequence[Line]) -> list[Aim]:
    """Every aim, met or not."""
    return [*_scale_aims(at_scale), *_desk_aims(at_desk)]


def _scale_aims(lines: Sequence[Line]) -> Iterator[Aim]:
    large = scale.LARGE
    ours, middle, two = (find(lines, *key) for key in ((scale.OURS, large), (scale.OURS, scale.MIDDLE), (scale.TWO, large)))
    floor = find(lines, scale.READ, large)
    found = max(ours.of(kind) / floor.of(kind) for kind in _KINDS) if ours and floor else None
    yield Aim("everything to the totals, one worker, against the bare read (the worse of wall and processor time)", 2.0, found, large, large)
    found = max(ours.without("imports", kind) / middle.without("imports", kind) for kind in _KINDS) * scale.MIDDLE / large if ours and middle else None
    yield Aim(f"time per submission, against that at {scale.MIDDLE:,} (the worse of both times, imports left out)", 1.1, found, large, large)
    yield Aim("peak memory", 1_200, ours.of("peak") if ours else None, large, large, unit="MB")
    yield Aim("throughput of two workers, against one (wall time)", 1.7, ours.of("wall") / two.of("wall") if ours and two else None, large, large, False)
    for peer, limit in ((scale.PEER_A, 12.0), (scale.PEER_B, 5.0)):
        yield _peer_aim(lines, peer, limit)


def _peer_aim(lines: Sequence[Line], peer: str, limit: float) -> Aim:
    """At the largest size at which both were measured; what the peer writes is left out, since our run writes nothing here."""
    words = f"ahead of {peer} (the worse of both times; its writing left out)"
    for count in sorted({item.count for item in lines}, reverse=True):
        ours, other = find(lines, scale.OURS, count), find(lines, peer, count)
        if ours and other:
            return Aim(words, limit, min(other.without("writing", kind) / ours.of(kind) for kind in _KINDS), count, scale.LARGE, False)
    return Aim(words, limit, None, scale.LARGE, scale.LARGE, False)


def _desk_aims(lines: Sequence[Line]) -> Iterator[Aim]:
    count = lines[0].count if lines else 0
    found = desk.ratio(list(lines), desk.CORE, desk.FLOOR) if lines else None
    yield Aim("at the desk: from forms to workbook and tables, against imports, bare read and bare write", 1.6, found, count, count)
    found = desk.ratio(list(lines), desk.WHOLE, desk.FLOOR_WHOLE) if lines else None
    yield Aim("at the desk: everything written, against the floor with the copies and papers", 1.5, found, count, count)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")
