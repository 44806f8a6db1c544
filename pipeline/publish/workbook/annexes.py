"""The official annexes PL1 to PL6: tasks, matrix, figures, figures by unit, forms, requests."""

from collections.abc import Iterable
from math import isnan
from typing import Any

import pandas as pd

from pipeline.declare.plan import JUDGED
from pipeline.publish.excel import Value
from pipeline.publish.report import Report
from pipeline.publish.workbook.pages import Block, Cell, Column, Formula, Link, Page, Placed, Styled
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as, tuples
from pipeline.values.lines import FormLine
from pipeline.words.documents import dated, numbered

_ROMAN = ("I", "II", "III", "IV", "V", "VI")
_TASKS_TITLE = "KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH"
_MATRIX_TITLE = "MA TRẬN ĐƠN VỊ VÀ NHIỆM VỤ"
_FIGURES_TITLE = "TỔNG HỢP SỐ LIỆU TUYÊN TRUYỀN"
_BY_UNIT_TITLE = "SỐ LIỆU CỦA TỪNG ĐƠN VỊ TRONG KỲ"
_UPRIGHT_POINTS = 185.0  # three lines of upright label in the narrowest column
_MOST_LINKS = 65_000  # Excel takes 65 530 on a sheet
_FORMS_TITLE = "HOẠT ĐỘNG THEO HÌNH THỨC VÀ LĨNH VỰC"


def tasks_page(report: Report, matrix: Placed) -> Page:
    """PL1: the tasks with their states counted from PL2, the rate with numerator and denominator, the names behind it."""
    plan, labels = report.project.plan, report.project.labels["state"]
    states = [state for state in labels if state != "not-lead"]
    columns = (
        Column("task_id", "Mã", 7, "cell center"),
        Column("title", "Nhiệm vụ", 40),
        Column("product", "Sản phẩm", 16),
        Column("due_text", "Thời hạn", 12, "cell center"),
        *(Column(state, labels[state], 7.5, "cell number") for state in states),
        Column("leads", "Đơn vị chủ trì", 7.5, "cell number"),
        Column("judged", "Phải đánh giá", 7.5, "cell number"),
        Column("judged_done", "Trong đó hoàn thành", 7.5, "cell number"),
        Column("rate", "Tỷ lệ", 8, "cell percent"),
        Column("open_names", "Đơn vị chưa hoàn thành trong số phải đánh giá", 38),
    )
    top = _annex(report, 0, "PL1 Nhiệm vụ", _TASKS_TITLE, Block(columns, [()] * len(plan.tasks), numbered=True)).placed[
        0
    ]
    rows: list[list[Cell]] = []
    for number, task in enumerate(plan.tasks, start=top.first_row + 1):
        cells = matrix.range(task.id)
        led = report.states_by_task.get(task.id, {})
        leads = sum(map(len, led.values()))
        judged = [line for mine in report.judgements.values() if (line := mine[task.id]).obligation in JUDGED]
        done = sum(line.state == "done" for line in judged)
        rows.append(
            [
                task.id,
                task.title,
                task.product,
                task.due_text,
                *(Formula(f'=COUNTIF({cells},"{labels[state]}")', len(led.get(state, ()))) for state in states),
                Formula(f'=COUNTA({cells})-COUNTIF({cells},"{labels["not-lead"]}")', leads),
                Formula(f"={top.column('leads')}{number}", len(judged)) if judged else 0,
                Formula(f"={top.column('done')}{number}", done) if judged else 0,
                _rate_cell(top, number, done, len(judged)),
                _open_names(report, judged) if judged else "Không đánh giá trong kỳ này",
            ]
        )
    last = top.first_row + len(rows)
    summed = [*states, "leads", "judged", "judged_done"]
    totals: list[Cell] = [
        _sum(top, key, sum(_value(row[columns_index(columns, key)]) for row in rows)) for key in summed
    ]
    total: list[Cell] = [
        None,
        "Tổng cộng",
        None,
        None,
        *totals,
        _rate_cell(top, last + 1, int(_value(totals[-1])), int(_value(totals[-2])), "cell total percent"),
        None,
    ]
    remark = "Tỷ lệ tính trên các nhiệm vụ thường xuyên và đến hạn trong kỳ; nhiệm vụ chưa đến hạn, theo dõi tiến độ hoặc theo dõi tiếp không nằm trong mẫu số."
    return _annex(
        report, 0, "PL1 Nhiệm vụ", _TASKS_TITLE, Block(columns, rows, total=total, numbered=True), remarks=(remark,)
    )


