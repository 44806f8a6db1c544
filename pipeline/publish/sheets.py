"""The sheets that we write, as one table: what each is called, what stands above it, for whom it is, who describes it.

From it follow the order of the workbook, the numbers of the annexes, and every sentence that sends a reader to a sheet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Plan

Audience = Literal["province", "office"]
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True, slots=True)
class OutputSheet:
    """One sheet. The number of an annex is no fact of it: annexes are numbered in the order in which they stand.

    `described_by`: module and function below `publish.workbook` that make a page of a report.
    """

    id: str
    label: str
    title: str
    audience: Audience
    described_by: str
    is_annex: bool = False

    @property
    def number(self) -> int:
        """The place among the annexes, from one; 0 where it is none."""
        return ANNEXES.index(self) + 1 if self.is_annex else 0

    @property
    def short(self) -> str:
        """“PL3”, or the whole name of a sheet that is no annex."""
        return f"PL{self.number}" if self.is_annex else self.label

    @property
    def name(self) -> str:
        """What its tab says: “PL3 Số liệu”."""
        return f"{self.short} {self.label}" if self.is_annex else self.label

    @property
    def annex(self) -> str:
        """“Phụ lục III”; empty where it is none."""
        return f"Phụ lục {_ROMAN[self.number - 1]}" if self.is_annex else ""


SHEETS = (
    OutputSheet(
        "summary", "Tổng hợp", "Tổng hợp kết quả tuyên truyền cải cách hành chính", "province", "summary:summary_page"
    ),
    OutputSheet(
        "tasks",
        "Nhiệm vụ",
        "Kết quả thực hiện các nhiệm vụ tuyên truyền cải cách hành chính",
        "province",
        "tasks:tasks_page",
        is_annex=True,
    ),
    OutputSheet(
        "matrix",
        "Ma trận",
        "Tình hình thực hiện nhiệm vụ của từng cơ quan, đơn vị, địa phương",
        "province",
        "tasks:matrix_page",
        is_annex=True,
    ),
    OutputSheet(
        "figures", "Số liệu", "Tổng hợp số liệu tuyên truyền", "province", "figures:figures_page", is_annex=True
    ),
    OutputSheet(
        "by_unit", "Theo đơn vị", "Số liệu của từng đơn vị trong kỳ", "province", "figures:by_unit_page", is_annex=True
    ),
    OutputSheet(
        "forms", "Hình thức", "Hoạt động các đơn vị đã kê ở Biểu 3", "province", "activities:forms_page", is_annex=True
    ),
    OutputSheet(
        "requests",
        "Kiến nghị",
        "Tồn tại, nguyên nhân, giải pháp, kiến nghị của các đơn vị",
        "province",
        "lists:requests_page",
        is_annex=True,
    ),
    OutputSheet("answers", "Trả lời nhanh", "Trả lời nhanh các câu hỏi của lãnh đạo", "office", "answers:answers_page"),
    OutputSheet("filing", "Nộp báo cáo", "Tình hình nộp báo cáo", "office", "evidence:filing_page"),
    OutputSheet(
        "activities", "Hoạt động", "Danh mục hoạt động, sản phẩm tuyên truyền", "office", "activities:activities_page"
    ),
    OutputSheet("problems", "Kiểm tra", "Các điểm cần sửa, cần hỏi lại", "office", "lists:problems_page"),
    OutputSheet(
        "changes",
        "Nhật ký xử lý",
        "Các giá trị đã chuẩn hóa so với bản đơn vị gửi, giá trị đổi khi gửi lại và ghi chú tại ô",
        "office",
        "lists:changes_page",
    ),
    OutputSheet("reconciliation", "Đối chiếu", "Đối chiếu số liệu", "office", "evidence:reconciliation_page"),
    OutputSheet("sources", "Nguồn", "Nguồn số liệu", "office", "evidence:sources_page"),
    OutputSheet(
        "since_sent", "Khác bản đã gửi", "Những điều khác với bản đã gửi", "office", "since_sent:since_sent_page"
    ),
    OutputSheet(
        "scoring", "Chấm điểm", "Bảng hỗ trợ chấm điểm công tác tuyên truyền", "office", "scoring:scoring_page"
    ),
)
ANNEXES = tuple(sheet for sheet in SHEETS if sheet.is_annex)
SHEET: Mapping[str, OutputSheet] = {sheet.id: sheet for sheet in SHEETS}


def annex_sheets(plan: Plan) -> tuple[OutputSheet, ...]:
    """The sheets of the annex that goes with the report: those that the plan names, else all for the province.

    A name of no such sheet is a `PipelineError`.
    """
    mine = {sheet.id: sheet for sheet in SHEETS if sheet.audience == "province"}
    asked = plan.outputs.annex_sheets or tuple(mine)
    if wrong := [name for name in asked if name not in mine]:
        raise PipelineError(
            f"Kế hoạch năm {plan.year}, khóa “outputs.annex_sheets”: “{wrong[0]}” không phải sheet đưa vào phụ lục "
            f"được; xin chọn trong: {', '.join(mine)}."
        )
    return tuple(sheet for name, sheet in mine.items() if name in asked)


def sheet_named(sheet_id: str) -> str:
    """The sheet as a sentence names it: “sheet PL2 Ma trận”."""
    return f"sheet {SHEET[sheet_id].name}"


def annexed(sheet_id: str) -> str:
    """The annex as a sentence of the papers names it: “Phụ lục VI” (capital: NĐ 30/2020/NĐ-CP, Phụ lục II)."""
    return SHEET[sheet_id].annex
