"""What the outputs of a period are called, each name once; all of them stand in the period's folder of outputs."""

from dataclasses import dataclass
from typing import Literal

from pipeline.declare.plan import Period, Plan

RECORD = "run.json"
PAGE = "index.html"
PICTURE = "tom-tat.png"  # the first screen of the page, for a chat
TABLES = "du-lieu"  # the folder of the data behind the workbook
OTHER_PERIODS = "other-periods"  # in it, the table of the forms of other periods that were not used in full
LAST_YEAR = "last-year"  # in it, the bridge from the same period of the year before, where that is there
SINCE_SENT = "since-sent"  # in it, the table of what is not as it was sent
SCORING = "scoring"  # in it, the table of the units' year so far in points
FEEDBACK = "phan-hoi"  # the folder of what goes back to units
GROUP_MESSAGE = "nhom-zalo.txt"  # in it, the text for all units together
OWN_REPORT = "{}-bao-cao.docx"  # in it, the draft of a unit's own report, by the id of the unit
FORMS = "mau"  # the folder of blank forms
KEPT = "giu-lai"  # the folder of what a person had changed


@dataclass(frozen=True, slots=True)
class Document:
    """A workbook or a paper of a period; `label` is what the page for the leader calls it."""

    stem: str
    kind: Literal["xlsx", "docx"]
    label: str

    def name(self, plan: Plan, period: Period) -> str:
        """`Tong-hop_2025-q3.xlsx`."""
        return f"{self.stem}_{plan.year}-{period.code}.{self.kind}"


WORKBOOK = Document("Tong-hop", "xlsx", "Bảng tổng hợp (Excel)")
ANNEX = Document("Phu-luc", "xlsx", "Phụ lục kèm báo cáo (Excel)")
REPORT = Document("Bao-cao", "docx", "Dự thảo báo cáo (Word)")
LETTER = Document("Don-doc", "docx", "Dự thảo công văn đôn đốc (Word)")
CORRECTION = Document("Dinh-chinh", "docx", "Dự thảo báo cáo đính chính (Word)")