def _rate_cell(table: Placed, number: int, done: int, judged: int, style: str = "") -> Formula:
    """Done of judged, blank where nothing is judged; `number` is the Excel row."""
    part, whole = f"{table.column('judged_done')}{number}", f"{table.column('judged')}{number}"
    return Formula(f'=IF({whole}=0,"",{part}/{whole})', done / judged if judged else "", style)


def _sum(table: Placed, key: str, value: float) -> Formula:
    letter = table.column(key)
    return Formula(f"=SUM({letter}{table.first_row + 1}:{letter}{table.last_row + 1})", value)


def _value(cell: Cell) -> float:
    """The number that a cell shows."""
    shown_value = cell if not isinstance(cell, (Styled, Formula, Link)) else cell.value
    return float(shown_value) if isinstance(shown_value, (int, float)) else 0.0


def columns_index(columns: tuple[Column, ...], key: str) -> int:
    """The place of a column by its key."""
    return [column.key for column in columns].index(key)


def _open_names(report: Report, judged: Iterable[Any]) -> str:
    """The units that are not done, by state and name."""
    groups: dict[str, list[str]] = {}
    for line in judged:
        if line.state != "done":
            groups.setdefault(line.label, []).append(line.unit_id)
    return (
        "\n".join(
            f"{label} ({len(units)}): {report.names(units, 'sheet PL2 Ma trận')}" for label, units in groups.items()
        )
        or "Không có"
    )


def matrix_page(report: Report) -> Page:
    """PL2: one row a unit, one column a task; each cell says the state in words."""
    plan, labels = report.project.plan, report.project.labels["state"]
    tasks = [task.id for task in plan.tasks]
    columns = (
        Column("unit_id", "Mã đơn vị", 17.5, "cell id"),
        Column("unit", "Đơn vị", 32),
        *(Column(task.id, f"{task.id}\n{task.short}", 16) for task in plan.tasks),
        Column("judged", "Phải đánh giá", 7.5, "cell number"),
        Column("judged_done", "Hoàn thành", 7.5, "cell number"),
        Column("rate", "Tỷ lệ", 8, "cell percent"),
    )
    top = _annex(report, 1, "PL2 Ma trận", _MATRIX_TITLE, Block(columns, [()] * len(report.units))).placed[0]
    runs = _runs([plan.task[task].obligation[report.period.code] in JUDGED for task in tasks])
    rows: list[list[Cell]] = []
    for number, unit in enumerate(report.units, start=top.first_row + 1):
        mine = report.judgements[unit.unit_id]
        judged = [line.state for line in mine.values() if line.obligation in JUDGED]
        cells: list[Cell] = [Styled(mine[task].label, f"cell small state-{mine[task].state}") for task in tasks]
        areas = [f"{top.column(tasks[first])}{number}:{top.column(tasks[last])}{number}" for first, last in runs]
        owed = "+".join(f'COUNTA({area})-COUNTIF({area},"{labels["not-lead"]}")' for area in areas) or "0"
        made = "+".join(f'COUNTIF({area},"{labels["done"]}")' for area in areas) or "0"
        done = judged.count("done")
        rows.append(
            [
                unit.unit_id,
                unit.name,
                *cells,
                Formula(f"={owed}", len(judged)),
                Formula(f"={made}", done),
                _rate_cell(top, number, done, len(judged)),
            ]
        )
    return _annex(report, 1, "PL2 Ma trận", _MATRIX_TITLE, Block(columns, rows, has_filter=True), frozen=2)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """First and last place of each stretch of true flags."""
    places = [place for place, flag in enumerate(flags) if flag]
    starts = [place for place in places if place - 1 not in places]
    return [(start, next(place for place in range(start, len(flags)) if place + 1 not in places)) for start in starts]


