"""Packages and their book: sealed together or not at all, proved to the last byte, whatever Excel does to the book."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declare.errors import PipelineError
from pipeline.records.digests import digest_of
from pipeline.sent import manifest as manifests
from pipeline.sent.book import SENDING_BOOK
from pipeline.sent.manifest import About, BrokenPackageError
from pipeline.sent.newest import newest
from pipeline.sent.package import Source
from pipeline.sent.proof import prove
from pipeline.sent.sealing import Order, desk_of
from pipeline.values.sent import Edited, Sending
from tests.killing import ROOT, Killer, Mode

TABLES = {
    "figures": "unit_id,indicator_id,value\nXA-a,CT01,5\nXA-b,CT01,\n",
    "totals": "indicator_id,this_period,cumulative\nCT01,5,9\n",
}
EDITED = Edited("Bao-cao.docx", "", "đoạn “tin”", "total", "", "CT01", "this_period", 5.0, 7.0)


def order(number: str, period: str = "q3", note: str = "") -> Order:
    parts = [Source(f"du-lieu/{name}.csv", text.encode()) for name, text in TABLES.items()]
    tables = {name: f"du-lieu/{name}.csv" for name in TABLES}
    about = About(2025, "ghi.json", tables, {"inputs/2025/q3/a.xlsx": "ab"}, edited=(EDITED,))
    parts.append(Source("ghi.json", b'{"plan": 2025}'))
    return Order(period, number, "2025-09-19", "UBND tỉnh", "2025-09-19 14:20", note, parts, about)


def seal(folder: Path, *orders: Order) -> list[Sending]:
    sealed = []
    for item in orders:
        with desk_of(folder) as desk:
            sealed.append(desk.seal(item))
    return sealed


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three packages of a year, the second of another period."""
    folder = tmp_path_factory.mktemp("sent") / "2025"
    seal(folder, order("1/BC", note="DỮ LIỆU MẪU"), order("2/BC", "6t"), order("3/BC"))
    return folder


@pytest.fixture
def year(sealed: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sealed, tmp_path / "sent" / "2025")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def lines(folder: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / SENDING_BOOK).read_text(encoding="utf-8-sig"))))


