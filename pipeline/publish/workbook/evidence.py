"""The sheets that let a reader check: who filed, what was done, problems, changes, reconciliation, sources."""

from collections.abc import Iterable, Sequence
from math import fsum
from typing import Any, TypeVar

import pandas as pd

from pipeline.publish.report import Report
from pipeline.publish.workbook.annexes import date_value, figure_style, period_line, ticket
from pipeline.publish.workbook.pages import Block, Cell, Column, Page, Styled
from pipeline.values.cells import shown
from pipeline.values.frames import rows_as
from pipeline.values.lines import BalanceLine, ChangeLine, FigureLine, FileLine, ProblemLine, TotalLine, UnitLine
from pipeline.words.days import day_text

_WIDEST = 34  # of the columns of a unit's form, where many stand side by side
_DIGITS = 6  # below that, two ways of adding binary fractions may differ
L = TypeVar("L", bound=tuple[Any, ...])


def filing_page(report: Report) -> Page:
    """`Nộp báo cáo`: one line a unit, then one line a file."""
    unit_columns = (
        Column("unit_id", "Mã đơn vị", 24, "cell id"),
        Column("name", "Đơn vị", 34),
        Column("filing", "Tình trạng", 14, "cell center"),
        Column("received_at", "Nhận lúc", 19, "cell center"),
        Column("revision", "Lần gửi", 9, "cell center"),
        Column("verdict", "Kết quả kiểm tra", 22),
        Column("blocked", "Chỗ chưa nhận", 10, "cell number"),
        Column("questions", "Chỗ cần hỏi", 10, "cell number"),
        Column("file", "Tệp được dùng", 58, "cell small"),
    )
    file_columns = (
        Column("file", "Tệp", 24, "cell small"),
        Column("unit", "Đơn vị", 34),
        Column("state", "Tình trạng", 14, "cell center"),
        Column("received_at", "Nhận lúc", 19, "cell center"),
        Column("revision", "Lần gửi", 9, "cell center"),
        Column("verdict", "Kết quả kiểm tra", 22),
        Column("on_time", "Đúng hạn", 10, "cell center"),
        Column("channel", "Kênh gửi", 10, "cell center"),
        Column("reason", "Ghi chú", 58),
    )
    colours = {"on-time": "state-done", "late": "state-open", "missing": "state-missing"}
    units: list[list[Cell]] = []
    for line in rows_as(UnitLine, report.filings):
        filing = Styled(report.label("received", line.filing), f"cell {colours[line.filing]}")
        verdict = "" if line.verdict == "missing" else report.label("verdict", line.verdict)
        note = f" ({line.returned_files} tệp trả lại)" if line.returned_files else ""
        note += f" ({report.label('unfiled', 'signed-only')})" if line.signed_only else ""
        units.append(
            [
                line.unit_id,
                line.name,
                filing,
                _time(line.received_at),
                line.revision,
                verdict + note,
                line.blocked,
                line.questions,
                line.file,
            ]
        )
    elsewhere = report.elsewhere("submissions", len(report.submissions))
    files: list[list[Cell]] = [
        [
            line.file,
            report.name(line.unit_id) if line.unit_id else "",
            report.label("submission", line.state),
            _time(line.received_at),
            line.revision,
            report.label("verdict", line.verdict),
            "Có" if line.on_time == "yes" else "Không",
            line.channel,
            line.reason,
        ]
        for line in _shown(FileLine, report.submissions, elsewhere)
    ]
    unbooked = int((report.submissions["is_booked"] == "no").sum())
    remark = (
        f"{unbooked} tệp không có trong sổ nhận nên tính theo thời gian ghi của tệp."
        if unbooked
        else "Mọi tệp đều có thời gian nhận trong sổ nhận."
    )
    blocks = (
        Block(unit_columns, units, "Theo đơn vị"),
        Block(file_columns, files, "Theo tệp nhận được", instead=elsewhere, starts_page=True),
    )
    return Page(
        "Nộp báo cáo",
        "TÌNH HÌNH NỘP BÁO CÁO",
        blocks,
        (period_line(report), f"Hạn gửi: hết ngày {day_text(report.period.last_day)}"),
        remarks=(remark,),
        mark=report.sample_mark,
    )