def figures_page(report: Report, by_unit: Placed) -> Page:
    """PL3: one row an indicator, added up from PL4, with how many of the units that owe it stand behind each total."""
    plan = report.project.plan
    parts = [code for code in report.period.cumulative if code != report.period.code]
    sums = [*tuples(report.totals, "indicator_id", "this_period"), *tuples(report.totals, "indicator_id", "cumulative")]
    amounts = _figure_width(report, sums, 11)
    columns = (
        Column("indicator_id", "Mã", 8, "cell center"),
        Column("title", "Chỉ tiêu", 38),
        Column("measure", "Đơn vị tính", 12, "cell center"),
        Column("Kỳ này", "Kỳ này", amounts, "cell number"),
        *(Column(f"of_{code}", plan.period(code).name, amounts, "cell number") for code in parts),
        Column("Luỹ kế", "Luỹ kế", amounts, "cell number"),
        Column("Số đơn vị báo cáo", "Số đơn vị báo cáo", 9.5, "cell number"),
        Column("Số đơn vị phải báo cáo", "Số đơn vị phải báo cáo", 9.5, "cell number"),
        Column("coverage", "Tỷ lệ đơn vị", 12.5, "cell center"),
        Column("ticket", "Mã tra cứu", 11, "cell center"),
        Column("note", "Ghi chú luỹ kế", 26, "cell small"),
        Column("gaps", "Đơn vị chưa có số", 38, "cell small"),
    )
    top = _annex(report, 2, "PL3 Số liệu", _FIGURES_TITLE, Block(columns, [()] * len(plan.indicators))).placed[0]
    rows: list[list[Cell]] = []
    for number, line in enumerate(report.totals.to_dict("records"), start=top.first_row + 1):
        item = plan.indicator[line["indicator_id"]]
        style = figure_style(report, item.id)
        cells = by_unit.range(item.id)
        extra = _unexpected(report, item.id)
        reporting, expected = (
            f"{top.column('Số đơn vị báo cáo')}{number}",
            f"{top.column('Số đơn vị phải báo cáo')}{number}",
        )
        terms = [f"{top.column(f'of_{code}')}{number}" for code in parts] + [f"{top.column('Kỳ này')}{number}"]
        cumulative: Cell = (
            Styled(None, style)
            if isnan(line["cumulative"])
            else Formula(f"={'+'.join(terms)}", line["cumulative"], style)
        )
        rows.append(
            [
                item.id,
                item.title,
                item.measure,
                _added(cells, line["this_period"], style),
                *(_figure(line[f"of_{code}"], style) if f"of_{code}" in line else None for code in parts),
                cumulative,
                Formula(f"=COUNT({cells})" + (f"-{extra}" if extra else ""), line["units_reporting"]),
                line["units_expected"],
                Formula(
                    f'={reporting}&"/"&{expected}&" đơn vị"',
                    f"{line['units_reporting']}/{line['units_expected']} đơn vị",
                ),
                ticket(report, item.id),
                line["cumulative_note"],
                _gaps(report, item.id),
            ]
        )
    names = " + ".join(plan.period(code).name for code in report.period.cumulative)
    remarks = (
        f"Luỹ kế = {names}. Chỉ tiêu ghi số tại một thời điểm (đầu kỳ hoặc cuối kỳ) không cộng dồn.",
        "Ô để trống: chưa có đơn vị nào có số liệu. Đơn vị chưa báo cáo không được tính là 0.",
        f"Mã tra cứu: lọc {_where_figures(report)} để xem từng đơn vị, tệp, sheet, ô.",
    )
    return _annex(report, 2, "PL3 Số liệu", _FIGURES_TITLE, Block(columns, rows), remarks=remarks, frozen=2)