def rewritten(folder: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    (folder / SENDING_BOOK).write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def test_packages_are_numbered_chained_and_sound(year: Path) -> None:
    proof = prove(year)
    assert proof.faults == ()
    assert [(line.seq, line.package) for line in proof.lines] == [(1, "q3-01.zip"), (2, "6t-01.zip"), (3, "q3-02.zip")]
    told = [json.loads(zipfile.ZipFile(year / line.package).read("manifest.json")) for line in proof.lines]
    assert [item["previous"] for item in told] == [None, *(digest_of(year / line.package) for line in proof.lines[:2])]
    assert [line.sha256 for line in proof.lines] == [digest_of(year / line.package) for line in proof.lines]


def test_anybody_can_unpack_a_package_and_the_same_parts_give_the_same_bytes(year: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "2025"
    seal(other, order("1/BC", note="DỮ LIỆU MẪU"))
    assert (other / "q3-01.zip").read_bytes() == (year / "q3-01.zip").read_bytes()
    with zipfile.ZipFile(year / "q3-01.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("du-lieu/figures.csv").decode() == TABLES["figures"]


def test_the_newest_is_that_of_its_period_with_what_people_changed_laid_over(year: Path) -> None:
    sent = newest(year.parent, 2025, "q3")
    assert sent is not None
    assert (sent.sending.package, sent.sending.sha256) == ("q3-02.zip", digest_of(year / "q3-02.zip"))
    assert [(row["unit_id"], row["value"]) for row in sent.rows("figures")] == [("XA-a", "5"), ("XA-b", "")]
    assert [(row["this_period"], row["cumulative"]) for row in sent.rows("totals")] == [("5", "9")]
    assert [(item.kind, item.id, item.sent) for item in sent.edited] == [("total", "CT01", 7)]
    assert sent.inputs == {"inputs/2025/q3/a.xlsx": "ab"}
    assert newest(year.parent, 2025, "nam") is newest(year.parent, 2024, "q3") is None


def damage(edit: Callable[[bytes], bytes], name: str = "q3-01.zip") -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        (folder / name).write_bytes(edit((folder / name).read_bytes()))

    return do


def remade(change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]) -> Callable[[Path], None]:
    """The first package with other parts, and a line that knows its new sha256."""

    def do(folder: Path) -> None:
        path = folder / "q3-01.zip"
        with zipfile.ZipFile(path) as archive:
            parts = change([(info.filename, archive.read(info)) for info in archive.infolist()])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *_, **__: None)
            with zipfile.ZipFile(path, "w") as archive:
                for name, data in parts:
                    archive.writestr(name, data)
        cell("sha256", digest_of(path))(folder)

    return do


def in_manifest(**told: object) -> Callable[[Path], None]:
    return remade(
        lambda parts: [
            (name, json.dumps(json.loads(data) | told).encode() if name == "manifest.json" else data)
            for name, data in parts
        ]
    )


def cell(column: str, text: str, row: int = 1) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        rows = lines(folder)
        rows[row][rows[0].index(column)] = text
        rewritten(folder, rows)

    return do


def without(row: int) -> Callable[[Path], None]:
    return lambda folder: rewritten(folder, [line for place, line in enumerate(lines(folder)) if place != row])


def both(*acts: Callable[[Path], None]) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        for act in acts:
            act(folder)

    return do


def flipped(data: bytes) -> bytes:
    at = data.index(b"XA-a") if b"XA-a" in data else len(data) // 3
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


FAULTS: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a byte altered": (damage(flipped), ["q3-01.zip"]),
    "cut short": (damage(lambda data: data[:-40]), ["q3-01.zip", "cắt cụt"]),
    "emptied": (damage(lambda _: b""), ["q3-01.zip", "cắt cụt"]),
    "continued": (damage(lambda data: data + b"x"), ["q3-01.zip"]),
    "the last one altered": (damage(flipped, "q3-02.zip"), ["q3-02.zip"]),
    "renamed": (lambda folder: Path.rename(folder / "6t-01.zip", folder / "cu.zip") and None, ["6t-01.zip", "cu.zip"]),
    "lost": (lambda folder: (folder / "6t-01.zip").unlink(), ["6t-01.zip", "không có trong thư mục"]),
    "copied": (lambda folder: shutil.copy(folder / "6t-01.zip", folder / "6t-02.zip") and None, ["6t-02.zip"]),
    "foreign": (lambda folder: (folder / "anh.zip").write_bytes(b"PK") and None, ["anh.zip", "sổ gửi"]),
    "a folder of its name": (lambda folder: (folder / "q3-07.zip").mkdir(), ["q3-07.zip", "không đọc được"]),
    "a line deleted": (without(2), ["6t-01.zip", "không có dòng"]),
    "the last line deleted": (without(3), ["q3-02.zip", "không có dòng"]),
    "line and package gone": (
        both(without(2), lambda folder: (folder / "6t-01.zip").unlink()),
        ["thiếu lần gửi số 2"],
    ),
    "a line doubled": (lambda folder: rewritten(folder, [*lines(folder), lines(folder)[1]]), ["q3-01.zip", "ghi lại"]),
    "another number": (cell("number", "9/BC"), ["number", "9/BC", "1/BC"]),
    "another day": (cell("date", "2025-09-20"), ["date", "2025-09-20"]),
    "another period": (cell("period", "6t"), ["period"]),
    "another addressee": (cell("addressee", "UBND huyện"), ["addressee"]),
    "another sha256": (cell("sha256", "0" * 64), ["q3-01.zip", "sha256"]),
    "the mark of samples deleted": (cell("note", ""), ["note", "DỮ LIỆU MẪU"]),
    "no running number": (cell("seq", "một"), ["seq"]),
    "a part more": (remade(lambda parts: [*parts, ("la.txt", b"")]), ["la.txt"]),
    "a part less": (remade(lambda parts: parts[1:]), ["du-lieu/figures.csv"]),
    "a part exchanged": (remade(lambda parts: [(parts[0][0], b"x"), *parts[1:]]), ["du-lieu/figures.csv"]),
    "a part twice": (remade(lambda parts: [*parts, parts[0]]), ["hai phần cùng tên"]),
    "a part elsewhere": (remade(lambda parts: [*parts, ("../la.txt", b"")]), ["đường dẫn lạ"]),
    "no manifest": (remade(lambda parts: parts[:-1]), ["manifest.json"]),
    "a manifest in pieces": (remade(lambda parts: [*parts[:-1], ("manifest.json", b"{")]), ["manifest.json"]),
    "a newer program": (in_manifest(program="9.0.0"), ["bản phần mềm mới hơn", "9.0.0"]),
    "a newer format": (in_manifest(format=2), ["bản phần mềm mới hơn"]),
    "another one of a newer program": (both(in_manifest(program="9.0.0"), cell("sha256", "0" * 64)), ["sha256"]),
    "not the first": (in_manifest(previous="ab"), ["q3-01.zip"]),
    "another year": (in_manifest(year=2024), ["2024"]),
    "no columns": (lambda folder: rewritten(folder, [["a", "b"], ["1", "2"]]), ["cần dòng đầu"]),
}
# What was exchanged with its line shows in the chain as well: the next package stood behind another one.
CHAINED = {name for name, (act, _) in FAULTS.items() if act.__qualname__.startswith("remade") or "newer" in name}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_is_not_as_sealed_is_one_sentence_and_nothing_is_changed(name: str, year: Path) -> None:
    act, words = FAULTS[name]
    act(year)
    before = contents(year)
    found = prove(year).faults
    faults = [fault.sentence for fault in found]
    assert all(word in faults[0] for word in words), faults
    assert len(faults) == 1 + (name in CHAINED), faults
    assert found[0].is_newer == name.startswith("a newer")
    assert contents(year) == before