def _shown(kind: type[L], frame: pd.DataFrame, elsewhere: str) -> Iterable[L]:
    """The rows that the sheet shows: all, or none where it says that they stand elsewhere."""
    return () if elsewhere else rows_as(kind, frame)


def _time(text: str) -> str:
    """2025-09-15 14:20:00 as people write it."""
    return f"{text[8:10]}/{text[5:7]}/{text[:4]} {text[11:16]}" if text else ""


def activities_page(report: Report) -> Page:
    """`Hoạt động`: every accepted row of Biểu 3 with its place in the unit's file, units in the order of the register."""
    sheet = report.project.form["activities"]
    fields = [item for item in sheet.fields if item.own]
    styles = {"date": "cell date", "whole": "cell number", "number": "cell number"}
    columns = (
        Column("unit_id", "Mã đơn vị", 17.5, "cell id"),
        Column("unit", "Đơn vị", 26),
        *(Column(item.key, item.label, min(item.width, _WIDEST), styles.get(item.type, "cell")) for item in fields),
        Column("file", "Tệp", 26, "cell small"),
        Column("row", "Dòng", 7, "cell number"),
    )
    accepted = report.accepted["activities"]
    elsewhere = report.elsewhere("activities", len(accepted))
    frame = accepted.iloc[: 0 if elsewhere else None]
    frame = frame.assign(_unit=frame["unit_id"].map(report.place_of)).sort_values(
        ["_unit", "file", "row"], kind="stable"
    )
    values = [_values(frame[item.key], item.type) for item in fields]
    names = [report.name(unit_id) for unit_id in frame["unit_id"]]
    rows = [
        list(cells)
        for cells in zip(
            frame["unit_id"], names, *values, frame["file"], (int(row) for row in frame["row"]), strict=True
        )
    ]
    return _list(
        report,
        "Hoạt động",
        "DANH MỤC HOẠT ĐỘNG, SẢN PHẨM TUYÊN TRUYỀN",
        columns,
        rows,
        elsewhere,
        frozen=2,
        is_wide=True,
    )


def _values(column: "pd.Series[object]", kind: str) -> list[Cell]:
    if kind == "date":
        return [date_value(value) for value in column]
    if kind in ("whole", "number"):
        return [None if pd.isna(value) else value for value in column]
    return [shown(value) for value in column]


def problems_page(report: Report) -> Page:
    """`Kiểm tra`: every problem, most serious first."""
    columns = (
        Column("unit", "Đơn vị", 26),
        Column("severity", "Mức", 15, "cell center"),
        Column("title", "Vấn đề", 20),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 7, "cell center"),
        Column("message", "Nội dung, cách sửa, ví dụ", 74),
        Column("reply", report.project.form.reply_label, 26),
        Column("file", "Tệp", 26, "cell small"),
        Column("code", "Mã lỗi", 16, "cell id"),
    )
    catalogue = report.project.catalogue
    elsewhere = report.elsewhere("problems", len(report.problems))
    rows: list[list[Cell]] = [
        [
            report.name(line.unit_id) if line.unit_id else "(chưa rõ)",
            Styled(catalogue.severities[line.severity], f"cell center severity-{line.severity}"),
            catalogue.title(line.code),
            line.sheet,
            line.cell,
            line.message,
            line.reply,
            line.file,
            line.code,
        ]
        for line in _shown(ProblemLine, report.problems, elsewhere)
    ]
    return _list(report, "Kiểm tra", "CÁC ĐIỂM CẦN SỬA, CẦN HỎI LẠI", columns, rows, elsewhere)


def changes_page(report: Report) -> Page:
    """`Nhật ký xử lý`: every value that is used other than as written, and every comment."""
    columns = (
        Column("unit", "Đơn vị", 26),
        Column("sheet", "Sheet", 18),
        Column("cell", "Ô", 7, "cell center"),
        Column("field", "Cột", 18),
        Column("raw", "Đơn vị ghi", 36),
        Column("used", "Giá trị dùng", 36),
        Column("rule", "Quy tắc", 34),
        Column("file", "Tệp", 34, "cell small"),
    )
    rules = report.project.labels["rule"]
    elsewhere = report.elsewhere("changes", len(report.changes))
    labels = {item.key: item.label for sheet in report.project.form.sheets.values() for item in sheet.fields}
    rows: list[list[Cell]] = [
        [
            report.name(line.unit_id),
            line.sheet,
            line.cell,
            labels.get(line.field, line.field),
            line.raw,
            line.used,
            rules.get(line.rule, line.rule),
            line.file,
        ]
        for line in _shown(ChangeLine, report.changes, elsewhere)
    ]
    return _list(
        report,
        "Nhật ký xử lý",
        "NHẬT KÝ XỬ LÝ: GIÁ TRỊ ĐƯỢC DÙNG KHÁC VỚI CHỮ ĐƠN VỊ GHI, GHI CHÚ ĐƠN VỊ ĐỂ TRONG Ô",
        columns,
        rows,
        elsewhere,
    )


def reconciliation_page(report: Report) -> Page:
    """`Đối chiếu`: rows in against rows out, and every total against a second sum over the units' own figures."""
    rows_columns = (
        Column("sheet", "Nội dung", 50),
        Column("read", "Đã đọc", 18, "cell number"),
        Column("accepted", "Đã nhận", 18, "cell number"),
        Column("rejected", "Chưa nhận", 18, "cell number"),
        Column("difference", "Chênh lệch", 14, "cell number"),
        Column("rejected_words", "Ghi chú", 34),
    )
    rows: list[list[Cell]] = [
        [
            line.sheet,
            line.rows_read,
            line.rows_accepted,
            line.rows_rejected,
            line.rows_read - line.rows_accepted - line.rows_rejected,
            _rejected_words(line.rows_rejected, line.rows_set_aside) if line.rows_rejected else "",
        ]
        for line in rows_as(BalanceLine, report.balance)
    ]
    sums_columns = (
        Column("indicator_id", "Chỉ tiêu", 50),
        Column("total", "Tổng ở PL3", 18, "cell number"),
        Column("recomputed", "Cộng lại từ từng đơn vị", 18, "cell number"),
        Column("units", "Số đơn vị cộng", 18, "cell number"),
        Column("difference", "Chênh lệch", 14, "cell number"),
    )
    by_indicator: dict[str, list[float]] = {}
    for indicator_id, value in zip(report.grid["indicator_id"], report.grid["value"], strict=True):
        if not pd.isna(value):
            by_indicator.setdefault(indicator_id, []).append(float(value))
    sums: list[list[Cell]] = []
    for line in rows_as(TotalLine, report.totals):
        values = by_indicator.get(line.indicator_id, [])
        total, again = 0.0 if pd.isna(line.this_period) else float(line.this_period), fsum(values)
        difference = round(total - again, _DIGITS)
        item = report.project.plan.indicator[line.indicator_id]
        style = figure_style(report, item.id)
        sums.append(
            [
                f"{item.id}. {item.title}",
                Styled(total, style),
                Styled(again, style),
                len(values),
                Styled(difference, style),
            ]
        )
    blocks = (
        Block(rows_columns, rows, "Số dòng của các biểu được dùng"),
        Block(sums_columns, sums, "Số liệu trong kỳ"),
    )
    told = int((report.problems["severity"] == "block-row").sum())
    remarks = (
        f"Cộng các biểu: {_rejected_words(int(report.balance['rows_rejected'].sum()), int(report.balance['rows_set_aside'].sum()))}.",
        f"Dòng có ô ghi chưa đúng: sheet Kiểm tra ghi từng ô, mức “{report.project.catalogue.severities['block-row']}” ({told} điểm). "
        "Dòng để riêng không phải lỗi: dòng cộng của đơn vị, dòng đã có bản gửi sau thay; sheet Kiểm tra chỉ ghi nhận.",
    )
    return Page(
        "Đối chiếu",
        "ĐỐI CHIẾU SỐ LIỆU",
        blocks,
        (period_line(report),),
        remarks=remarks,
        mark=report.sample_mark,
        landscape=False,
    )


