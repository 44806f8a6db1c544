"""Words that official papers share: numbers in prose, shares, names, the plan, blanks that somebody fills in by hand."""

from collections.abc import Sequence

from pipeline.publish.excel import printable
from pipeline.publish.report import Report
from pipeline.words.days import day_text
from pipeline.words.documents import BLANK, dated, numbered
from pipeline.words.numbers import number_text, percent_text

_COMMON_NOUNS = (
    "Xã ",
    "Phường ",
    "Thị trấn ",
    "Đặc khu ",
)  # in front of a place's own name small in a sentence (NĐ 30/2020/NĐ-CP, Phụ lục II)
_NOT_IN_XML = str.maketrans("", "", "\ufffe\uffff")


def prose(value: float) -> str:
    """A number as papers write it: “03” below ten (NĐ 30/2020/NĐ-CP custom), dots between thousands, a comma before decimals."""
    return f"0{value:.0f}" if value in range(1, 10) else number_text(value)


def share(part: int, whole: int) -> str:
    """“08/32”."""
    return f"{prose(part)}/{prose(whole)}"


def percent(part: int, whole: int) -> str:
    """“87,5%”; nothing to divide by gives the blank."""
    return percent_text(part, whole) if whole else BLANK


def one_line(text: object) -> str:
    """Somebody else's text as a Word paragraph can hold it: no control characters, no line breaks."""
    return " ".join(printable(str(text)).translate(_NOT_IN_XML).split())


def lowered(text: str) -> str:
    """For the middle of a sentence; abbreviations such as TTHC keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def in_text(name: str) -> str:
    """The name of a unit as it stands in a sentence: “xã Vĩnh Ô”, but “Phòng Nội vụ”."""
    return lowered(name) if name.startswith(_COMMON_NOUNS) else name


def names(report: Report, unit_ids: Sequence[str], where: str = "sheet Nộp báo cáo") -> str:
    """Units by name, as they stand in a sentence; of very many the first."""
    return report.listed([in_text(report.name(unit_id)) for unit_id in unit_ids], where)


def unfiled_words(report: Report) -> str:
    """“02 đơn vị chưa gửi; 01 đơn vị đã gửi, biểu chưa dùng được”; empty when all have filed."""
    return "; ".join(
        f"{prose(len(units))} đơn vị {report.label('unfiled', kind)}" for kind, units in report.unfiled.items()
    )


def period_name(report: Report) -> str:
    """“quý III năm 2025”, for the middle of a sentence."""
    return lowered(report.project.plan.full_name(report.period))


def window(report: Report) -> str:
    """The data window, as every paper names it."""
    return f"số liệu từ ngày {day_text(report.period.date_from)} đến ngày {day_text(report.period.date_to)}"


def area(report: Report) -> str:
    """“huyện Vĩnh Linh”: the issuer without the name of its kind."""
    return report.project.plan.issuer.partition(" ")[2]


def plan_reference(report: Report) -> str:
    """The plan by number, day and name; its blanks stay blank."""
    plan = report.project.plan
    about = lowered(plan.title).removeprefix("kế hoạch ")
    return f"Kế hoạch số {numbered(plan.number, 'KH-UBND')} {dated(plan.date, plan.year)} của {plan.issuer} về {about}"


def subject(report: Report) -> str:
    """What both papers are about."""
    return f"công tác tuyên truyền cải cách hành chính nhà nước trên địa bàn {area(report)} {period_name(report)}"


def initials(office: str) -> str:
    """“Phòng Nội vụ” → “NV”, for “Lưu: VT, NV.”."""
    return "".join(word[0].upper() for word in office.split()[1:])