def _where_figures(report: Report) -> str:
    return (
        "cột indicator_id ở tệp du-lieu/figures.parquet"
        if report.elsewhere("figures", len(report.grid))
        else "cột cùng tên ở sheet Nguồn"
    )


def _added(cells: str, value: float, style: str) -> Formula:
    """A sum that stays blank while there is nothing to add."""
    return Formula(f'=IF(COUNT({cells})=0,"",SUM({cells}))', "" if isnan(value) else value, style)


def figure_style(report: Report, indicator_id: str) -> str:
    """The look of a cell with a figure of the indicator, all of its decimals shown."""
    return f"cell number{report.decimals[indicator_id] or ''}"


def _figure_width(report: Report, amounts: Iterable[tuple[str, float]], least: float) -> float:
    """Room for the longest number (by indicator) with its separators: a column too narrow for a number shows ### in its place."""
    shown_amounts = [
        f"{amount:,.{max(1, report.decimals[indicator_id])}f}" for indicator_id, amount in amounts if not isnan(amount)
    ]
    return max([least, *(len(text) * 1.05 + 1 for text in shown_amounts)])


def _unexpected(report: Report, indicator_id: str) -> int:
    """Units that gave the figure though they do not owe it: in the sum, but not among those counted as reporting."""
    return int(report.unexpected.get(indicator_id, 0))


def ticket(report: Report, indicator_id: str) -> str:
    """The short name under which a figure can be traced, such as Q3-CT05."""
    return f"{report.period.code.upper()}-{indicator_id}"


def _gaps(report: Report, indicator_id: str) -> str:
    gaps = report.gaps.get(indicator_id, {})
    named = [f"{report.nothing_words(kind)}: {_who(report, kind, units)}" for kind, units in gaps.items()]
    return "\n".join(named) or "Không có"


def _who(report: Report, kind: str, units: list[str]) -> str:
    """By name; units that have not filed at all are the same on every line, so the first sheet names them once."""
    return (
        f"{len(units)} đơn vị, xem sheet Tổng hợp"
        if kind == "not-reported" and len(units) > 3
        else report.names(units, "sheet PL4 Theo đơn vị")
    )


def _figure(value: float, style: str) -> Styled:
    return Styled(None if isnan(value) else value, style)