@settings(max_examples=15)
@given(place=st.integers(0, 1 << 20), name=st.sampled_from(["q3-01.zip", "6t-01.zip", "q3-02.zip"]))
def test_any_byte_altered_anywhere_is_named(place: int, name: str, sealed: Path) -> None:
    data = (sealed / name).read_bytes()
    place %= len(data)
    try:
        (sealed / name).write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        assert [fault.package for fault in prove(sealed).faults] == [name]
        if name == "q3-02.zip":
            with pytest.raises(BrokenPackageError):
                newest(sealed.parent, 2025, "q3")
    finally:
        (sealed / name).write_bytes(data)


def as_excel(folder: Path, day: str, moment: str) -> None:
    """Semicolons, days as the machine shows them, columns moved, the note written on, a blank line at the end."""
    head, *rows = lines(folder)
    for row in rows:
        row[head.index("date")], row[head.index("sent_at")] = day, moment
        row[-1] += " đã nhận phản hồi"
    places = [head.index(name) for name in (*reversed(head[4:]), *head[:4])]
    rewritten(folder, [*([row[place] for place in places] for row in (head, *rows)), [""] * len(head)], ";")


@pytest.mark.parametrize(
    ("day", "moment"),
    [("19/09/2025", "19/09/2025 14:20"), ("9/19/2025", "9/19/2025 14:20"), ("19/9/25", "19/9/25 14:20")],
)
def test_a_book_that_excel_saved_is_no_fault_and_goes_on_as_it_is(day: str, moment: str, year: Path) -> None:
    as_excel(year, day, moment)
    assert prove(year).faults == ()
    [sending] = seal(year, order("4/BC", note="=1+1"))
    assert (sending.seq, sending.package) == (4, "q3-03.zip")
    head, *_ = (year / SENDING_BOOK).read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("note;sha256;package;")
    assert "'=1+1" in (year / SENDING_BOOK).read_text(encoding="utf-8-sig")
    assert prove(year).faults == ()


