"""Properties of a paper, and fields that show them, as Word and LibreOffice insert and keep them.

A field shows the text that was last stored with it: Word renews it by F9 or, where that is set, before printing,
LibreOffice keeps another text than the property's for good. So text and property are always written together.
"""

from collections.abc import Mapping
from typing import Any

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from pipeline.publish.papers.places import Piece

_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_SPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_USER_DEFINED = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the set to which such properties belong
_FIRST = 2  # 0 and 1 are reserved


def add_properties(document: Any, properties: Mapping[str, str]) -> None:
    """Give the paper its properties, which both programs list for insertion."""
    root = etree.Element(f"{{{_SPACE}}}Properties", nsmap={None: _SPACE, "vt": _TYPES})
    for number, (name, text) in enumerate(properties.items(), start=_FIRST):
        item = etree.SubElement(root, f"{{{_SPACE}}}property", fmtid=_USER_DEFINED, pid=str(number), name=name)
        etree.SubElement(item, f"{{{_TYPES}}}lpwstr").text = text
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    package.relate_to(Part(PackURI("/docProps/custom.xml"), _KIND, data, package), _LINK)


def field_runs(paragraph: Any, piece: Piece) -> list[Any]:
    """The runs of a field: its beginning, the property that it shows, a separation, its text, its end."""
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f' DOCPROPERTY "{piece.field}" '
    parts = [_mark("begin"), instruction, _mark("separate"), None, _mark("end")]
    runs = [paragraph.add_run(piece.text if part is None else "") for part in parts]
    for run, part in zip(runs, parts, strict=True):
        if part is not None:
            run._r.append(part)
    return runs


def _mark(kind: str) -> Any:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark
