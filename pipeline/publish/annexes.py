"""The official annexes PL1 to PL6: tasks, matrix, figures, figures by unit, forms, requests."""

from math import isnan
from typing import Any

import pandas as pd

from pipeline.declare.records import shown
from pipeline.publish.excel import Value
from pipeline.publish.pages import Block, Cell, Column, Page, Styled
from pipeline.publish.report import Report

_ROMAN = ("I", "II", "III", "IV", "V", "VI")


def tasks_page(report: Report) -> Page:
    """PL1: the nine tasks with their states counted, the rate with numerator and denominator, and the names behind it."""
    plan, labels = report.project.plan, report.project.labels["state"]
    states = [state for state in labels if state != "not-lead"]
    columns = (
        Column("task_id", "Mã", 7, "cell center"),
        Column("title", "Nhiệm vụ", 44),
        Column("product", "Sản phẩm", 18),
        Column("due_text", "Thời hạn", 13, "cell center"),
        *(Column(state, labels[state], 9.5, "cell number") for state in states),
        Column("leads", "Đơn vị chủ trì", 9.5, "cell number"),
        Column("done", "Hoàn thành / phải đánh giá", 12, "cell center"),
        Column("rate", "Tỷ lệ", 8, "cell percent"),
        Column("open_names", "Đơn vị chưa hoàn thành trong số phải đánh giá", 60),
    )
    rows: list[list[Cell]] = []
    for task in plan.tasks:
        led = report.completeness[(report.completeness["task_id"] == task.id) & (report.completeness["obligation"] != "not-lead")]
        counts = led["state"].value_counts()
        rows.append([task.id, task.title, task.product, task.due_text, *(int(counts.get(state, 0)) for state in states), len(led), *_rate(report, led)])
    led = report.completeness[report.completeness["obligation"] != "not-lead"]
    counts = led["state"].value_counts()
    total: list[Cell] = [None, "Tổng cộng", None, None, *(int(counts.get(state, 0)) for state in states), len(led), *_rate(report, led)[:2], None]
    remark = "Tỷ lệ tính trên các nhiệm vụ thường xuyên và đến hạn trong kỳ; nhiệm vụ chưa đến hạn, theo dõi tiến độ hoặc theo dõi tiếp không nằm trong mẫu số."
    return _annex(
        report,
        0,
        "PL1 Nhiệm vụ",
        "KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH",
        Block(columns, rows, total=total, numbered=True),
        remarks=(remark,),
    )


def _rate(report: Report, led: pd.DataFrame) -> list[Cell]:
    """“17/20”, the rate, and the names of those not done."""
    judged = led[led.index.isin(report.judged.index)]
    if judged.empty:
        return ["–", None, "Không đánh giá trong kỳ này"]
    done = judged["state"] == "done"
    groups = judged[~done].groupby("label", sort=False)["unit_id"]
    named = [f"{label} ({len(units)}): {report.names(list(units))}" for label, units in groups]
    return [f"{int(done.sum())}/{len(judged)}", float(done.mean()), "\n".join(named) or "Không có"]


def matrix_page(report: Report) -> Page:
    """PL2: one row a unit, one column a task; each cell says the state in words."""
    tasks = [task.id for task in report.project.plan.tasks]
    columns = (
        Column("unit_id", "Mã đơn vị", 20),
        Column("unit", "Đơn vị", 34),
        *(Column(task, task, 14) for task in tasks),
        Column("done", "Hoàn thành / phải đánh giá", 12, "cell center"),
        Column("rate", "Tỷ lệ", 8, "cell percent"),
    )
    by_unit = {str(unit_id): group for unit_id, group in report.completeness.groupby("unit_id", sort=False)}
    rows: list[list[Cell]] = []
    for unit in report.units:
        group = by_unit[unit.unit_id].set_index("task_id")
        cells: list[Cell] = [Styled(group.at[task, "label"], f"cell small state-{group.at[task, 'state']}") for task in tasks]
        rows.append([unit.unit_id, unit.name, *cells, *_rate(report, by_unit[unit.unit_id])[:2]])
    return _annex(report, 1, "PL2 Ma trận", "MA TRẬN ĐƠN VỊ VÀ NHIỆM VỤ", Block(columns, rows), frozen=2)


