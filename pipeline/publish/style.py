"""The look, as one table: each style is a few properties, and a cell names the styles that it combines.

Times New Roman and black on white follow NĐ 30/2020/NĐ-CP; colour never stands alone, the cell's words say the same.
"""

from functools import cache

from pipeline.publish.palette import DOUBT_TINT, SEVERITY_TINTS, SILENT_TINT, STATE_TINTS

FONT = "Times New Roman"
BASE = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}

GREY = "#E7E6E6"
HEADER = "#DDEBF7"
TINT = "#FFE08A"  # wrong cells in a marked copy, and nothing else, so that it can be taken off again

MOST_DECIMALS = 10  # that a figure is shown with; 100/3 has more than anybody reads, and its cell still holds them
_WHOLE: dict[str, object] = {"num_format": "#,##0", "align": "right"}
_RIGHT: dict[str, object] = {"align": "right", "text_wrap": False}  # some programs keep no space right of what may wrap
_NUMBERS: dict[str, dict[str, object]] = {  # as many decimals as a figure has
    f"number{places}": {"num_format": f"#,##0.{'0' * places}", "align": "right"}
    for places in range(1, MOST_DECIMALS + 1)
}
DOUBT_SIGN = "*"  # behind a number that its unit is still asked about: the cell holds the number, the format the sign
# Whole numbers with dots in every language of Excel, as in the words beside: the separators of a format follow the
# machine, letters do not. A format has room for two conditions, so that a larger number than those has its own look.
_DOTTED: dict[str, dict[str, object]] = {
    "dotted": {"num_format": '[>=1000000]#"."000"."000;[>=1000]#"."000;0', **_RIGHT},
    "billions": {"num_format": '[>=1000000000]#"."000"."000"."000;[>=1000000]#"."000"."000;#,##0', **_RIGHT},
    "counted": {"num_format": '[=0]"–";[>=1000]#"."000;0', **_RIGHT},
    # Of one size, for numbers below zero, too.
    "any": {"num_format": "General", **_RIGHT},
    "thousands": {"num_format": '#"."000', **_RIGHT},
    "millions": {"num_format": '#"."000"."000', **_RIGHT},
}
_DOUBTED: dict[str, dict[str, object]] = {
    name.replace("number", "doubted"): {
        "num_format": ";".join(f'{part}"{DOUBT_SIGN}"' for part in str(look["num_format"]).split(";")),
        **_RIGHT,
        "bg_color": DOUBT_TINT,
    }
    for name, look in (
        ("number", _DOTTED["dotted"]),
        ("number-billions", _DOTTED["billions"]),
        *_NUMBERS.items(),
    )
}

BARS = "#BDD7EE"  # behind the numbers of a column
_QUIET: dict[str, object] = {"font_color": "#595959", "align": "center", "indent": 0}


def _shown_as(sign: str) -> str:
    """The format of a cell whose text is shown as a sign."""
    return f'General;General;General;"{sign}"'


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
    "center": {"align": "center", "indent": 0},  # a cell with an indent cannot be centred
    "left": {"align": "left"},
    "inset": {"indent": 1},
    "bold": {"bold": True},
    "small": {"font_size": 10},
    "large": {"font_size": 13},
    "header": {"bold": True, "border": 1, "bg_color": HEADER, "align": "center", "text_wrap": True},
    "column-number": {"italic": True, "border": 1, "align": "center"},
    "cell": {"border": 1, "text_wrap": True},
    "line": {"border": 1, "text_wrap": True, "indent": 1},  # a cell of a table, its text clear of the number before it
    "box": {"border": 1},
    "grey": {"bg_color": GREY, "font_color": "#404040"},
    "open": {"locked": False},
    "total": {"bold": True, "bg_color": "#F2F2F2"},
    "part": {"italic": True, "bg_color": "#F2F2F2"},
    "number": _WHOLE,
    **_NUMBERS,
    **_DOUBTED,
    **_DOTTED,
    "percent": {"num_format": "0.0%", **_RIGHT},
    "change": {"num_format": "+0.0%;-0.0%;0.0%", **_RIGHT},
    "date": {"num_format": "dd/mm/yyyy", "align": "center"},
    "datetime": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    "text": {"num_format": "@"},
    "key": {"font_size": 8, "font_color": "#808080"},
    "id": {"font_size": 8, "font_color": "#595959"},
    "hash": {"font_size": 8, "font_color": "#595959", "text_wrap": False},
    "sample": {"bold": True, "font_color": "#C00000", "align": "center"},
    "link": {"font_color": "#0563C1", "underline": 1},
    # the light of the form
    "mark": {"text_wrap": True, "font_size": 10, "font_color": "#9C0006", "border": 1, "bg_color": GREY},
    "light-head": {"bold": True},
    "light-ready": {"bg_color": STATE_TINTS["done"]},
    "light-open": {"bg_color": STATE_TINTS["open"]},
    "light-place": {"bg_color": STATE_TINTS["missing"]},
    # states of the completeness grid
    "state-done": {"bg_color": STATE_TINTS["done"], "align": "center", "indent": 0},
    "state-open": {"bg_color": STATE_TINTS["open"], "align": "center", "indent": 0},
    "state-overdue": {"bg_color": STATE_TINTS["overdue"], "align": "center", "indent": 0, "bold": True},
    "state-nothing": {"bg_color": STATE_TINTS["nothing"], "align": "center", "indent": 0},
    "state-not-done": {"bg_color": STATE_TINTS["not-done"], "align": "center", "indent": 0},
    "state-unproven": {"bg_color": STATE_TINTS["unproven"], "align": "center", "indent": 0},
    "state-missing": {"bg_color": STATE_TINTS["missing"], "align": "center", "indent": 0, "bold": True},
    "state-not-due": {"font_color": "#595959", "align": "center", "indent": 0},
    # A text that stays what it is for whoever reads the cell, shown as less: “–” for what is no task of the unit, “…”
    # for what a unit without a form has not told.
    "state-not-lead": {**_QUIET, "num_format": _shown_as("–"), "bg_color": STATE_TINTS["not-lead"]},
    "named-silent": {"num_format": '@" (chưa báo cáo)"', "bg_color": SILENT_TINT},
    "silent": {**_QUIET, "num_format": _shown_as("…"), "bg_color": SILENT_TINT},
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
