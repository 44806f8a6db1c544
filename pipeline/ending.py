"""How a command ends that could not be done: one sentence and status 2; of a defect of ours, a file for the programmer.

The file names where in the code it happened and which libraries stood there. It holds no message of an exception and no
value of a variable, for these may be what a unit wrote.
"""

import os
import platform
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from pipeline import __version__

FOLDER = "loi"
_LIBRARIES = ("click", "pandas", "pandera", "python-calamine", "openpyxl", "xlsxwriter", "lxml", "python-docx")
_ROOT = Path(__file__).resolve().parent.parent
_MOST_FRAMES = 60


def speak_utf8() -> None:
    """UTF-8 for names, files and screen, whatever the machine says; where Python began otherwise, it begins again.

    In another encoding the names of files would be other names: the book would not know them, and outputs would differ.
    """
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONUTF8": "1"})
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A name that is no UTF-8 is shown as well as can be, rather than ending the command.
            stream.reconfigure(encoding="utf-8", errors="replace")


def keep_quiet() -> None:
    """What Python and libraries print beside a command is no use to the officer: what counts is caught and worded."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None  # a library's destructor on a full disk
    threading.excepthook = lambda _: None  # a thread whose work is asked for elsewhere, where it is caught


def let_go(stream: IO[str]) -> None:
    """Flush; what nobody takes any more is thrown away here, so that Python does not complain at its end."""
    try:
        stream.flush()
    except OSError:
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def outputs_named(words: Sequence[str]) -> Path:
    """The folder of outputs that a command names, else the usual one; read here, for click may not have come so far."""
    named = Path("outputs")
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--outputs" and following:
            named = Path(following)
        elif word.startswith("--outputs="):
            named = Path(word.partition("=")[2])
    return named


def told_of_defect(error: BaseException, words: Sequence[str], moment: datetime) -> str:
    """The sentence for the officer; the file that it names is written on the way, if the machine lets us."""
    try:
        path = _write(outputs_named(words) / FOLDER, moment, _described(error, words, moment))
    except (OSError, ValueError):
        return "phần mềm gặp lỗi của chính nó, kết quả cũ vẫn còn nguyên; xin báo người phụ trách phần mềm."
    return (
        "phần mềm gặp lỗi của chính nó, kết quả cũ vẫn còn nguyên; "
        f"xin gửi tệp “{path}” (không chứa số liệu của đơn vị nào) cho người phụ trách phần mềm."
    )


def _write(folder: Path, moment: datetime, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    name, number = f"loi-{moment:%Y%m%d-%H%M%S}", 1
    while True:
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        try:
            with path.open("x", encoding="utf-8", errors="replace") as handle:
                handle.write(text)
            return path
        except FileExistsError:
            number += 1


def _described(error: BaseException, words: Sequence[str], moment: datetime) -> str:
    command = next((word for word in words if word.isalpha() and word.isascii()), "")
    head = [
        f"cchc {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"{moment:%Y-%m-%d %H:%M:%S}, lệnh: {command}",
        ", ".join(_versions()),
    ]
    return "\n".join([*head, "", *_told(error)]) + "\n"


def _versions() -> Iterator[str]:
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"


def _told(error: BaseException) -> Iterator[str]:
    """Each exception of the chain, the first cause last: its kind, and its way through the code."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield f"{type(current).__module__}.{type(current).__qualname__}"
        frames = traceback.extract_tb(current.__traceback__)
        yield from (_frame(frame) for frame in frames[-_MOST_FRAMES:])
        current = current.__cause__ or current.__context__
        if current is not None:
            yield "do:"


def _frame(frame: Any) -> str:
    path = Path(frame.filename)
    place = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(*path.parts[-3:])
    return f"  {place.as_posix()}:{frame.lineno} {frame.name}"