def test_no_number_is_given_twice_after_a_line_was_deleted(year: Path) -> None:
    without(3)(year)
    [sending] = seal(year, order("4/BC"))
    assert (sending.seq, sending.package) == (4, "q3-03.zip")
    with desk_of(year) as desk:
        assert [line.number for line in map(desk.sent_before, (" 3 / bc", "4/BC")) if line] == ["3/BC", "4/BC"]
        assert desk.sent_before("5/BC") is None
    assert len(prove(year).faults) == 1


@pytest.mark.parametrize("held", ["excel", "libreoffice", "read-only name"])
def test_a_book_held_open_is_refused_before_anything_is_sealed(
    held: str, year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, before = year / SENDING_BOOK, {path.name for path in year.iterdir()}
    replace_file = Path.replace

    def refuse(self: Path, place: Path) -> Path:
        if place == book and held != "libreoffice":
            raise PermissionError(13, "held open", str(place))
        return replace_file(self, place)

    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(Path, "replace", refuse)
    if held == "libreoffice":
        (year / f".~lock.{SENDING_BOOK}#").touch()
        before.add(f".~lock.{SENDING_BOOK}#")
    monkeypatch.setattr("pipeline.sent.sealing.seal", lambda *_: pytest.fail("sealed"))
    with pytest.raises(PipelineError, match="đóng lại"):
        seal(year, order("4/BC"))
    assert {path.name for path in year.iterdir()} == before


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 5])
@pytest.mark.parametrize("mode", ["kill", "full"])
def test_a_sending_stopped_at_any_event_leaves_both_or_neither(
    mode: Mode, step: int, tmp_path: Path, part_killer: Killer
) -> None:
    first = tmp_path / "first"
    seal(first / "gui" / "2025", order("1/BC"))
    events = part_killer.run(shutil.copytree(first, tmp_path / "count"), "part", "send").events
    assert events > 20
    for at in range(1 + (mode == "full"), events + 1, step):
        home = shutil.copytree(first, tmp_path / f"{mode}-{at}")
        part_killer.run(home, "part", "send", mode=mode, at=at)
        year = home / "gui" / "2025"
        if mode == "full":
            assert len(lines(year)) - 1 == len(list(year.glob("*.zip"))), at
        ended = part_killer.run(home, "part", "send")
        assert ended.status == 0, ended.err
        assert prove(year).faults == (), at
        assert [line.number for line in prove(year).lines] == ["1/BC", "2/BC"], at
        assert sorted(path.name for path in (home / "gui").rglob("*")) == [
            "2025",
            "q3-01.zip",
            "q3-02.zip",
            SENDING_BOOK,
        ]


@pytest.fixture(scope="module")
def part_killer() -> "Killer":
    with Killer(parts_alone=True) as killer:
        yield killer


TOGETHER = """
import sys
from pathlib import Path
from pipeline.sent.manifest import About
from pipeline.sent.package import Source
from pipeline.sent.sealing import Order, desk_of
sys.stdin.read()
for turn in range(3):
    about, parts = About(2025, "a", {}, {}), [Source("a", b"{}")]
    with desk_of(Path(sys.argv[1])) as desk:
        desk.seal(Order("q3", sys.argv[2] + str(turn), "2025-09-19", "UBND", "2025-09-19 14:20", "", parts, about))
"""


def test_sendings_at_once_share_no_number(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", TOGETHER, tmp_path / "2025", who], cwd=ROOT, stdin=subprocess.PIPE)
        for who in ("a", "b")
    ]
    for process in running:
        assert process.stdin
        process.stdin.close()
    assert [process.wait() for process in running] == [0, 0]
    proof = prove(tmp_path / "2025")
    assert proof.faults == ()
    assert [(line.seq, line.package) for line in proof.lines] == [(n, f"q3-0{n}.zip") for n in range(1, 7)]


def test_an_older_manifest_stays_readable(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "__version__", "1.2.0")
    assert prove(year).faults == ()
