"""The commands, as a thin skin: words in, one call, words out. The clock is read here and nowhere else.

Imports at the top stay light, so that `--help` answers at once; each command imports what it needs.
"""

import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from pipeline import __version__
from pipeline.ending import keep_quiet, let_go, speak_utf8, told_of_defect
from pipeline.wording import Commands, in_words, refused_by_machine

if TYPE_CHECKING:
    from pipeline.commands.run import Finished
    from pipeline.declare.plan import Period
    from pipeline.declare.project import Project
    from pipeline.reading.executors import Engine
    from pipeline.reading.periods import Folders, Progress

F = TypeVar("F", bound=Callable[..., Any])
_MOST_WORKERS = 64
_MOST_DIGITS = 9
_SCHEMAS = "schemas"


def _read_whole(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise click.BadParameter(f"“{text}” không phải là số nguyên")
    return int(text)


def _read_workers(text: str) -> int:
    if not 1 <= (workers := _read_whole(text)) <= _MOST_WORKERS:
        raise click.BadParameter(f"“{text}” không nằm trong khoảng từ 1 đến {_MOST_WORKERS}")
    return workers


def _read_day(text: str) -> date:
    return _read_time(
        text, ("%Y-%m-%d", "%d/%m/%Y"), "không phải là ngày; cần viết như 2025-09-16 hoặc 16/9/2025"
    ).date()


def _read_moment(text: str) -> datetime:
    return _read_time(
        text,
        ("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"),
        "không phải là ngày và giờ; cần viết như “2025-09-16 14:20” hoặc “16/9/2025 14:20”",
    )


def _read_time(text: str, patterns: Sequence[str], refusal: str) -> datetime:
    for pattern in patterns:
        with suppress(ValueError):
            return datetime.strptime(text, pattern)
    raise click.BadParameter(f"“{text}” {refusal}")


def _read_words(text: str) -> str:
    """What stands in a book on one line, and has to say something."""
    if not (words := _read_note(text)):
        raise click.BadParameter("đang để trống; xin ghi như 123/BC-UBND")
    return words


def _read_note(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _read_place(text: str) -> Path:
    """A folder of this machine, or a store of files that fsspec knows by the beginning of its address."""
    if "://" not in text:
        return Path(text)
    try:
        from upath import UPath
    except ImportError:
        raise click.BadParameter(
            f"“{text}” cần phần đọc kho tệp, máy chưa cài; xin chạy: pip install -e .[cluster]"
        ) from None
    try:
        place: Any = UPath(text)
        place.fs  # noqa: B018 - the library behind the address is looked for here
    except ImportError as error:
        raise click.BadParameter(f"“{text}” cần một phần đọc kho tệp mà máy chưa cài ({error})") from None
    except ValueError:
        raise click.BadParameter(
            f"“{text}” không phải là địa chỉ kho tệp mà phần mềm biết; địa chỉ có dạng s3://kho/thư-mục"
        ) from None
    return cast(Path, place)


def _read_existing(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise click.BadParameter(f"“{text}” không có trên máy; đề nghị xem lại tên và thư mục")
    if not path.is_file() and not path.is_dir():  # a pipe would wait for its writer
        raise click.BadParameter(f"“{text}” là đường ống hoặc thiết bị, không phải là tệp")
    return path


def _read_file(text: str) -> Path:
    if (path := _read_existing(text)).is_dir():
        raise click.BadParameter(f"“{text}” là thư mục; lệnh này cần từng tệp")
    return path


_PERIOD = click.argument("period", metavar="KỲ")
_HELP = click.help_option("-h", "--help", help="Hiện hướng dẫn này.")


_OPTIONS = (
    click.option("--year", type=_read_whole, metavar="NĂM", help="Năm của kế hoạch (mặc định: kế hoạch mới nhất)."),
    click.option(
        "--inputs",
        type=_read_place,
        metavar="THƯ MỤC",
        default="inputs",
        show_default=True,
        help="Thư mục nhận biểu (hoặc địa chỉ kho tệp, như s3://…).",
    ),
    click.option(
        "--outputs", type=Path, metavar="THƯ MỤC", default="outputs", show_default=True, help="Thư mục kết quả."
    ),
    click.option(
        "--sent", type=Path, metavar="THƯ MỤC", default="sent", show_default=True, help="Thư mục gói đã gửi, sổ gửi."
    ),
    click.option(
        "--schemas", type=Path, metavar="THƯ MỤC", default=_SCHEMAS, show_default=True, help="Thư mục khai báo."
    ),
    click.option("--as-of", type=_read_day, metavar="NGÀY", help="Ngày làm mốc tính số ngày còn lại hoặc quá hạn."),
    click.option(
        "--workers",
        type=_read_workers,
        metavar="SỐ",
        default="1",
        show_default=True,
        help="Số tiến trình đọc tệp song song.",
    ),
    click.option(
        "--scheduler",
        default="",
        metavar="ĐỊA CHỈ",
        help="Đọc tệp trên cụm máy Dask ở địa chỉ này, như tcp://10.0.0.1:8786.",
    ),
    click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON cho chương trình khác."),
    _HELP,
)


def _common(command: F) -> F:
    """The options that every command understands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class _Cli(Commands):
    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(period_words())


def period_words() -> str:
    """What KỲ may be: the words of the newest plan, or where they stand when it cannot be read from here."""
    from pipeline.declare.errors import PipelineError
    from pipeline.declare.project import load_project
    from pipeline.words.prose import lowered

    try:
        plan = load_project(Path(_SCHEMAS)).plan
    except (PipelineError, OSError):
        return f"KỲ là mã của một kỳ trong kế hoạch: xem thư mục {_SCHEMAS}/plans."
    words = [f"{' hoặc '.join((period.code, *period.also))} ({lowered(period.name)})" for period in plan.periods]
    return f"KỲ: {', '.join(words)}."


@click.group(cls=_Cli, invoke_without_command=True)
@click.version_option(__version__, message="%(version)s", help="Hiện số phiên bản.")
@_HELP
@click.pass_context
def cli(context: click.Context) -> None:
    """Tổng hợp báo cáo tuyên truyền cải cách hành chính theo kỳ."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@cli.command()
@_PERIOD
@_common
@click.option("--strict", is_flag=True, help="Kết thúc bằng mã 1 khi còn điểm cần sửa hoặc cần hỏi.")
@click.option(
    "--today", is_flag=True, help="Tính theo hôm nay nếu chưa hết hạn nộp: chưa đơn vị nào bị ghi là chưa nộp."
)
def run(period: str, strict: bool, today: bool, as_of: date | None, as_json: bool, **where: Any) -> None:
    """Đọc, kiểm tra, tổng hợp các biểu của KỲ và ghi bảng tổng hợp."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.publish.outputs import RECORD

    wanted = project.plan.period(period)
    if today and not as_of and (day := _today(project)) <= wanted.last_day:
        as_of = day
    with screen.progress(not as_json) as step:
        finished = _read_and_run(project, wanted, folders, as_of, _engine(where), step)
    if as_json:
        _print_json(json.loads((finished.folder / RECORD).read_text(encoding="utf-8")))
    else:
        screen.show_run(finished, folders.input(project, wanted))
    if strict and finished.report.problems["severity"].ne("note").any():
        sys.exit(1)


@cli.command()
@_PERIOD
@_common
def templates(period: str, as_json: bool, **where: Any) -> None:
    """Tạo biểu trống của KỲ cho từng đơn vị."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.templates import write_templates

    with screen.progress(not as_json) as step:
        forms = write_templates(project, project.plan.period(period), folders, step, _engine(where))
    if as_json:
        _print_json([str(path) for path in forms.paths])
    else:
        screen.show_templates(forms)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=_read_existing, metavar="TỆP…")
@click.option("--period", default="", metavar="KỲ", help="Kỳ đang thu (mặc định: theo ngày và kế hoạch).")
@_common
def check(files: tuple[Path, ...], period: str, as_of: date | None, as_json: bool, **where: Any) -> None:
    """Kiểm tra biểu trước khi gửi: điểm nào cần sửa, sửa thế nào. TỆP là thư mục thì kiểm tra mọi tệp trong đó."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.check import check_files
    from pipeline.commands.collecting import collecting

    checks = check_files(project, files, collecting(project, folders, as_of or _today(project), period), folders)
    if as_json:
        _print_json([item.as_dict() for item in checks])
    else:
        screen.show_checks(checks)
    sys.exit(1 if any(item.needs_mending for item in checks) else 0)


@cli.command()
@click.argument("file", type=_read_file, metavar="TỆP")
@click.option("--out", type=Path, metavar="TỆP.docx", help="Tệp Word cần ghi (mặc định: cạnh lời nhắn phản hồi).")
@_common
def paper(file: Path, out: Path | None, as_json: bool, **where: Any) -> None:
    """Soạn dự thảo báo cáo (Word) của chính đơn vị từ một biểu đã điền, không còn điểm phải sửa."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.paper import draft_paper

    drafted = draft_paper(project, file, folders, out)
    if as_json:
        _print_json(drafted.as_dict())
    else:
        screen.show_paper(drafted)


@cli.command()
@_PERIOD
@_common
def status(period: str, as_of: date | None, as_json: bool, **where: Any) -> None:
    """Tình hình nộp: đơn vị đã nộp, chưa nộp, cần sửa; số ngày còn lại."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.status import status_of

    wanted = project.plan.period(period)
    found = status_of(project, wanted, folders, as_of or _today(project), _engine(where))
    if as_json:
        _print_json(found.as_dict())
    else:
        screen.show_status(found, folders.input(project, wanted))


@cli.command()
@_PERIOD
@click.argument("files", nargs=-1, required=True, type=_read_file, metavar="TỆP…")
@click.option("--channel", default="", metavar="KÊNH", help="Kênh nhận: Zalo, email, trục văn bản…")
@click.option("--note", default="", metavar="CHỮ", help="Ghi chú vào sổ nhận.")
@click.option(
    "--received-at", type=_read_moment, metavar="NGÀY GIỜ", help="Thời gian nhận (mặc định: thời điểm chạy lệnh)."
)
@_common
def receive(
    period: str,
    files: tuple[Path, ...],
    channel: str,
    note: str,
    received_at: datetime | None,
    as_of: date | None,
    as_json: bool,
    **where: Any,
) -> None:
    """Nhận tệp vào thư mục của KỲ, ghi sổ nhận, kiểm tra ngay và soạn lời nhắn trả lời."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.receive import receive_files

    moment = received_at.replace(tzinfo=project.plan.zone) if received_at else datetime.now(project.plan.zone)
    receipts = receive_files(project, project.plan.period(period), folders, files, moment, channel, note, as_of)
    if as_json:
        _print_json([item.as_dict() for item in receipts])
    else:
        screen.show_receipts(receipts)


@cli.command()
@_PERIOD
@click.option("--number", required=True, type=_read_words, metavar="SỐ", help="Số của báo cáo, như 123/BC-UBND.")
@click.option("--date", "day", required=True, type=_read_day, metavar="NGÀY", help="Ngày của báo cáo, như 19/9/2025.")
@click.option("--note", default="", type=_read_note, metavar="CHỮ", help="Ghi chú vào sổ gửi.")
@click.option("--attach", "attached", multiple=True, type=_read_file, metavar="TỆP", help="Tệp kèm vào gói, như PDF.")
@click.option("--anyway", is_flag=True, help="Vẫn gửi dù còn điều chưa ổn; những điều đó được ghi vào gói.")
@_common
def send(
    period: str,
    number: str,
    day: date,
    note: str,
    attached: tuple[Path, ...],
    anyway: bool,
    as_of: date | None,
    as_json: bool,
    **where: Any,
) -> None:
    """Niêm phong kết quả của KỲ thành gói đã gửi, ghi sổ gửi. Thêm nhiều tệp: lặp lại --attach."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.send import Letter, send_period

    letter, moment = Letter(number, day, note, attached, anyway), datetime.now(project.plan.zone)
    done = send_period(project, project.plan.period(period), folders, where["schemas"], letter, moment)
    if as_json:
        _print_json(done.as_dict())
    else:
        screen.show_dispatched(done)


@cli.command()
@click.argument("one_year", required=False, type=_read_whole, metavar="[NĂM]")
@_common
def sent(one_year: int | None, as_json: bool, **where: Any) -> None:
    """Sổ gửi của NĂM (mặc định: mọi năm) và kiểm tra từng gói còn đúng như lúc niêm phong."""
    from pipeline import screen
    from pipeline.commands.sent import as_dicts, prove_sent

    proofs = prove_sent(where["sent"], one_year or where["year"])
    if as_json:
        _print_json(as_dicts(proofs))
    else:
        screen.show_sent(proofs)
    sys.exit(1 if any(proof.faults for proof in proofs) else 0)


@cli.command()
@click.argument("ticket", metavar="MÃ")
@_common
def trace(ticket: str, as_json: bool, **where: Any) -> None:
    """Xem một số liệu lấy từ đâu, vì sao khác kỳ trước: đơn vị, tệp, sheet, ô của một MÃ tra cứu (như Q3-CT05)."""
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.commands.trace import trace_figure

    found = trace_figure(project, ticket, folders)
    if as_json:
        _print_json(found.as_dict())
    else:
        screen.show_trace(found)


@cli.command()
@_common
def reference(as_json: bool, **where: Any) -> None:
    """Tạo lại trang tra cứu biểu mẫu (docs/form-reference.md)."""
    project, _ = _load(where)
    from pipeline import screen
    from pipeline.publish.forms.reference import form_reference
    from pipeline.records.writing import write_record

    path = Path("docs/form-reference.md")
    write_record(path, form_reference(project).encode())
    if as_json:
        _print_json([str(path)])
    else:
        screen.say(f"Đã ghi {path}.")


@cli.command()
@_PERIOD
@_common
def sample(period: str, as_json: bool, **where: Any) -> None:
    """Tạo lại bộ dữ liệu mẫu (số liệu giả định) để xem thử."""
    schemas = where["schemas"]
    project, folders = _load(where)
    from pipeline import screen
    from pipeline.declare.project import SAMPLES
    from pipeline.reading.periods import files_with_mark
    from pipeline.samples.samples import write_samples

    wanted = project.plan.period(period)
    folder = folders.input(project, wanted)
    content = schemas / SAMPLES
    paths = write_samples(folder, project, wanted, content, lambda: files_with_mark(folder, project, wanted))
    if as_json:
        _print_json([str(path) for path in paths])
    else:
        *forms, book = paths
        screen.say(
            f"Đã tạo {len(forms)} tệp dữ liệu mẫu và sổ nhận {book.name} trong {folder}. Đây là số liệu giả định."
        )


def _load(where: dict[str, Any]) -> tuple["Project", "Folders"]:
    from pipeline.commands.leavings import clear_leavings
    from pipeline.declare.project import load_project
    from pipeline.reading.periods import Folders

    project = load_project(where["schemas"], where["year"])
    folders = Folders(where["inputs"], where["outputs"], where["sent"])
    clear_leavings(project, folders)
    return project, folders


def _read_and_run(
    project: "Project", period: "Period", folders: "Folders", as_of: date | None, engine: "Engine", step: "Progress"
) -> "Finished":
    """The heavy libraries load while the files are being read."""
    from pipeline.reading.periods import begin_reading

    begun = begin_reading(project, period, folders, step, engine)
    from pipeline.commands.run import run_period

    return run_period(project, period, folders, as_of, step, begun=begun)


def _engine(where: dict[str, Any]) -> "Engine":
    from pipeline.reading.executors import Engine

    return Engine(where["workers"], where["scheduler"])


def _today(project: "Project") -> date:
    return datetime.now(project.plan.zone).date()


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def main() -> None:
    """Run the command line: UTF-8 whatever the console says, one sentence and status 2 for what cannot be run.

    The last of the clauses is for defects of ours, in whatever library they show: the officer gets a sentence, never a
    traceback, and the programmer a file.
    """
    speak_utf8()
    keep_quiet()
    from pipeline.declare.errors import PipelineError

    # A run makes much and throws little away: looking for rings as often as usual costs a tenth of it.
    gc.set_threshold(200_000, 50, 100)
    screen = sys.stdout
    try:
        _leave(cli(standalone_mode=False))
    except SystemExit:
        if sys.stdout is not screen:  # click puts another in its place where nobody reads on
            _refuse("chương trình nhận kết quả đã đóng giữa chừng; kết quả ghi ra tệp vẫn còn nguyên.")
        raise
    except PipelineError as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(refused_by_machine(error))
    except MemoryError:
        _refuse("máy không còn đủ bộ nhớ; xin đóng bớt chương trình khác rồi chạy lại.")
    except click.UsageError as error:
        _refuse(f"{in_words(error)} Xem cách dùng: cchc --help.")
    except (click.Abort, KeyboardInterrupt):
        _refuse("đã dừng giữa chừng; kết quả cũ vẫn còn nguyên.")
    except BaseException as error:
        _refuse(told_of_defect(error, sys.argv[1:], datetime.now()))


def _leave(status: int | None) -> NoReturn:
    """End the process at once.

    Everything is written, and taking a hundred thousand cells apart one by one helps nobody.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)


def _refuse(sentence: str) -> NoReturn:
    with suppress(OSError):
        click.echo(f"Không chạy được: {sentence}", err=True)
    for stream in (sys.stdout, sys.stderr):
        let_go(stream)
    sys.exit(2)
