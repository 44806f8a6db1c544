"""Time per submission and peak memory against the number of submissions, as one SVG with two panels.

Both axes are in powers of ten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from bench import scale
from bench.lines import Line
from pipeline.publish.page.elements import Html, tag

_LOOKS = {  # name in the picture, colour, dashes
    scale.PEER_A: ("peer A (openpyxl)", "#b3261e", None),
    scale.PEER_B: ("peer B (calamine)", "#b26a00", None),
    scale.OURS: ("our run", "#0b57d0", None),
    scale.TWO: ("our run, 2 workers", "#0b57d0", "6 4"),
    scale.READ: ("bare calamine read", "#5f6368", "2 3"),
}
_WIDTH, _HEIGHT = 330, 270  # of the field in which lines are drawn
_LEFT, _TOP, _LABELS = 58, 54, 128
_PANEL = _LEFT + _WIDTH + _LABELS
_BETWEEN = 15  # pixels between two labels


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of ten from `low` to `high` over `length` pixels."""

    low: int
    high: int
    length: int

    def at(self, value: float) -> float:
        return self.length * (log10(value) - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> range:
        return range(self.low, self.high + 1)


def picture(lines: Sequence[Line]) -> str:
    """The drawing, ready to be written to a file."""
    shown = [item for item in lines if item.who in _LOOKS]
    panels = (
        _panel(shown, "Time per submission, milliseconds", lambda item: 1000 * _seconds(item) / item.count, 0),
        _panel(shown, "Peak memory, megabytes", lambda item: item.of("peak"), _PANEL),
    )
    width, height = 2 * _PANEL, _TOP + _HEIGHT + 52
    told = "Time per submission and peak memory against the number of submissions; the figures stand in the table."
    frame = tag("rect", width=width, height=height, fill="#ffffff")
    drawing = tag(
        "svg",
        tag("title", told),
        frame,
        *panels,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
    )
    return f"{drawing}\n"


def _seconds(item: Line) -> float:
    """Wall time; what a peer writes is left out, as our run writes nothing here."""
    return item.without("writing", "wall")


def _panel(lines: Sequence[Line], title: str, value: Callable[[Line], float], left: int) -> Html:
    values = [value(item) for item in lines]
    across = _Scale(1, 4, _WIDTH)
    up = _Scale(floor(log10(min(values))), ceil(log10(max(values))), _HEIGHT)
    points = {
        who: [(across.at(item.count), _HEIGHT - up.at(value(item))) for item in lines if item.who == who]
        for who in _LOOKS
    }
    drawn = [_line(who, found) for who, found in points.items() if found]
    ends = sorted((found[-1][1], found[-1][0], who) for who, found in points.items() if found)
    heading = tag("text", title, x=0, y=-26, font_size=15, font_weight="bold", fill="#202124")
    inside = (heading, *_grid(across, up), *drawn, *_labels(ends))
    return tag("g", *inside, transform=f"translate({left + _LEFT} {_TOP})", font_family="sans-serif", font_size=12)


def _grid(across: _Scale, up: _Scale) -> list[Html]:
    drawn = []
    for power in up.ticks:
        y = f"{_HEIGHT - up.at(10**power):.1f}"
        drawn += [
            tag("line", x1=0, x2=_WIDTH, y1=y, y2=y, stroke="#dadce0"),
            tag("text", f"{10**power:,}", x=-8, y=y, dy=4, text_anchor="end", fill="#5f6368"),
        ]
    for power in across.ticks:
        x = f"{across.at(10**power):.1f}"
        drawn.append(tag("line", x1=x, x2=x, y1=0, y2=_HEIGHT, stroke="#dadce0"))
        drawn.append(tag("text", f"{10**power:,}", x=x, y=_HEIGHT + 18, text_anchor="middle", fill="#5f6368"))
    return [*drawn, tag("text", "submissions", x=_WIDTH // 2, y=_HEIGHT + 38, text_anchor="middle", fill="#5f6368")]


def _line(who: str, points: Sequence[tuple[float, float]]) -> Html:
    _, colour, dashes = _LOOKS[who]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3, fill=colour) for x, y in points]
    return tag(
        "g", tag("polyline", points=path, fill="none", stroke=colour, stroke_width=2, stroke_dasharray=dashes), *dots
    )


def _labels(ends: Sequence[tuple[float, float, str]]) -> list[Html]:
    """Beside the last point of each line, pushed down where two would touch."""
    drawn, last = [], -float(_BETWEEN)
    for y, x, who in ends:
        name, colour, _ = _LOOKS[who]
        last = max(last + _BETWEEN, y)
        drawn.append(tag("text", name, x=f"{x + 9:.1f}", y=f"{last:.1f}", dy=4, fill=colour))
    return drawn
