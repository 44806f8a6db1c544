"""Which runs of a paragraph show a property of the paper: fields that Word and LibreOffice call DOCPROPERTY.

Both keep such a field through saving (ECMA-376 17.16.5.17), as one element or as a beginning, an instruction, a
separation, the text that was last shown, and an end.
"""

import re

from lxml import etree

from pipeline.publish.edited.paper_xml import W

_PROPERTY = re.compile(r"""\s*DOCPROPERTY\s+(?:"([^"]+)"|(\S+))""", re.IGNORECASE)


def fields_of(paragraph: etree._Element) -> dict[etree._Element, str]:
    """By run the name of the property that it shows; a field within another one is none of ours."""
    found: dict[etree._Element, str] = {}
    for simple in paragraph.iter(f"{W}fldSimple"):
        if name := _name(simple.get(f"{W}instr", "")):
            found |= dict.fromkeys(simple.iter(f"{W}r"), name)
    depth, instruction, name = 0, "", ""
    for run in paragraph.iter(f"{W}r"):
        for child in run:
            if child.tag == f"{W}instrText" and depth == 1:
                instruction += child.text or ""
            elif child.tag == f"{W}fldChar":
                kind = child.get(f"{W}fldCharType")
                depth += {"begin": 1, "end": -1}.get(kind or "", 0)
                name = _name(instruction) if kind == "separate" and depth == 1 else name if depth else ""
                instruction = instruction if depth else ""
        if name:
            found[run] = name
    return found


def _name(instruction: str) -> str:
    match = _PROPERTY.match(instruction)
    return (match[1] or match[2]) if match else ""