def by_unit_page(report: Report, sources: Placed) -> Page:
    """PL4: every unit's figure for every indicator; a gap says in words why it is one, the unit's id leads to the source."""
    items = report.project.plan.indicators
    sums = dict(zip(report.totals["indicator_id"], report.totals["this_period"], strict=True))
    widths = {item.id: _figure_width(report, [(item.id, sums[item.id])], 7.5) for item in items}
    columns = (
        Column("unit_id", "Mã đơn vị", 17.5, "cell id"),
        Column("unit", "Đơn vị", 32),
        *(
            Column(
                item.id, f"{item.id}. {item.title} ({item.measure})", widths[item.id], "cell number", "header upright"
            )
            for item in items
        ),
    )
    top = _annex(report, 3, "PL4 Theo đơn vị", _BY_UNIT_TITLE, Block(columns, [()] * len(report.units))).placed[0]
    places = {item.id: place for place, item in enumerate(items)}
    cells: dict[str, list[Cell]] = {unit.unit_id: [Styled("", "cell grey")] * len(items) for unit in report.units}
    for unit_id, indicator_id, value, kind in tuples(
        report.grid, "unit_id", "indicator_id", "value", "kind_of_nothing"
    ):
        if unit_id in cells:
            gap = Styled(
                report.nothing_words(kind) if kind else None,
                "cell small center state-missing" if kind == "not-reported" else "cell small center",
            )
            cells[unit_id][places[indicator_id]] = (
                gap if isnan(value) else Styled(value, figure_style(report, indicator_id))
            )
    lines_of = _lines_of_units(report, sources)
    rows: list[list[Cell]] = [
        [
            Link(unit.unit_id, sources.sheet, f"A{lines_of[unit.unit_id]}", "cell id link")
            if unit.unit_id in lines_of
            else unit.unit_id,
            unit.name,
            *cells[unit.unit_id],
        ]
        for unit in report.units
    ]
    added: list[Cell] = [
        _added(_column_range(top, item.id), sums[item.id], f"{figure_style(report, item.id)} total") for item in items
    ]
    remarks = (
        "Ô nền xám: chỉ tiêu không thuộc phần đơn vị báo cáo. Số 0: đơn vị ghi 0 hoặc ghi “-” (không phát sinh).",
    )
    block = Block(columns, rows, total=[None, "Tổng cộng", *added], header_points=_UPRIGHT_POINTS)
    return _annex(report, 3, "PL4 Theo đơn vị", _BY_UNIT_TITLE, block, remarks=remarks, frozen=2, is_wide=True)


def _lines_of_units(report: Report, sources: Placed) -> dict[str, int]:
    """The Excel row of the last file in force of each unit, where the files are listed and links enough for all."""
    if sources.block.instead or len(report.units) > _MOST_LINKS:
        return {}
    files = zip(report.submissions["unit_id"], report.submissions["state"], strict=True)
    return {
        unit_id: number
        for number, (unit_id, state) in enumerate(files, start=sources.first_row + 1)
        if state == "in-force"
    }


def _column_range(table: Placed, key: str) -> str:
    letter = table.column(key)
    return f"{letter}{table.first_row + 1}:{letter}{table.last_row + 1}"


def forms_page(report: Report, activities: Placed) -> Page:
    """PL5: activities by kind of propaganda and by content area, counted from `Hoạt động`; reposts listed apart, never added.

    Where the rows are too many for that sheet, there is nothing to count on it, and the numbers stand as values.
    """
    columns = (
        Column("form", "Hình thức", 44),
        Column("rows", "Số hoạt động", 12, "cell number"),
        Column("quantity", "Số lượng", 12, "cell number"),
        Column("participants", "Lượt người dự", 14, "cell number"),
        Column("units", "Số đơn vị", 11, "cell number"),
        Column("reposts", "Tin đăng lại (không cộng)", 14, "cell number"),
    )
    area_columns = (Column("content_area", "Lĩnh vực nội dung", 44), Column("rows", "Số hoạt động", 12, "cell number"))
    form, repost, area = activities.range("form"), activities.range("repost_of"), activities.range("content_area")
    own = f'{repost},"="'
    labels = [choice.label for choice in report.project.form.choices["content_area"]]
    blank = (
        Block(columns, [()] * len(report.forms), total=("",), numbered=True),
        Block(area_columns, [()] * (len(labels) + 1), "Theo lĩnh vực nội dung", ("",)),
    )
    top, areas = _annex(report, 4, "PL5 Hình thức", _FORMS_TITLE, *blank, landscape=False).placed

    def counted(formula: str, value: Value) -> Cell:
        return value if activities.block.instead else Formula(formula, value)

    rows: list[list[Cell]] = []
    for number, line in enumerate(rows_as(FormLine, report.forms), start=top.first_row + 1):
        name = f"{form},$A{number}"
        rows.append(
            [
                line.form,
                counted(f"=COUNTIFS({name},{own})", line.rows),
                counted(f"=SUMIFS({activities.range('quantity')},{name},{own})", line.quantity),
                counted(f"=SUMIFS({activities.range('participants')},{name},{own})", line.participants),
                line.units,
                counted(f'=COUNTIFS({name},{repost},"<>")', line.reposts),
            ]
        )
    sums: list[Cell] = [_sum(top, key, int(report.forms[key].sum())) for key in ("rows", "quantity", "participants")]
    total: list[Cell] = ["Tổng cộng", *sums, None, _sum(top, "reposts", int(report.forms["reposts"].sum()))]
    accepted = report.accepted["activities"]
    mine = accepted[accepted["repost_of"].isna()]
    counts = mine["content_area"].value_counts()
    area_rows: list[list[Cell]] = [
        [label, counted(f"=COUNTIFS({area},$A{number},{own})", int(counts.get(label, 0)))]
        for number, label in enumerate(labels, start=areas.first_row + 1)
    ]
    area_rows.append(["(không ghi lĩnh vực)", int(mine["content_area"].isna().sum())])
    blocks = (
        Block(columns, rows, total=total, numbered=True),
        Block(area_columns, area_rows, "Theo lĩnh vực nội dung", ["Tổng cộng", _sum(areas, "rows", len(mine))]),
    )
    remarks = (
        ("Các hoạt động không nằm trong sheet Hoạt động vì quá nhiều dòng; số ở đây là số đã tính.",)
        if activities.block.instead
        else ()
    )
    return _annex(report, 4, "PL5 Hình thức", _FORMS_TITLE, *blocks, remarks=remarks, landscape=False)


