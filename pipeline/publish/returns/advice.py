"""What a unit does with its marked copy, as the lines above the list: how many points, where, how to send it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.publish.returns.returned_file import ReturnedFile
from pipeline.publish.sentences.mending import in_list
from pipeline.publish.sentences.messages import to_mend
from pipeline.words.lists import named

_MOST_NAMED = 5  # files that count together with this one; the list of files has them all


@dataclass(frozen=True, slots=True)
class Made:
    """What the copy came to: points listed, whether cells are marked and some of those locked, its revision (0: none).

    `reason` says why it is only a list, as the end of a sentence; empty when it is their workbook. `left_out`: what of
    theirs it does not carry on, in words; `has_password`: whether the locked cells are behind one of theirs.
    """

    listed: int
    reason: str
    has_marks: bool
    has_locked_marks: bool
    revision: int
    left_out: Sequence[str] = ()
    has_password: bool = False


def advice(told: ReturnedFile, made: Made) -> list[str]:
    """A sentence or two a line."""
    count = len(to_mend(told.problems, told.project))
    start = (
        f"Có {count} nội dung cần đơn vị chỉnh sửa hoặc trả lời. "
        f"Ô nào đã đúng thì giữ nguyên và ghi rõ ở cột “{told.project.form.reply_label}”."
    )
    if told.is_wrong_form:
        return [start, _fill_in_the_right_form(told, made.reason)]
    where = [_not_listed(count, made.listed), _where(told, made), _left_out(made), _unlock(made)]
    return [line for line in (start, *where, _beside(told), _send(told, made)) if line]


def _fill_in_the_right_form(told: ReturnedFile, reason: str) -> str:
    return (
        f"Tệp này chỉ liệt kê nội dung cần sửa, vì {reason}. "
        f"Đề nghị điền vào biểu {told.period.name} mà {told.project.plan.office} đã gửi cho đơn vị rồi gửi lại."
    )


def _not_listed(count: int, listed: int) -> str:
    if count <= listed:
        return ""
    return (
        f"Sheet này nêu {listed} nội dung đầu, còn {count - listed} nội dung chưa nêu; "
        "đề nghị rà cả biểu, nội dung nào sai tương tự thì sửa luôn."
    )


def _where(told: ReturnedFile, made: Made) -> str:
    if made.reason:
        return in_list(made.reason, told.project.form.reply_label)
    if made.has_marks:
        return (
            "Ô cần xem lại được tô màu và có ghi chú ngay tại ô; "
            "bấm vào tên ô ở cột “Ô” để tới đúng chỗ, sửa thẳng vào ô đó."
        )
    return ""


def _left_out(made: Made) -> str:
    if not made.left_out:
        return ""
    return (
        f"Để an toàn, tệp này không mang theo những gì có thể tự chạy hoặc dẫn ra ngoài: {'; '.join(made.left_out)}. "
        "Số liệu và chữ đơn vị đã ghi vẫn còn nguyên."
    )


def _unlock(made: Made) -> str:
    if not made.has_locked_marks:
        return ""
    password = "ghi mật khẩu mà đơn vị đã đặt" if made.has_password else "không cần mật khẩu"
    return f"Nếu ô bị khóa: mở thẻ Xem lại (Review), bấm Bỏ bảo vệ trang tính (Unprotect Sheet), {password}, rồi sửa."


def _beside(told: ReturnedFile) -> str:
    """What becomes of the unit's other files, which count together with this one."""
    names = named([f"“{name}”" for name in told.others_in_force], _MOST_NAMED, "tệp khác")
    if names and told.is_supplement:
        return _beside_a_supplement(told, names)
    if names:
        return (
            f"Bản gửi lại thay tất cả những gì đơn vị đã gửi, kể cả {names}; "
            "đề nghị chép nội dung của bản đó vào tệp này trước khi gửi."
        )
    return ""


def _beside_a_supplement(told: ReturnedFile, names: str) -> str:
    """Nothing has to go: rows sent again count once. Only a changed open row would count beside the old one."""
    form = told.project.form
    again = f"đề nghị chọn “{form.label('revision_kind', 'replace')}”"
    lists = " hoặc ".join(f"“{sheet.name}”" for sheet in form.tables.values() if sheet.shape == "open")
    return (
        f"Tệp này bổ sung cho {names}. Đề nghị giữ nguyên các dòng đã ghi, sửa những dòng được nêu; dòng gửi lại "
        f"giống hệt chỉ tính một lần. Nếu phải sửa dòng của {lists}, {again} "
        "và chép thêm nội dung của bản kia vào tệp này, để dòng chưa sửa không bị tính thêm."
    )


def _send(told: ReturnedFile, made: Made) -> str:
    form, office = told.project.form, told.project.plan.office
    number, kind = form.card.by_key["revision"].label, form.card.by_key["revision_kind"].label
    if made.revision:
        return (
            f"Sửa xong, lưu tệp (.xlsx) và gửi lại {office}. "
            f"Ở “{form.card.name}” đã ghi sẵn “{number}” là {made.revision}; đề nghị xem lại cho đúng."
        )
    return (
        f"Khi gửi lại {office}, ở “{form.card.name}” đề nghị ghi “{number}” lớn hơn bản trước "
        f"và chọn “{kind}”: {form.label('revision_kind', 'replace')}."
    )
