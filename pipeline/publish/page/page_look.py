"""The look of the page for the leader: its style sheet, with the colours of the palette and inks readable on them."""

import json
from collections.abc import Mapping

from pipeline.publish.palette import DARK, DOUBT_TINT, FILLS, LIGHT, SERIES, ink_on
from pipeline.publish.style import HEADER, STYLES

_RULES = """
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;color:#1a1a1a;\
background:#fff;scroll-padding-top:1rem}
body{margin:0 auto;max-width:78rem;padding:0 1rem 3rem;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.25;margin:1rem 0 .25rem}
h2{font-size:1.3rem;line-height:1.3}
h3{font-size:1.05rem;margin:1.5rem 0 .25rem}
p{margin:.5rem 0;max-width:48rem}
ul{padding-left:1.25rem;margin:.5rem 0}
a{color:#0b4f9e;text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,[tabindex="0"]:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem;top:.5rem;background:#fff;padding:.5rem}
.skip:focus{left:1rem;z-index:5}
.sample{margin:0 -1rem;padding:.5rem 1rem;background:#fff3f3;border-bottom:3px solid #c00000;color:#a30000;\
max-width:none}
.facts,.note{color:#404040;font-size:.95rem}
.doors{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
.doors a{display:inline-block;padding:.35rem 0}
.tiles{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));\
gap:.75rem;margin:1rem 0}
.tiles li{border:1px solid #c9ced6;border-left:5px solid ACCENT;border-radius:4px;padding:.6rem .75rem}
.tiles b{display:block;font-size:1.9rem;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{display:block}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:.25rem 2rem}
.answers h2{font-size:1.05rem;margin:.5rem 0 .1rem}
.answers ul,.answers p{margin:0}
.part>summary{padding:0}
.part>summary h2{display:inline;margin:.75rem 0 .5rem}
section{border-top:2px solid ACCENT;margin-top:1.25rem}
.answers section{border:0;margin:0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 2.5rem}
figure{margin:.5rem 0}
figcaption{color:#404040;font-size:.95rem}
.keys{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.9rem}
.keys svg{width:.9rem;height:.9rem;vertical-align:-.1rem;margin-right:.35rem}
.bars{list-style:none;padding:0}
.bars li{margin:.6rem 0}
.bars .what{display:flex;justify-content:space-between;gap:1rem}
.bars b{white-space:nowrap;font-variant-numeric:tabular-nums}
.bars svg{display:block;overflow:visible}
.bars small{display:block;color:#404040;font-size:.875rem}
svg rect{stroke:#fff;stroke-width:1px}
svg .fill-not-due,svg .fill-not-lead,svg .fill-before,svg .fill-group-3,svg .fill-unproven{stroke:#6b7280}
svg text{font-size:13px;font-weight:600;font-variant-numeric:tabular-nums}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid #c9ced6}
thead th{background:HEADER}
th small,td small{display:block;font-weight:400;font-size:.85rem;color:#404040}
tbody th{font-weight:600}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.figures th,.figures td{padding:.4rem .35rem}
thead th.number{white-space:normal}
.figures .reason{display:block;white-space:normal;font-size:.85rem;min-width:5.5rem}
.figures .doubt{display:block;white-space:normal;font-size:.85rem;min-width:5.5rem;max-width:11rem;\
margin-left:auto;background:DOUBT}
.files th:first-child{width:38%}
.files th:last-child{width:34%}
.files td span{display:block}
.files td span .heard{display:inline}
.files a{display:inline-block;padding:.15rem 0}
.scroll{overflow:auto;max-height:85vh;border:1px solid #c9ced6}
.grid{font-size:.875rem}
.grid td,.grid thead th{min-width:6.4rem}
.grid thead th{position:sticky;top:0;z-index:2}
.grid th:first-child:not(.group){position:sticky;left:0;min-width:7rem;max-width:14rem;background:#fff;\
z-index:1;border-right:1px solid #c9ced6}
.grid thead th:first-child:not(.group){background:HEADER;z-index:3}
.grid .group{background:#eef1f5}
.grid .group span{position:sticky;left:.5rem}
.sentences{list-style:none;padding:0}
.sentences li{margin:.75rem 0;padding-left:.75rem;border-left:3px solid #c9ced6}
.sentences span{display:block}
details details{border-bottom:1px solid #c9ced6;max-width:48rem}
summary{padding:.5rem .25rem;cursor:pointer}
details details p{margin:0 0 .75rem;padding:0 .25rem 0 1.25rem}
.columns{columns:26rem;column-gap:2.5rem}
.columns li{break-inside:avoid}
.columns p{margin:0 0 .5rem}
@media (min-width:75rem){.scroll{overflow:visible;max-height:none;border:0}.grid td,.grid thead th{min-width:0}}
@media (max-width:30rem){h1{font-size:1.2rem;margin:.5rem 0}.sample{padding:.35rem 1rem}
.tiles{gap:.4rem;margin:.5rem 0}.tiles li{padding:.2rem .5rem;font-size:.9rem;line-height:1.3}
.tiles b{font-size:1.4rem}.tiles small{display:none}
.answers ul{padding-left:1rem;font-size:.95rem;line-height:1.4}}
@media (min-width:48rem){@supports selector(::details-content){\
.part::details-content{content-visibility:visible;block-size:auto}\
.part>summary{list-style:none;pointer-events:none}.part>summary::-webkit-details-marker{display:none}}}
@media (min-width:48rem){.files td span{display:inline-block;margin-right:1.25rem}\
.files td span .heard{margin:0}}
@media print{
@page{size:A4;margin:15mm;@bottom-center{content:counter(page) "/" counter(pages)}\
@top-right{content:MARK;color:#a30000;font-weight:bold}}
@page wide{size:A4 landscape}
html{font-size:10pt}
body{max-width:none;padding:0}
.skip,.doors,.on-screen{display:none}
.wide{page:wide}
.scroll{overflow:visible;max-height:none;border:0}
.grid{font-size:7pt;line-height:1.25}
.grid small{font-size:6.5pt}
.grid td,.grid thead th{min-width:0;padding:.15rem .25rem .15rem .45rem;position:static}
.grid th:first-child:not(.group){position:static;min-width:42mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
h2,h3,figcaption,summary{break-after:avoid}
tr,.bars li,.sentences li,.tiles{break-inside:avoid}
a{color:inherit;text-decoration:none}
}
"""


def style_sheet(mark: str) -> str:
    """The whole style sheet; `mark` is printed in the margin of every page."""
    fills = [f".fill-{name}{{fill:{fill}}}.ink-{name}{{fill:{ink_on(fill)}}}" for name, fill in FILLS.items()]
    states = [
        _state_rule(name.removeprefix("state-"), style) for name, style in STYLES.items() if name.startswith("state-")
    ]
    named = {"ACCENT": SERIES[0], "HEADER": HEADER.lower(), "DOUBT": DOUBT_TINT}
    rules = _RULES
    for name, colour in named.items():
        rules = rules.replace(name, colour)
    rules = rules.replace("MARK", json.dumps(mark, ensure_ascii=False))  # last: its words are none of ours
    return "\n".join([rules.strip(), *fills, *states])


def _state_rule(state: str, style: Mapping[str, object]) -> str:
    """A cell of the grid: the tint of the workbook, and a stripe in the colour of the charts."""
    weight = "600" if style.get("bold") else "400"
    tint, ink = style.get("bg_color", LIGHT), style.get("font_color", DARK)
    return f".state-{state}{{background:{tint};color:{ink};font-weight:{weight};box-shadow:inset 4px 0 {FILLS[state]}}}"
