"""What hangs on cells: notes and threads of an .xlsx package, and how a comment of any format is told.

In: parts of XML, or what a reader of another format found. Out: `Comment`s with their authors, each said once.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.files.findings import Place
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import is_index, place
from pipeline.values.cells import Comment

_FROM_A_THREAD = "tc="  # Excel repeats a thread as a note by this author
_NOBODY = "None"  # what openpyxl writes for an author that is not known
_LEAD = re.compile(  # what Google and Excel put before the words of a thread
    r"======\s+ID#\S+\s+|\[[^\]]+\]\n\n[^\n]+\n\n"
)


def as_comment(here: Place, author: str, text: str) -> list[Comment]:
    """The comment, its author not said twice; nothing when it holds no word."""
    author = "" if author.strip() == _NOBODY else author.strip()
    said = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if author and said.startswith(f"{author}:"):
        said = said[len(author) + 1 :].strip()
    return [Comment(here, author, said)] if said else []


def xml_notes(part: bytes, limits: Limits) -> list[Comment]:
    """The notes of one sheet of an .xlsx package."""
    authors: list[str] = []
    found: list[Comment] = []
    reference = number = ""

    def see(name: str, attributes: Mapping[str, str], said: str) -> None:
        nonlocal reference, number
        if name == "author":
            authors.append(said)
        elif name == "text":
            author = authors[int(number)] if is_index(number) and int(number) < len(authors) else ""
            found.extend(as_comment(place(reference), author, said))
        elif name == "comment":
            reference, number = attributes.get("ref", ""), attributes.get("authorId", "")

    _read(part, limits, ("author", "t"), see)
    return found


def threads(part: bytes, persons: Mapping[str, str], limits: Limits) -> list[Comment]:
    """The comments of the threads on one sheet; `persons` are names by id."""
    found: list[Comment] = []
    head: tuple[str, str] | None = None

    def see(name: str, attributes: Mapping[str, str], said: str) -> None:
        nonlocal head
        if name == "threadedComment":
            head = attributes.get("ref", ""), persons.get(attributes.get("personId", ""), "")
        elif name == "text" and head:
            found.extend(as_comment(place(head[0]), head[1], said))

    _read(part, limits, ("text",), see)
    return found


def persons(part: bytes, limits: Limits) -> dict[str, str]:
    """The names of those who write in threads, by id."""
    names: dict[str, str] = {}

    def person(name: str, attributes: Mapping[str, str]) -> None:
        if name == "person":
            names[attributes.get("id", "")] = attributes.get("displayName", "")

    walk(part, limits.depth, person)
    return names


def in_order(notes: Iterable[Comment], threaded: Iterable[Comment]) -> tuple[Comment, ...]:
    """Notes and threads in the order of their cells, without the notes by which Excel repeats a thread."""
    said = tuple(threaded)
    places = {comment.place for comment in said}
    kept = (
        _plain(comment)
        for comment in notes
        if comment.place not in places or not comment.author.startswith(_FROM_A_THREAD)
    )
    return tuple(sorted((*kept, *said), key=lambda comment: comment.place))


def _plain(comment: Comment) -> Comment:
    """A note without what the program that made a thread of it put round it."""
    author = "" if comment.author.startswith(_FROM_A_THREAD) else comment.author
    return replace(comment, author=author, text=_LEAD.sub("", comment.text, count=1) or comment.text)


def _read(
    part: bytes, limits: Limits, worded: tuple[str, ...], see: Callable[[str, Mapping[str, str], str], None]
) -> None:
    """Call `see` where an element begins; for authors and texts where they end, with the words in them.

    Words count only inside the elements named in `worded`.
    """
    inside: list[str] = []
    words: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name)
        if name in ("author", "text"):
            words.clear()
        else:
            see(name, attributes, "")

    def end(name: str) -> None:
        inside.pop()
        if name in ("author", "text"):
            see(name, {}, "".join(words))

    def text(data: str) -> None:
        if inside and inside[-1] in worded:
            words.append(data)

    walk(part, limits.depth, start, end, text)