def requests_page(report: Report) -> Page:
    """PL6: the units' own words, grouped by kind."""
    columns = (
        Column("kind", "Loại", 20),
        Column("unit", "Đơn vị", 34),
        Column("content", "Nội dung", 90),
        Column("addressed_to", "Gửi cơ quan", 28),
    )
    requests = report.accepted["requests"]
    instead = report.elsewhere("requests", len(requests))
    kinds = {choice.label: place for place, choice in enumerate(report.project.form.choices["request_kind"])}
    order = requests.assign(_kind=requests["kind"].map(kinds), _unit=requests["unit_id"].map(report.place_of))
    order = order.sort_values(["_kind", "_unit", "row"], kind="stable")
    rows: list[list[Cell]] = [
        [kind, report.name(unit), content, shown(to)]
        for kind, unit, content, to in tuples(order, "kind", "unit_id", "content", "addressed_to")
        if not instead
    ]
    return _annex(
        report,
        5,
        "PL6 Kiến nghị",
        "TỒN TẠI, NGUYÊN NHÂN, GIẢI PHÁP, KIẾN NGHỊ CỦA CÁC ĐƠN VỊ",
        Block(columns, rows or [["Không có", None, None, None]], numbered=True, instead=instead),
    )


def attached_to(report: Report) -> str:
    """The line under an annex's title; blanks of the plan stay “…” until they are filled in."""
    plan = report.project.plan
    return f"(Kèm theo Báo cáo số {numbered(plan.report_number, 'BC-UBND')} {dated(plan.report_date, plan.year)} của {plan.issuer})"


def period_line(report: Report) -> str:
    """The period and its data window in words."""
    return f"{report.project.plan.full_name(report.period)} – số liệu {report.period.window}"


def _annex(
    report: Report,
    number: int,
    name: str,
    title: str,
    *blocks: Block,
    remarks: tuple[str, ...] = (),
    frozen: int = 0,
    landscape: bool = True,
    is_wide: bool = False,
) -> Page:
    return Page(
        name=name,
        title=title,
        blocks=blocks,
        subtitles=(attached_to(report), period_line(report)),
        annex=f"Phụ lục {_ROMAN[number]}",
        remarks=remarks,
        landscape=landscape,
        mark=report.sample_mark,
        frozen_columns=frozen,
        is_wide=is_wide,
    )


def date_value(value: Any) -> Value:
    """A date cell, or nothing."""
    return None if value is None or pd.isna(value) else value.date()
