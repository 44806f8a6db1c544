"""Charts as inline SVG. Widths are shares of the space there is, texts keep their size: one drawing for all screens.

Every bar says all its figures in words in its title, for those who hear the page; the main one stands beside it.
"""

from collections.abc import Iterable, Sequence
from math import isnan

from pipeline.publish.charts import Bar, Chart, Series
from pipeline.publish.page.elements import Html, bullets, joined, tag
from pipeline.words.numbers import number_text

_HEIGHT = 24
_STEP = 18  # of bars beside each other
_LONGEST = 80  # percent; what is right of it belongs to the figure at the end of a bar


def draw_chart(chart: Chart) -> Html:
    """The chart with its heading, its caption and the key to its colours."""
    most = max((bar.whole for bar in chart.bars), default=0.0)
    lines = [
        _line(bar, _paired(bar, chart) if chart.kind == "paired" else _stacked(bar, chart, most)) for bar in chart.bars
    ]
    keys = colour_keys((series.look, series.words) for series in chart.series if series.has_key)
    figure = tag("figure", tag("figcaption", chart.caption, keys), bullets(lines, "bars"))
    return tag("div", tag("h3", chart.title), figure)


def colour_keys(keys: Iterable[tuple[str, str]]) -> Html:
    """What each colour means, in words."""
    lines = [joined([_swatch(colour), words]) for colour, words in keys]
    return bullets(lines, "keys")


def _swatch(colour: str) -> Html:
    return tag("svg", tag("rect", width="100%", height="100%", class_=f"fill-{colour}"), aria_hidden="true")


def _line(bar: Bar, drawing: Html) -> Html:
    what = tag("span", tag("span", bar.what), *([tag("b", bar.figure)] if bar.figure else []), class_="what")
    return joined([what, drawing, *([tag("small", bar.remark)] if bar.remark else [])])


def _stacked(bar: Bar, chart: Chart, most: float) -> Html:
    """Parts one after the other; the longest bar fills the width, or all do where parts are shares."""
    drawn, at, whole = [], 0.0, bar.whole if chart.is_share else most
    for series in chart.series:
        if (amount := bar.amounts[series.key]) > 0:
            width = 100 * amount / whole
            drawn.append(_rect(series, _percent(at), 0, width, _HEIGHT))
            text = _amount(amount)
            if width >= 2 + 2.6 * len(text):
                drawn.append(_text(at + width / 2, _HEIGHT / 2, text, f"ink-{series.look}", "middle"))
            at += width
    return _svg(bar, chart, drawn, _HEIGHT)


def _paired(bar: Bar, chart: Chart) -> Html:
    """Parts one below the other, each bar on its own scale, since bars have different units of measure."""
    drawn = []
    amounts = {series: bar.amounts[series.key] for series in chart.series}
    longest = max((amount for amount in amounts.values() if not isnan(amount)), default=0.0) or 1.0
    for number, (series, amount) in enumerate(amounts.items()):
        width = 0.0 if isnan(amount) else _LONGEST * amount / longest
        drawn.append(_rect(series, "0%", number * _STEP, width, _STEP - 2))
        drawn.append(_text(width, number * _STEP + _STEP / 2 - 1, _amount(amount), "outside", "start"))
    return _svg(bar, chart, drawn, _STEP * len(amounts))


def _rect(series: Series, left: str, top: int, width: float, height: int) -> Html:
    look = f"fill-{series.look}"
    return tag("rect", x=left, y=top, width=_percent(width), height=height, class_=look)


def _svg(bar: Bar, chart: Chart, drawn: Sequence[Html], height: int) -> Html:
    told = "; ".join(f"{series.words}: {_amount(bar.amounts[series.key])}" for series in chart.series)
    return tag("svg", tag("title", f"{bar.what}. {told}"), *drawn, role="img", width="100%", height=height)


def _amount(amount: float) -> str:
    return "chưa có số liệu" if isnan(amount) else number_text(amount)


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
