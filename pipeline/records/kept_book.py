"""A book that the program keeps and an officer may open in Excel: a CSV, read and continued as it was saved last.

Comma or semicolon, with or without the mark of UTF-8, columns in any order, any line ends.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.declare.errors import PipelineError
from pipeline.records.writing import is_full, write_whole

_LINE_END = re.compile(r"\r\n|\n|\r")  # the last is what Excel for the Mac writes
_ENCODINGS = ("utf-8-sig", "cp1258")  # the second is what Excel saves plain CSV in


@dataclass(frozen=True, slots=True)
class KeptBook:
    """Which book it is: its place, what sentences call it, its columns and those that it cannot do without."""

    path: Path
    name: str
    columns: tuple[str, ...]
    needed: frozenset[str]

    def lines(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Every line that says something: its number and its cells by column, stripped; none where there is no book."""
        if not self.path.is_file():
            return
        text = self._text()
        reader = csv.DictReader(io.StringIO(text, newline=None), delimiter=_delimiter(text))
        try:
            if not self.needed <= {name.strip() for name in reader.fieldnames or ()}:
                raise PipelineError(f"{self.name} {self.path} cần dòng đầu: {','.join(self.columns)}.")
            for row in reader:
                cells = {name.strip(): (row.get(name) or "").strip() for name in reader.fieldnames or ()}
                if any(cells.values()):
                    yield reader.line_num, cells
        except csv.Error:
            raise PipelineError(
                f"{self.name} {self.path}, dòng {reader.line_num} không đọc được; "
                "xin mở bằng Excel và lưu lại dạng CSV UTF-8."
            ) from None

    def with_line(self, values: Mapping[str, str]) -> bytes:
        """The book with one line more, in the columns and with the delimiter that it has; the rest as it stands."""
        text = self._text() if self.path.is_file() else ",".join(self.columns) + "\n"
        end = "" if text.endswith("\n") else "\n"
        columns = next(csv.reader([_head(text)], delimiter=_delimiter(text)))
        written = io.StringIO()
        csv.writer(written, delimiter=_delimiter(text)).writerow([values.get(name.strip(), "") for name in columns])
        whole = text + end + written.getvalue().removesuffix("\r\n") + "\n"
        return whole.encode("utf-8-sig", "replace")

    def exchange(self, data: bytes, work: Path, then: str) -> None:
        """Put `data` in the place of the book; made in `work`. One that is held open is a `PipelineError`.

        `then`: what to do once it is closed, as the end of the sentence.
        """
        try:
            write_whole(self.path, data, work)
        except OSError as error:
            if is_full(error):
                raise
            raise PipelineError(self.held_open(then)) from None

    def held_open(self, then: str) -> str:
        """The sentence for a book that cannot be written."""
        name = self.name[:1].lower() + self.name[1:]
        return f"Không ghi được {name} {self.path}; nếu sổ đang mở trong Excel, xin đóng lại rồi {then}."

    def _text(self) -> str:
        data = self.path.read_bytes()
        for encoding in _ENCODINGS:
            try:
                return unicodedata.normalize("NFC", data.decode(encoding))
            except UnicodeDecodeError:
                continue
        raise PipelineError(f"{self.name} {self.path} cần lưu dạng CSV UTF-8.")


def _head(text: str) -> str:
    return _LINE_END.split(text, maxsplit=1)[0]


def _delimiter(text: str) -> str:
    head = _head(text)
    return ";" if head.count(";") > head.count(",") else ","


def guarded(text: str) -> str:
    """A text on one line, with an apostrophe before what a spreadsheet would run; `unguarded` takes it off again."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line


def unguarded(text: str) -> str:
    """The text as it was meant."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text
