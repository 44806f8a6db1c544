"""The look, as one table: each style is a few properties, and a cell names the styles that it combines.

Times New Roman and black on white follow NĐ 30/2020/NĐ-CP; colour never stands alone, the cell's words say the same.
"""

from functools import cache

from pipeline.publish.palette import DOUBT_TINT, SEVERITY_TINTS, STATE_TINTS

FONT = "Times New Roman"
BASE = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}

GREY = "#E7E6E6"
HEADER = "#DDEBF7"
TINT = "#FFE08A"  # wrong cells in a marked copy, and nothing else, so that it can be taken off again

MOST_DECIMALS = 10  # that a figure is shown with; 100/3 has more than anybody reads, and its cell still holds them
_WHOLE: dict[str, object] = {"num_format": "#,##0", "align": "right"}
_NUMBERS: dict[str, dict[str, object]] = {  # as many decimals as a figure has
    f"number{places}": {"num_format": f"#,##0.{'0' * places}", "align": "right"}
    for places in range(1, MOST_DECIMALS + 1)
}
DOUBT_SIGN = "*"  # behind a number that its unit is still asked about: the cell holds the number, the format the sign
_DOUBTED: dict[str, dict[str, object]] = {
    name.replace("number", "doubted"): {
        "num_format": f'{look["num_format"]}"{DOUBT_SIGN}"',
        "align": "right",
        "bg_color": DOUBT_TINT,
    }
    for name, look in (("number", _WHOLE), *_NUMBERS.items())
}

# Laid over a cell while it is not as it should be.
ALARM: dict[str, object] = {"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True}

STYLES: dict[str, dict[str, object]] = {
    "plain": {},
    "wrap": {"text_wrap": True},
    "title": {"bold": True, "font_size": 14, "align": "center"},
    "annex": {"bold": True, "font_size": 14, "align": "center"},
    "measure": {"italic": True, "align": "right"},
    "subtitle": {"italic": True, "align": "center"},
    "note": {"italic": True, "text_wrap": True},
    "right": {"align": "right"},
    "center": {"align": "center"},
    "left": {"align": "left"},
    "inset": {"indent": 1},
    "bold": {"bold": True},
    "small": {"font_size": 10},
    "large": {"font_size": 13},
    "header": {"bold": True, "border": 1, "bg_color": HEADER, "align": "center", "text_wrap": True},
    "upright": {"rotation": 90},
    "column-number": {"italic": True, "border": 1, "align": "center", "font_size": 9},
    "cell": {"border": 1, "text_wrap": True},
    "box": {"border": 1},
    "grey": {"bg_color": GREY, "font_color": "#404040"},
    "open": {"locked": False},
    "total": {"bold": True, "bg_color": "#F2F2F2"},
    "number": _WHOLE,
    **_NUMBERS,
    **_DOUBTED,
    # Below 1.000.000.000 with dots in every language of Excel, as in the words beside: the separators of a format
    # follow the machine, letters do not.
    "dotted": {"num_format": '[>=1000000]#"."000"."000;[>=1000]#"."000;0', "align": "right"},
    "percent": {"num_format": "0.0%", "align": "right"},
    "date": {"num_format": "dd/mm/yyyy", "align": "center"},
    "datetime": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    "text": {"num_format": "@"},
    "key": {"font_size": 8, "font_color": "#808080"},
    "id": {"font_size": 8, "font_color": "#595959"},
    "sample": {"bold": True, "font_color": "#C00000", "align": "center"},
    "link": {"font_color": "#0563C1", "underline": 1},
    # states of the completeness grid
    "state-done": {"bg_color": STATE_TINTS["done"], "align": "center"},
    "state-open": {"bg_color": STATE_TINTS["open"], "align": "center"},
    "state-overdue": {"bg_color": STATE_TINTS["overdue"], "align": "center", "bold": True},
    "state-nothing": {"bg_color": STATE_TINTS["nothing"], "align": "center"},
    "state-not-done": {"bg_color": STATE_TINTS["not-done"], "align": "center"},
    "state-unproven": {"bg_color": STATE_TINTS["unproven"], "align": "center"},
    "state-missing": {"bg_color": STATE_TINTS["missing"], "align": "center", "bold": True},
    "state-not-due": {"font_color": "#595959", "align": "center"},
    "state-not-lead": {"font_color": "#595959", "align": "center", "bg_color": STATE_TINTS["not-lead"]},
    # severities
    "severity-block-file": {"bg_color": SEVERITY_TINTS["block-file"], "bold": True},
    "severity-block-row": {"bg_color": SEVERITY_TINTS["block-row"]},
    "severity-question": {"bg_color": SEVERITY_TINTS["question"]},
    "severity-note": {"bg_color": SEVERITY_TINTS["note"]},
}


def properties(names: str) -> dict[str, object]:
    """The merged properties of a space-separated list of styles; later ones win."""
    merged: dict[str, object] = dict(BASE)
    for name in names.split():
        merged.update(STYLES[name])
    return merged


@cache
def font_size(names: str) -> float:
    """The size in points of text in that look."""
    return float(str(properties(names)["font_size"]))
