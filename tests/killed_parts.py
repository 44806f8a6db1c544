"""Parts of commands that change files, small enough to be killed at every one of their events."""

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.intake.book import BookLine, add_line, read_book
from pipeline.intake.taking_in import copied, finish_interrupted, take_in
from pipeline.publish.outputs import RECORD
from pipeline.publish.swap import put_files, staging_folder, swap_in
from pipeline.records.workplace import clear_abandoned
from pipeline.records.writing import write_record
from pipeline.sent.manifest import About
from pipeline.sent.package import Source
from pipeline.sent.sealing import Order, desk_of
from pipeline.sent.sealing import finish_interrupted as finish_sending

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LINE = BookLine(datetime(2025, 9, 15, 9, 0, tzinfo=ZONE), "Zalo", "ghi chú")
NAME = "Xã Vĩnh Thái - bc.xlsx"


def book() -> None:
    """Add a line to the receiving book, once."""
    clear_abandoned(Path("in"))
    book = Path("in/q3/so-nhan.csv")
    if NAME not in read_book(book, ZONE):
        add_line(book, NAME, LINE)


def take() -> None:
    """Take a file in and book it."""
    with copied(Path("bc.xlsx"), Path("in/q3")) as copy:
        take_in(copy, NAME, LINE, ZONE)


def finish() -> None:
    """What every command does first."""
    clear_abandoned(Path("in"))
    finish_interrupted(Path("in/q3"), ZONE)


def record() -> None:
    """Exchange a file that lasts."""
    write_record(Path("in/q3/units.csv"), b"unit_id\nXA-moi\n" * 1000)


def exchange() -> None:
    """Build a folder of outputs and put it in the place of the old one."""
    target = Path("out/q3")
    with staging_folder(target) as staged:
        (staged / "du-lieu").mkdir()
        for name in ("a.txt", "du-lieu/b.txt"):
            (staged / name).write_text("mới", encoding="utf-8")
        digest = sha256("mới".encode()).hexdigest()
        told = {"outputs": [{"file": name, "sha256": digest} for name in ("a.txt", "du-lieu/b.txt")]}
        (staged / RECORD).write_text(json.dumps(told), encoding="utf-8")
        swap_in(staged, target)


def put() -> None:
    """Put new blank forms beside what else lies there."""
    target = Path("out/q3")
    with staging_folder(target) as staged:
        (staged / "mau").mkdir()
        for name in ("x", "y"):
            (staged / "mau" / f"{name}.xlsx").write_text("mới", encoding="utf-8")
        put_files(staged, target, ["mau/x.xlsx", "mau/y.xlsx"], set())


def send() -> None:
    """Seal a package and book it, the second of its year."""
    sent = Path("gui")
    clear_abandoned(sent)
    finish_sending(sent / "2025")
    about = About(2025, "a.json", {}, {})
    parts = [Source("a.json", b"{}"), Source("b.csv", b"x\n" * 2000)]
    with desk_of(sent / "2025") as desk:
        if not desk.sent_before("2/BC"):
            desk.seal(Order("q3", "2/BC", "2025-09-19", "UBND", "2025-09-19 14:20", "", parts, about))
