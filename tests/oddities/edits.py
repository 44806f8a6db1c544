"""Changes of a saved form, as people make them in Excel: of where things stand, of what is typed, of how it looks."""

from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.publish.forms.blank_form import FIRST_ROW, HEADER_ROW, KEY_ROW
from tests.builders import Edit
from tests.contract import ACTIVITIES, CARD, FIGURES, REQUESTS, TASKS


def rename(book: Workbook) -> None:
    for number, name in enumerate((CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS), start=1):
        book[name].title = f"Sheet{number}"


def reverse_sheets(book: Workbook) -> None:
    book._sheets.reverse()


def insert_column(book: Workbook) -> None:
    book[ACTIVITIES].insert_cols(3)


def insert_column_in_card(book: Workbook) -> None:
    book[CARD].insert_cols(3)


def insert_column_before_labels(book: Workbook) -> None:
    for area in list(book[CARD].merged_cells.ranges):  # which openpyxl would leave where they are
        book[CARD].unmerge_cells(str(area))
    book[CARD].insert_cols(2)


def insert_row_above_headers(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].insert_rows(HEADER_ROW + 1)
        book[name].cell(HEADER_ROW + 1, 1).value = "Số liệu quý III năm 2025"


def insert_column_in_card_without_keys(book: Workbook) -> None:
    remove_key_column(book)
    book[CARD].insert_cols(2)


def exchange_columns(book: Workbook) -> None:
    for row in book[ACTIVITIES].iter_rows(min_row=KEY_ROW + 1):
        row[1].value, row[5].value = row[5].value, row[1].value


def insert_rows_above(book: Workbook) -> None:
    for name in (CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].insert_rows(1, 3)


def insert_rows_between(book: Workbook) -> None:
    book[FIGURES].insert_rows(FIRST_ROW + 4, 2)
    book[ACTIVITIES].insert_rows(FIRST_ROW + 4, 2)


def reword_headers(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        for cell in book[name][HEADER_ROW + 1][1:]:
            cell.value = f"Cột {cell.column}"


def remove_keys(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name].delete_rows(KEY_ROW + 1)


def remove_keys_and_move_columns(book: Workbook) -> None:
    remove_keys(book)
    for row in book[ACTIVITIES].iter_rows(min_row=KEY_ROW + 1):
        row[1].value, row[5].value = row[5].value, row[1].value


def remove_key_column(book: Workbook) -> None:
    sheet = book[CARD]
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_cols(1)


def reverse_rows(book: Workbook) -> None:
    sheet = book[TASKS]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 9)]
    for row, values in zip(sheet.iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 9), reversed(rows), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def remove_silent_sheets(book: Workbook) -> None:
    for name in ("Hướng dẫn", "_meta", "_lists"):
        del book[name]


def copy_blank_sheet(book: Workbook) -> None:
    copy = book.copy_worksheet(book[ACTIVITIES])
    for row in copy.iter_rows(min_row=FIRST_ROW + 1):
        for cell in row:
            cell.value = None


def leave_optional_column_out(book: Workbook) -> None:
    book[ACTIVITIES].delete_cols(5)


def delete_sheet(name: str) -> Edit:
    def edit(book: Workbook) -> None:
        del book[name]

    return edit


def delete_quantity(book: Workbook) -> None:
    book[ACTIVITIES].delete_cols(8)


def delete_task_row(book: Workbook) -> None:
    book[TASKS].delete_rows(FIRST_ROW + 2)


def fill_copy(book: Workbook) -> None:
    book.copy_worksheet(book[ACTIVITIES])


def add_column(book: Workbook) -> None:
    column = book[FIGURES].max_column + 1
    book[FIGURES].cell(HEADER_ROW + 1, column).value = "Ý kiến của xã"
    book[FIGURES].cell(FIRST_ROW + 2, column).value = "nhiều hơn quý trước"
    book[FIGURES].cell(FIRST_ROW + 3, column).value = "như quý trước"


def add_sheet(book: Workbook) -> None:
    book.create_sheet("Ảnh")["B2"] = "xem ảnh kèm theo"


def add_blank_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet9")


def merge_figures(book: Workbook) -> None:
    book[FIGURES].merge_cells(start_row=FIRST_ROW + 1, end_row=FIRST_ROW + 2, start_column=4, end_column=4)


def merge_titles(book: Workbook) -> None:
    for name in (TASKS, FIGURES, ACTIVITIES):
        book[name].merge_cells("A1:D1")


def retype_numbers(book: Workbook) -> None:
    for row in range(FIRST_ROW + 1, FIRST_ROW + 9):
        book[ACTIVITIES].cell(row, 1).value = f"Mục {row}"


def delete_an_id(book: Workbook) -> None:
    book[TASKS].cell(FIRST_ROW + 2, 1).value = None


def hide_blank_row(book: Workbook) -> None:
    book[ACTIVITIES].row_dimensions[FIRST_ROW + 24].hidden = True


