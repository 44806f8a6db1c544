"""How a unit mends what it sent: the one source for its message, its list, the letter and the page.

Either its own workbook goes back with the places marked, and it types right there; or only a list, because of what its
file is, and it types into its own file; or so far nothing but words.
"""

from typing import Literal

Back = Literal["copy", "list", "words"]

LABELS: dict[Back, str] = {"copy": "Biểu đã đánh dấu", "list": "Danh sách cần sửa"}


def back_of(reason: str) -> Back:
    """What goes back where a file could not be marked for this `reason`, or could where there is none."""
    return "list" if reason else "copy"


def in_message(back: Back, revision: str, until: str) -> str:
    """What the unit is asked to do; `revision` is the label of the number that goes up, `until` the deadline."""
    if back == "copy":
        return f"Xin sửa, trả lời ngay trong tệp đó và gửi lại {until}."
    where = "trong tệp của đơn vị theo danh sách đó" if back == "list" else "trong tệp của đơn vị"
    return f"Xin sửa {where}, tăng “{revision}” thêm 1 và gửi lại {until}."


def in_list(reason: str, reply: str) -> str:
    """What stands above a list that goes alone; `reply` is the label of its column for answers."""
    return (
        f"Tệp này chỉ liệt kê nội dung cần sửa, vì {reason}. Đề nghị mở tệp của đơn vị, sửa theo tên sheet và "
        f"tên ô dưới đây; nếu có ghi ở cột “{reply}” thì gửi kèm cả danh sách này."
    )


def in_letter(copies: int, lists: str) -> str:
    """What the letter says to all: how many have a marked workbook, and the names of those that have a list."""
    if not lists:
        return (
            "Nội dung cần chỉnh sửa được đánh dấu trong tệp gửi riêng cho từng đơn vị; đề nghị chỉnh sửa trực tiếp "
            "trên tệp và gửi lại."
        )
    by_list = f"chỉnh sửa, điền biểu theo danh sách rồi gửi lại biểu: {lists}"
    if not copies:
        return f"Nội dung cần chỉnh sửa được nêu trong danh sách gửi riêng cho từng đơn vị; đề nghị {by_list}."
    return (
        "Nội dung cần chỉnh sửa được nêu trong tệp gửi riêng cho từng đơn vị. Đơn vị nhận biểu đã đánh dấu chỉnh sửa "
        f"trực tiếp trên tệp và gửi lại; đơn vị nhận danh sách {by_list}."
    )