def figures_page(report: Report) -> Page:
    """PL3: one row an indicator, with how many of the units that owe it stand behind each total."""
    columns = (
        Column("indicator_id", "Mã", 8, "cell center"),
        Column("title", "Chỉ tiêu", 50),
        Column("measure", "Đơn vị tính", 13, "cell center"),
        Column("Kỳ này", "Kỳ này", 16, "cell number"),
        Column("Luỹ kế", "Luỹ kế", 16, "cell number"),
        Column("Số đơn vị báo cáo", "Số đơn vị báo cáo", 11, "cell number"),
        Column("Số đơn vị phải báo cáo", "Số đơn vị phải báo cáo", 11, "cell number"),
        Column("coverage", "Tỷ lệ đơn vị", 12, "cell center"),
        Column("note", "Ghi chú luỹ kế", 44, "cell small"),
        Column("gaps", "Đơn vị chưa có số", 50, "cell small"),
    )
    rows: list[list[Cell]] = []
    for line in report.totals.itertuples():
        item = report.project.plan.indicator[line.indicator_id]
        style = f"cell number{1 if item.decimals else ''}"
        coverage = f"{line.units_reporting}/{line.units_expected} đơn vị"
        rows.append(
            [
                item.id,
                item.title,
                item.measure,
                _figure(line.this_period, style),
                _figure(line.cumulative, style),
                line.units_reporting,
                line.units_expected,
                coverage,
                line.cumulative_note,
                _gaps(report, item.id),
            ]
        )
    names = " + ".join(report.project.plan.period(code).name for code in report.period.cumulative)
    remarks = (
        f"Luỹ kế = {names}. Chỉ tiêu ghi số cuối kỳ không cộng dồn.",
        "Ô để trống: chưa có đơn vị nào có số liệu. Đơn vị chưa báo cáo không được tính là 0.",
    )
    return _annex(report, 2, "PL3 Số liệu", "TỔNG HỢP SỐ LIỆU TUYÊN TRUYỀN", Block(columns, rows), remarks=remarks, frozen=2)


def _gaps(report: Report, indicator_id: str) -> str:
    lines = report.grid[(report.grid["indicator_id"] == indicator_id) & report.grid["is_expected"] & report.grid["value"].isna()]
    groups = lines.groupby("kind_of_nothing", sort=False)["unit_id"]
    named = [f"{_nothing_words(report, kind)}: {_who(report, kind, list(units))}" for kind, units in groups]
    return "\n".join(named) or "Không có"


def _who(report: Report, kind: str, units: list[str]) -> str:
    """By name; units that have not filed at all are the same on every line, so the first sheet names them once."""
    return f"{len(units)} đơn vị, xem sheet Tổng hợp" if kind == "not-reported" and len(units) > 3 else report.names(units)


def _nothing_words(report: Report, kind: str) -> str:
    if kind in report.project.form.nothing:
        return report.project.form.nothing[kind].meaning
    return report.label("nothing", kind)


def _figure(value: float, style: str) -> Styled:
    return Styled(None if isnan(value) else value, style)


def by_unit_page(report: Report) -> Page:
    """PL4: every unit's figure for every indicator; a gap says in words why it is one."""
    items = report.project.plan.indicators
    columns = (
        Column("unit_id", "Mã đơn vị", 20),
        Column("unit", "Đơn vị", 34),
        *(Column(item.id, f"{item.id}\n{item.title}\n({item.measure})", 13, "cell number") for item in items),
    )
    places = {item.id: place for place, item in enumerate(items)}
    cells = {unit.unit_id: [Styled("", "cell grey")] * len(items) for unit in report.units}
    for unit_id, indicator_id, value, kind in report.grid[["unit_id", "indicator_id", "value", "kind_of_nothing"]].itertuples(index=False):
        if unit_id in cells:
            item = report.project.plan.indicator[indicator_id]
            gap = Styled(_nothing_words(report, kind) if kind else None, "cell small center state-missing" if kind == "not-reported" else "cell small center")
            cells[unit_id][places[indicator_id]] = Styled(value, f"cell number{1 if item.decimals else ''}") if not isnan(value) else gap
    rows: list[list[Cell]] = [[unit.unit_id, unit.name, *cells[unit.unit_id]] for unit in report.units]
    sums = dict(zip(report.totals["indicator_id"], report.totals["this_period"], strict=True))
    total: list[Cell] = [None, "Tổng cộng", *(_figure(sums[item.id], f"cell total number{1 if item.decimals else ''}") for item in items)]
    remarks = ("Ô nền xám: chỉ tiêu không thuộc phần đơn vị báo cáo. Số 0: đơn vị ghi 0 hoặc ghi “-” (không phát sinh).",)
    return _annex(report, 3, "PL4 Theo đơn vị", "SỐ LIỆU CỦA TỪNG ĐƠN VỊ TRONG KỲ", Block(columns, rows, total=total), remarks=remarks, frozen=2, is_wide=True)