def _rejected_words(rejected: int, set_aside: int) -> str:
    """“6 dòng chưa nhận = 4 dòng có ô ghi chưa đúng + 2 dòng để riêng”."""
    parts = {"dòng có ô ghi chưa đúng": rejected - set_aside, "dòng để riêng": set_aside}
    return f"{rejected} dòng chưa nhận" + (
        " = " + " + ".join(f"{count} {what}" for what, count in parts.items() if count) if rejected else ""
    )


def sources_page(report: Report) -> Page:
    """`Nguồn`: the files behind the figures with their fingerprints, then every figure with its file, sheet and cell."""
    file_columns = (
        Column("unit", "Đơn vị", 34),
        Column("file", "Tệp", 46, "cell small"),
        Column("received_at", "Nhận lúc", 17, "cell center"),
        Column("state", "Tình trạng", 18),
        Column("revision", "Lần gửi", 20, "cell center"),
        Column("sha256", "Dấu vân tay SHA-256", 54, "cell id"),
    )
    figure_columns = (
        Column("unit", "Đơn vị", 34),
        Column("file", "Tệp", 46, "cell small"),
        Column("ticket", "Mã tra cứu", 17, "cell center"),
        Column("value", "Giá trị", 18, "cell number"),
        Column("sheet", "Sheet", 20),
        Column("cell", "Ô và chỉ tiêu", 54),
    )
    files_elsewhere = report.elsewhere("submissions", len(report.submissions))
    figures_elsewhere = report.elsewhere("figures", len(report.grid))
    files: list[list[Cell]] = [
        [
            report.name(line.unit_id) if line.unit_id else "",
            line.file,
            _time(line.received_at),
            report.label("submission", line.state),
            line.revision,
            line.sha256,
        ]
        for line in _shown(FileLine, report.submissions, files_elsewhere)
    ]
    given = report.grid[report.grid["value"].notna() & (report.grid["file"] != "")]
    figures: list[list[Cell]] = [
        [
            report.name(line.unit_id),
            line.file,
            ticket(report, line.indicator_id),
            Styled(line.value, figure_style(report, line.indicator_id)),
            line.sheet,
            f"{line.cell}: {report.project.plan.indicator[line.indicator_id].title}",
        ]
        for line in _shown(FigureLine, given, figures_elsewhere)
    ]
    plan, form = report.project.plan, report.project.form
    unconfirmed = [unit.unit_id for unit in report.units if not unit.confirmed]
    remarks = [
        f"Kế hoạch năm {plan.year}; biểu mẫu {form.id} {form.version}; kỳ {report.period.name}, số liệu {report.period.window}.",
        f"Phải báo cáo: {len(report.units)} đơn vị có trong danh sách đơn vị tại ngày {day_text(report.period.date_to)}.",
    ]
    if unconfirmed:
        remarks.append(
            f"Kế hoạch không nêu tên, cần xác nhận có phải báo cáo: {report.names(unconfirmed, 'danh sách đơn vị')}."
        )
    blocks = (
        Block(file_columns, files, "Các tệp", instead=files_elsewhere),
        Block(
            figure_columns,
            figures,
            "Từng số liệu và nơi ghi",
            has_filter=True,
            instead=figures_elsewhere,
            starts_page=True,
        ),
    )
    return Page(
        "Nguồn", "NGUỒN SỐ LIỆU", blocks, (period_line(report),), remarks=tuple(remarks), mark=report.sample_mark
    )


def _list(
    report: Report,
    name: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[Cell]],
    elsewhere: str,
    frozen: int = 0,
    is_wide: bool = False,
) -> Page:
    """A long list with a filter; an empty one says so, and one that is too long says where it stands (`elsewhere`)."""
    shown_rows = rows or [["Không có", *[None] * (len(columns) - 1)]]
    block = Block(columns, shown_rows, has_filter=bool(rows), instead=elsewhere)
    return Page(
        name, title, (block,), (period_line(report),), mark=report.sample_mark, frozen_columns=frozen, is_wide=is_wide
    )
