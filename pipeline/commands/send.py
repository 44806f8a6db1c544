"""What `send` does: seal the outputs of a period as they lie, edits of the office included, and book the sending."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.edited_outputs import Found, find_edited
from pipeline.commands.inputs import inputs_now, what_changed
from pipeline.commands.outputs_lying import Lying, outputs_lying
from pipeline.declare.errors import PipelineError
from pipeline.declare.plan import Period
from pipeline.declare.project import SCHEMAS, Project
from pipeline.publish.outputs import FEEDBACK, RECORD
from pipeline.reading.periods import Folders
from pipeline.records.locks import held
from pipeline.sent.manifest import MANIFEST, About
from pipeline.sent.package import Source
from pipeline.sent.sealing import Desk, Order, desk_of
from pipeline.values.sent import Edited, Sending
from pipeline.words.days import iso_day_text
from pipeline.words.lists import named
from pipeline.words.numbers import number_text

_INTERNAL, _ATTACHED = "noi-bo", "dinh-kem"
_MOST_NAMES = 5
_MOST_FIGURES = 30


@dataclass(frozen=True)
class Letter:
    """What the officer says of a sending: number and day of the document, a note, files to enclose.

    `anyway`: whether it is to be sent over what speaks against it.
    """

    number: str
    day: date
    note: str = ""
    attached: Sequence[Path] = ()
    anyway: bool = False


@dataclass(frozen=True)
class Dispatched:
    """A sending that is done: its line, its package, over what it was sent, what could not be compared."""

    sending: Sending
    path: Path
    objections: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self.sending) | {"objections": list(self.objections), "remarks": list(self.remarks)}


def send_period(
    project: Project, period: Period, folders: Folders, schemas: Path, letter: Letter, moment: datetime
) -> Dispatched:
    """Seal and book, or refuse in one sentence that names everything that speaks against it."""
    target = folders.output(project, period)
    outputs_lying(target, project, period)  # before a lock is laid beside a folder that may not be there
    with held(target), desk_of(folders.sent_in(project.plan.year)) as desk:
        lying = outputs_lying(target, project, period)
        found = find_edited(lying, project, period)
        objections = tuple(_objections(lying, found, desk, project, period, folders, letter))
        if objections and not letter.anyway:
            raise _refusal(period, objections)
        sending = desk.seal(_order(lying, found.edited, objections, project, period, schemas, letter, moment))
    return Dispatched(sending, desk.folder / sending.package, objections, found.remarks)


def _refusal(period: Period, objections: Sequence[str]) -> PipelineError:
    return PipelineError(
        f"Chưa gửi {period.name}, vì {'; '.join(objections)}; xin xử lý rồi gửi lại, "
        "hoặc thêm --anyway vào lệnh cchc send để vẫn gửi và ghi những điều này vào gói."
    )


def _outdated(lying: Lying, project: Project, period: Period, folders: Folders) -> Iterator[str]:
    """Why the outputs are not those of the forms, books and declarations as they lie now."""
    then = {item["file"]: item["sha256"] for item in lying.record["inputs"]}
    if changed := what_changed(then, inputs_now(project, period, folders)):
        yield f"kết quả không còn ứng với biểu, sổ nhận, khai báo hiện có ({changed}), cần chạy lại: make {period.code}"
    if stale := [name for name in lying.tables.values() if lying.written.get(name) != lying.files[name]]:
        yield f"dữ liệu không còn như lần chạy đã ghi ({named(stale, _MOST_NAMES, 'tệp khác')})"


def _objections(
    lying: Lying, found: Found, desk: Desk, project: Project, period: Period, folders: Folders, letter: Letter
) -> Iterator[str]:
    """All that speaks against sending what lies there now, each as a part of a sentence."""
    yield from _outdated(lying, project, period, folders)
    if lying.record["open"]:
        yield _open_words(lying.record["open"], project)
    if lying.record["sample_data"]:
        yield f"kết quả lấy từ dữ liệu mẫu ({project.form.sample_mark}), số liệu giả định"
    if before := desk.sent_before(letter.number):
        yield f"số {letter.number} đã gửi ngày {iso_day_text(before.date)}, gói {before.package}"
    if lying.opened:
        yield f"tệp đang mở ở chương trình khác, có thể chưa lưu: {named(lying.opened, _MOST_NAMES, 'tệp khác')}"
    yield from found.damaged
    if found.edited:
        told = [_edited_words(item) for item in found.edited]
        yield f"số trong tệp đã sửa khác với dữ liệu: {named(told, _MOST_FIGURES, 'ô khác')}"


def _open_words(problems: Sequence[Mapping[str, str]], project: Project) -> str:
    """“còn 5 điểm chưa xử lý: Xã Vĩnh Khê (cả biểu), Xã Kim Thạch (“Biểu 2 - Số liệu”, ô D13)”."""
    units = project.register.by_id
    told = []
    for problem in problems:
        who = units[problem["unit_id"]].name if problem["unit_id"] in units else f"tệp “{problem['file']}”"
        is_file = project.catalogue.severity(problem["code"]) == "block-file"
        where = "cả biểu" if is_file or not problem["cell"] else f"sheet “{problem['sheet']}”, ô {problem['cell']}"
        told.append(f"{who} ({where}: {_title_of(project, problem['code'])})")
    return f"còn {len(problems)} chỗ đơn vị chưa sửa, chưa được tính: {named(told, _MOST_NAMES, 'chỗ khác')}"


def _title_of(project: Project, code: str) -> str:
    """The title of a problem for the middle of a sentence."""
    title = project.catalogue.title(code)
    return title[:1].lower() + title[1:]


def _edited_words(item: Edited) -> str:
    """“Tong-hop_2025-q3.xlsx, sheet PL3 Số liệu, ô D9 (CT01): ghi 999, dữ liệu là 254”."""
    where = f"sheet {item.sheet}, ô {item.cell}" if item.sheet else item.cell
    whose = " ".join(filter(None, (item.unit_id, item.id)))
    return f"{item.file}, {where} ({whose}): ghi {_value_words(item.sent)}, dữ liệu là {_value_words(item.data)}"


def _value_words(value: float | str | None) -> str:
    if value is None:
        return "để trống"
    return f"“{value}”" if isinstance(value, str) else number_text(value)


def _order(
    lying: Lying,
    edited: tuple[Edited, ...],
    objections: tuple[str, ...],
    project: Project,
    period: Period,
    schemas: Path,
    letter: Letter,
    moment: datetime,
) -> Order:
    is_sample = bool(lying.record["sample_data"])
    mark = project.form.sample_mark if is_sample else ""
    return Order(
        period=period.code,
        number=letter.number,
        date=letter.day.isoformat(),
        addressee=project.plan.addressee,
        sent_at=moment.strftime("%Y-%m-%d %H:%M"),
        note="; ".join(filter(None, (mark, letter.note))),
        sources=_sources(lying, project, schemas, letter),
        about=About(
            year=project.plan.year,
            record=RECORD,
            tables=lying.tables,
            inputs={item["file"]: item["sha256"] for item in lying.record["inputs"]},
            is_sample=is_sample,
            edited=edited,
            objections=objections,
        ),
    )


def _sources(lying: Lying, project: Project, schemas: Path, letter: Letter) -> tuple[Source, ...]:
    """Every part of the package; two that one system would take for one are refused."""
    feedback = f"{FEEDBACK}/"
    outputs = (
        Source(f"{_INTERNAL}/{name}" if name.startswith(feedback) else name, lying.folder / name)
        for name in lying.files
    )
    declared = (Source(name, schemas / name.removeprefix(f"{SCHEMAS}/")) for name in _declared(lying, project))
    attached = (Source(f"{_ATTACHED}/{path.name}", path) for path in letter.attached)
    sources = (*outputs, *declared, *attached)
    seen = {MANIFEST}
    for source in sources:
        if not _can_be_written(source.name) or _name_anywhere(source.name) in seen:
            raise PipelineError(
                f"Tệp “{source.name}” có tên không đưa vào gói được hoặc trùng với phần khác của gói; "
                "xin đổi tên rồi gửi lại."
            )
        seen.add(_name_anywhere(source.name))
    return sources


def _declared(lying: Lying, project: Project) -> Iterator[str]:
    """The declarations, and what the run used of those of the year before."""
    yield from project.sources
    if before := project.year_before:
        used = {item["file"] for item in lying.record["inputs"]}
        yield from (name for name in before.sources if name in used and name not in project.sources)


def _name_anywhere(name: str) -> str:
    """Names that are one on some system have one key."""
    return unicodedata.normalize("NFC", name).casefold()


def _can_be_written(name: str) -> bool:
    return name.isprintable() and "\\" not in name