def hide_filled_row(book: Workbook) -> None:
    book[TASKS].row_dimensions[FIRST_ROW + 2].hidden = True


def hide_column(book: Workbook) -> None:
    book[ACTIVITIES].column_dimensions["E"].hidden = True


def add_second_card(book: Workbook) -> None:
    card = book.copy_worksheet(book[CARD])
    row = next(row for row in range(1, 20) if card.cell(row, 1).value == "unit_id")
    card.cell(row, 3).value, card.cell(row + 1, 3).value = "P-tu-phap", "Phòng Tư pháp"


def protect(book: Workbook) -> None:
    book.security = WorkbookProtection(lockStructure=True)
    for sheet in book.worksheets:
        sheet.protection.enable()


def make_all_text(book: Workbook) -> None:
    for row in book[FIGURES].iter_rows(min_row=FIRST_ROW + 1, min_col=4, max_col=4):
        for cell in row:
            cell.value = None if cell.value is None else str(cell.value).replace(".", ",")
            cell.number_format = "@"


def remove_drop_downs(book: Workbook) -> None:
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation.clear()


def change_looks(book: Workbook) -> None:
    for row in book[ACTIVITIES].iter_rows(min_row=FIRST_ROW + 1, max_row=FIRST_ROW + 5):
        for cell in row:
            cell.font, cell.fill = Font(name="Comic Sans MS", size=7), PatternFill("solid", "FFFF00")


def add_comment(book: Workbook) -> None:
    book[FIGURES].cell(FIRST_ROW + 1, 4).comment = Comment("lấy số của tháng 8", "xã")


def move_figures_to_a_new_sheet(book: Workbook) -> None:
    """The figures pasted into a new sheet, the old one left blank."""
    old, new = book[FIGURES], book.create_sheet("Sheet1")
    for row in old.iter_rows():
        for cell in row:
            if cell.value is not None:
                new[cell.coordinate] = cell.value
    for row in range(6, 37):
        old.cell(row, 4).value = None


def lock_structure(book: Workbook) -> None:
    book.security = WorkbookProtection(workbookPassword="abc", lockStructure=True)


def add_very_hidden_sheet(book: Workbook) -> None:
    book.create_sheet("Số liệu gốc")["B2"] = 12
    book["Số liệu gốc"].sheet_state = "veryHidden"


def repeat_titles(sheet: Worksheet) -> None:
    sheet.print_title_rows, sheet.print_area = "1:5", "A1:E36"


def type_into_the_wrong_sheet(book: Workbook) -> None:
    for row in range(6, 8):
        book[REQUESTS].cell(row, 1).value = book[ACTIVITIES].cell(row, 2).value
        book[REQUESTS].cell(row, 2).value = book[ACTIVITIES].cell(row, 6).value


def lower_ids(sheet: Worksheet) -> None:
    for row in range(6, 37):
        sheet.cell(row, 1).value = f"{sheet.cell(row, 1).value} ".lower()


def repeat_a_row(sheet: Worksheet) -> None:
    for column in range(1, 6):
        sheet.cell(40, column).value = sheet.cell(6, column).value


def format_cells(sheet: Worksheet) -> None:
    for cell, look in {"D6": '0" tin"', "D7": ";;;", "D8": "0%", "D9": "@"}.items():
        sheet[cell].number_format = look
    sheet["D11"].font, sheet["D12"].font = Font(color="FFFFFFFF"), Font(strike=True)


def cells(*sheets: str) -> Callable[[Workbook], list[Cell]]:
    """Every cell below the headers of these tables."""
    return lambda book: [cell for name in sheets for row in book[name].iter_rows(min_row=FIRST_ROW + 1) for cell in row]


def retype(choose: Callable[[Workbook], list[Cell]], write: Callable[[object], object]) -> Edit:
    """Write the cells anew, each from what it held."""

    def edit(book: Workbook) -> None:
        for cell in choose(book):
            cell.value = write(cell.value)

    return edit


def as_text(value: object) -> object:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def with_dots(value: object) -> object:
    """1234 as 1.234, where that can be read only one way: minutes and đồng may have decimals."""
    return (
        f"{value:,}".replace(",", ".")
        if isinstance(value, int) and (1000 <= value < 5000 or value >= 1_000_000)
        else value
    )


def hide_rows(book: Workbook) -> None:
    for row in (FIRST_ROW + 2, FIRST_ROW + 5):
        book[ACTIVITIES].row_dimensions[row].hidden = True


def change_titles(book: Workbook) -> None:
    for name in (CARD, TASKS, FIGURES, ACTIVITIES, REQUESTS):
        book[name]["A1"] = "UBND XÃ – BÁO CÁO CỦA CHÚNG TÔI"


def add_empty_sheets(book: Workbook) -> None:
    for number in range(3):
        book.create_sheet(f"Sheet{number + 10}")