def forms_page(report: Report) -> Page:
    """PL5: activities by kind of propaganda, and by content area; reposts are listed apart and never added."""
    columns = (
        Column("form", "Hình thức", 44),
        Column("rows", "Số hoạt động", 12, "cell number"),
        Column("quantity", "Số lượng", 12, "cell number"),
        Column("participants", "Lượt người dự", 14, "cell number"),
        Column("units", "Số đơn vị", 11, "cell number"),
        Column("reposts", "Tin đăng lại (không cộng)", 14, "cell number"),
    )
    rows: list[list[Cell]] = [list(line) for line in report.forms[[column.key for column in columns]].itertuples(index=False)]
    total: list[Cell] = ["Tổng cộng", *(int(report.forms[key].sum()) for key in ("rows", "quantity", "participants")), None, int(report.forms["reposts"].sum())]
    activities = report.accepted["activities"]
    own = activities[activities["repost_of"].isna()]
    areas = own["content_area"].value_counts()
    area_columns = (Column("content_area", "Lĩnh vực nội dung", 44), Column("rows", "Số hoạt động", 12, "cell number"))
    labels = [choice.label for choice in report.project.form.choices["content_area"]]
    area_rows: list[list[Cell]] = [[label, int(areas.get(label, 0))] for label in labels]
    area_rows.append(["(không ghi lĩnh vực)", int(own["content_area"].isna().sum())])
    blocks = (Block(columns, rows, total=total), Block(area_columns, area_rows, "Theo lĩnh vực nội dung", ["Tổng cộng", len(own)]))
    return _annex(report, 4, "PL5 Hình thức", "HOẠT ĐỘNG THEO HÌNH THỨC VÀ LĨNH VỰC", *blocks, landscape=False)


def requests_page(report: Report) -> Page:
    """PL6: the units' own words, grouped by kind."""
    columns = (Column("kind", "Loại", 20), Column("unit", "Đơn vị", 34), Column("content", "Nội dung", 90), Column("addressed_to", "Gửi cơ quan", 28))
    requests = report.accepted["requests"]
    kinds = {choice.label: place for place, choice in enumerate(report.project.form.choices["request_kind"])}
    places = {unit.unit_id: place for place, unit in enumerate(report.project.register.units)}
    order = requests.assign(_kind=requests["kind"].map(kinds), _unit=requests["unit_id"].map(places)).sort_values(["_kind", "_unit", "row"], kind="stable")
    rows: list[list[Cell]] = [
        [kind, report.name(unit), content, shown(to)]
        for kind, unit, content, to in order[["kind", "unit_id", "content", "addressed_to"]].itertuples(index=False)
    ]
    return _annex(
        report, 5, "PL6 Kiến nghị", "TỒN TẠI, NGUYÊN NHÂN, GIẢI PHÁP, KIẾN NGHỊ CỦA CÁC ĐƠN VỊ", Block(columns, rows or [["Không có", None, None, None]])
    )


def attached_to(report: Report) -> str:
    """The line under an annex's title; blanks of the plan stay “…” until they are filled in."""
    plan = report.project.plan
    day = plan.report_date or "ngày … tháng … năm " + str(plan.year)
    return f"(Kèm theo Báo cáo số {plan.report_number or '…'}/BC-UBND {day} của {plan.issuer})"


def period_line(report: Report) -> str:
    """The period and its data window in words."""
    return (
        f"{report.period.name} năm {report.project.plan.year} – số liệu {report.period.window}"
        if str(report.project.plan.year) not in report.period.name
        else f"{report.period.name} – số liệu {report.period.window}"
    )


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
        has_filter=len(blocks) == 1 and not blocks[0].total and not blocks[0].numbered,
    )


def date_value(value: Any) -> Value:
    """A date cell, or nothing."""
    return None if value is None or pd.isna(value) else value.date()
