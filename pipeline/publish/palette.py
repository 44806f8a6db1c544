"""The colours that mean something, in one table: states, filings, severities, series of charts.

One means the same in the cells and charts of the workbook, on the page, on paper and on a telephone. None stands alone:
words beside it say the same. Series have shades of blue, so that none looks like a state.
"""

from collections.abc import Mapping

from pipeline.values.states import Filing, Severity, State

DARK, LIGHT = "#1a1a1a", "#ffffff"  # the inks

STATE: Mapping[State, str] = {
    "done": "#4a7a2c",
    "open": "#d9a81c",
    "overdue": "#7030a0",
    "nothing": "#a6a6a6",
    "not-done": "#843c0c",
    "unproven": "#f4b183",
    "missing": "#c00000",
    "not-due": "#e3e6ea",
    "not-lead": "#f7f7f7",
}
SERIES = ("#2f5597", "#8faadc", "#5c6b7a", "#a9d3d8", "#1f6f7f")  # further series begin again with the first
FILED_AS: Mapping[Filing, State] = {
    "on-time": "done",
    "late": "open",
    "unusable": "unproven",
    "missing": "missing",
    "not-due": "not-due",
}

FILLS: Mapping[str, str] = {  # of bars and stripes, by the names that charts give to their series
    **{str(state): fill for state, fill in STATE.items()},
    **{str(filing): STATE[state] for filing, state in FILED_AS.items()},
    "now": SERIES[0],
    "before": SERIES[1],
    **{f"group-{place}": fill for place, fill in enumerate(SERIES)},
}

STATE_TINTS: Mapping[State, str] = {  # behind the words of a cell
    "done": "#E2EFDA",
    "open": "#FFF2CC",
    "overdue": "#F8CBAD",
    "nothing": "#EDEDED",
    "not-done": "#F8CBAD",
    "unproven": "#FCE4D6",
    "missing": "#FFC7CE",
    "not-lead": "#F7F7F7",
}
SILENT_TINT = "#FDF0F1"  # behind the cells of a unit without a form: one light band
SEVERITY_TINTS: Mapping[Severity, str] = {
    "block-file": STATE_TINTS["missing"],
    "block-row": STATE_TINTS["not-done"],
    "question": STATE_TINTS["open"],
    "note": STATE_TINTS["nothing"],
}
DOUBT_TINT = SEVERITY_TINTS["question"]  # behind a figure that its unit is still asked about; a sign stands beside it


def ink_on(fill: str) -> str:
    """The ink that is easier to read on a colour; on each of ours its contrast is 4.5 or more."""
    return max((DARK, LIGHT), key=lambda ink: contrast(fill, ink))


def contrast(one: str, other: str) -> float:
    """The ratio between the luminances of two colours, as WCAG 2 defines it: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
