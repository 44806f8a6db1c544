"""`Chấm điểm`: the year so far by unit and what it would come to in points; a help for who scores, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.publish.outputs import SCORING
from pipeline.publish.report import Report
from pipeline.publish.sentences.standings import periods_counted
from pipeline.publish.workbook.heading import period_line
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Page
from pipeline.values.standings import Score, Standing
from pipeline.values.states import CRITERIA, Criterion
from pipeline.words.numbers import number_text, percent_text

_HELP = "Bảng giúp người chấm điểm tra cứu, không phải kết quả đánh giá, xếp loại đơn vị"


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit with how it stands and its points."""

    unit_id: str
    name: str
    standing: Standing
    score: Score


def scoring_page(report: Report) -> Page:
    """One row a unit, in the order of the register: nobody is ranked."""
    tally = report.tally
    lines = [_Line(name, report.name(name), tally.standings[name], score) for name, score in tally.scores.items()]
    elsewhere = report.elsewhere(SCORING, len(lines))
    block = Block(_columns(report), () if elsewhere else lines, instead=elsewhere, numbered=True, has_filter=True)
    return Page("scoring", (block,), (period_line(report), _HELP), remarks=tuple(_remarks(report)), frozen_columns=2)


def _columns(report: Report) -> tuple[Column[_Line], ...]:
    points = [_points(report, name) for name in _criteria(report)]
    total = "+".join(f"N({{{column.key}}})" for column in points) or "0"
    return (
        Column("unit_id", "Mã đơn vị", 17.5, "line id", is_printed=False),
        Column("name", "Đơn vị", 30),
        Column("done", "Nhiệm vụ đã hoàn thành", 10, "line center", of=_tasks),
        Column("online", "Số hình thức trực tuyến", 9, "line counted", of=lambda line: len(line.standing.online)),
        Column(
            "traditional",
            "Số hình thức truyền thống",
            10,
            "line counted",
            of=lambda line: len(line.standing.traditional),
        ),
        Column("on-time", "Số kỳ nộp đúng hạn", 9, "line center", of=_on_time),
        Column("proofs", "Số minh chứng", 9, "line counted", of=lambda line: line.standing.proofs),
        *points,
        Column("points", "Cộng điểm", 9, "line number2 bold", of=lambda line: Formula(total, line.score.total)),
        Column("whole", "Điểm tối đa áp dụng", 9, "line number2", of=lambda line: line.score.whole),
    )


def _points(report: Report, name: Criterion) -> Column[_Line]:
    return Column(
        f"points-{name}",
        f"Điểm: {report.label('criterion', name)}",
        10,
        "line number2",
        of=lambda line: line.score.points.get(name, "–"),
    )


def _criteria(report: Report) -> Sequence[Criterion]:
    return [name for name in CRITERIA if report.project.plan.scoring.weights.get(name)]


def _tasks(line: _Line) -> Cell:
    return f"{line.standing.done}/{line.standing.due}" if line.standing.due else "–"


def _on_time(line: _Line) -> Cell:
    filed = line.standing.filed
    return f"{len(line.standing.periods('on-time'))}/{len(filed)}" if filed else "–"


def _remarks(report: Report) -> list[str]:
    """How every number comes about."""
    scoring = report.project.plan.scoring
    each = (f"{report.label('criterion', name)} {number_text(scoring.weights[name])}" for name in _criteria(report))
    weights = "; ".join(each)
    least = percent_text(scoring.least_share, 1)
    return [
        f"Tính từ đầu năm, các kỳ đã thu: {periods_counted(report)}. Điểm tối đa theo kế hoạch: {weights}.",
        "Nhiệm vụ: số nhiệm vụ chủ trì đã hoàn thành trên số đến nay phải hoàn thành (nhiệm vụ còn hạn, không phát sinh"
        f" không tính); đạt từ {least} trở lên thì điểm theo tỷ lệ, dưới mức đó không có điểm.",
        "Hình thức: kê ở Biểu 3 hoặc có số ở chỉ tiêu tương ứng của Biểu 2; có ít nhất một hình thức thì đủ điểm. "
        f"Minh chứng: đường dẫn, số văn bản khác nhau; từ {scoring.enough_proofs} trở lên thì đủ điểm.",
        "Dấu “–”: tiêu chí không áp dụng cho đơn vị, không tính vào điểm tối đa.",
    ]
