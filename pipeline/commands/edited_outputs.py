"""Which figures a person changed in the workbooks and papers that are to be sent; every file that is not as it was."""

from dataclasses import dataclass

from pipeline.commands.outputs_lying import Lying
from pipeline.declare.plan import Period
from pipeline.declare.project import Project
from pipeline.publish.edited.data import Compared, Data, data_of
from pipeline.publish.edited.paper import compare_paper
from pipeline.publish.edited.paper_text import read_paper
from pipeline.publish.edited.paper_xml import DamagedPaperError
from pipeline.publish.edited.workbook import compare_workbook
from pipeline.publish.outputs import ANNEX, CORRECTION, REPORT, WORKBOOK
from pipeline.publish.papers.results import states_by_heading
from pipeline.reading.own_workbook import read_own_workbook
from pipeline.values.sent import Edited
from pipeline.words.lists import named

_MOST_NAMES = 5


@dataclass(frozen=True)
class Found:
    """The figures that differ, those of the papers first; files that cannot be read; what could not be compared."""

    edited: tuple[Edited, ...] = ()
    damaged: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def find_edited(lying: Lying, project: Project, period: Period) -> Found:
    """Compare each workbook and paper that was changed; nothing is opened of one that is as the run wrote it."""
    names = [*lying.changed(".docx"), *lying.changed(".xlsx", ".xlsm")]
    if not names:
        return Found()
    data = data_of({name: lying.text(name) for name in ("totals", "figures", "completeness")}, lying.record["counts"])
    ours = {item.name(project.plan, period) for item in (WORKBOOK, ANNEX, REPORT, CORRECTION)} | set(lying.written)
    edited: list[Edited] = []
    damaged, remarks = [], []
    for name in names:
        compared = _compare(name, lying, data, project)
        if compared is None:
            if name in ours:
                damaged.append(f"tệp {name} đã hỏng hoặc có mật khẩu, không mở được để so số")
            continue
        edited += compared.edited
        if compared.unsaid and name in ours:
            remarks.append(_unsaid_words(name, compared.unsaid))
    return Found(tuple(edited), tuple(damaged), tuple(remarks))


def _compare(name: str, lying: Lying, data: Data, project: Project) -> Compared | None:
    path = lying.folder / name
    if name.lower().endswith(".docx"):
        try:
            return compare_paper(name, read_paper(path), data, project.plan, states_by_heading(project))
        except DamagedPaperError:
            return None
    sheets = read_own_workbook(path)
    return None if sheets is None else compare_workbook(name, sheets, data)


def _unsaid_words(name: str, places: tuple[str, ...]) -> str:
    told = named(places, _MOST_NAMES, "chỗ khác")
    if name.lower().endswith(".docx"):
        return f"{name}: không còn thấy câu ghi số của {told}, nên không so được với dữ liệu."
    return (
        f"{name}: công thức chưa có kết quả lưu trong tệp ở {told}, nên không so được với dữ liệu; "
        "xin mở tệp bằng Excel hoặc LibreOffice, lưu lại nếu muốn so."
    )
