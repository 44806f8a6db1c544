"""Bars as inline SVG. Widths are shares of the space there is and texts keep their size, so one drawing serves telephone and desk.

Every bar says all its figures in words in its title, for those who hear the page; the main one stands beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from pipeline.publish.page.elements import Html, bullets, joined, tag
from pipeline.words.numbers import number_text

_HEIGHT = 24
_LONGEST = 80  # percent; what is right of it belongs to the figure at the end of a bar


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar: the colour it has in the look, what it counts, how many."""

    colour: str
    words: str
    amount: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: what, the figure that people read, the parts, and a remark below."""

    what: str
    figure: str
    parts: Sequence[Part]
    remark: str = ""


def stacked_chart(
    title: str, caption: str, bars: Sequence[Bar], keys: Sequence[tuple[str, str]], whole: float = 0.0
) -> Html:
    """Parts one after the other; `whole` is the longest bar there could be, 0 makes every bar equally long."""
    return _figure(
        title,
        caption,
        keys,
        [_line(bar, _stacked(bar, whole or sum(part.amount for part in bar.parts))) for bar in bars],
    )


def paired_chart(title: str, caption: str, bars: Sequence[Bar], keys: Sequence[tuple[str, str]]) -> Html:
    """Parts one below the other, each line on its own scale, since lines have different units of measure."""
    return _figure(title, caption, keys, [_line(bar, _paired(bar)) for bar in bars])


def colour_keys(keys: Iterable[tuple[str, str]]) -> Html:
    """What each colour means, in words."""
    return bullets(
        [
            joined(
                [
                    tag("svg", tag("rect", width="100%", height="100%", class_=f"fill-{colour}"), aria_hidden="true"),
                    words,
                ]
            )
            for colour, words in keys
        ],
        "keys",
    )


def _figure(title: str, caption: str, keys: Sequence[tuple[str, str]], lines: Iterable[Html]) -> Html:
    return tag(
        "div", tag("h3", title), tag("figure", tag("figcaption", caption, colour_keys(keys)), bullets(lines, "bars"))
    )


def _line(bar: Bar, drawing: Html) -> Html:
    remark = [tag("small", bar.remark)] if bar.remark else []
    return joined(
        [
            tag("span", tag("span", bar.what), *([tag("b", bar.figure)] if bar.figure else []), class_="what"),
            drawing,
            *remark,
        ]
    )


def _stacked(bar: Bar, whole: float) -> Html:
    drawn, at = [], 0.0
    for part in bar.parts:
        if part.amount > 0:
            width = 100 * part.amount / whole
            drawn.append(
                tag("rect", x=_percent(at), y=0, width=_percent(width), height=_HEIGHT, class_=f"fill-{part.colour}")
            )
            text = _amount(part)
            if width >= 2 + 2.6 * len(text):
                drawn.append(_text(at + width / 2, _HEIGHT / 2, text, f"ink-{part.colour}", "middle"))
            at += width
    return _svg(bar, drawn, _HEIGHT)


def _paired(bar: Bar) -> Html:
    drawn, step = [], 18
    longest = max((part.amount for part in bar.parts if not isnan(part.amount)), default=0.0) or 1.0
    for number, part in enumerate(bar.parts):
        width = 0.0 if isnan(part.amount) else _LONGEST * part.amount / longest
        drawn.append(
            tag("rect", x="0%", y=number * step, width=_percent(width), height=step - 2, class_=f"fill-{part.colour}")
        )
        drawn.append(_text(width, number * step + step / 2 - 1, _amount(part), "outside", "start"))
    return _svg(bar, drawn, step * len(bar.parts))


def _svg(bar: Bar, drawn: Sequence[Html], height: int) -> Html:
    told = "; ".join(f"{part.words}: {_amount(part)}" for part in bar.parts)
    return tag("svg", tag("title", f"{bar.what}. {told}"), *drawn, role="img", width="100%", height=height)


def _amount(part: Part) -> str:
    return "chưa có số liệu" if isnan(part.amount) else number_text(part.amount)


def _text(at: float, middle: float, text: str, class_: str, anchor: str) -> Html:
    return tag(
        "text",
        text,
        x=_percent(at),
        dx=6 if anchor == "start" else 0,
        y=f"{middle:g}",
        dominant_baseline="central",
        text_anchor=anchor,
        class_=class_,
    )


def _percent(value: float) -> str:
    return f"{value:.3f}%"
