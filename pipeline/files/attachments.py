"""What hangs on the sheets of an .xlsx or .xlsb package beside its cells: comments with their authors, pictures, boxes with words, links.

Nothing is parsed where the package has no such part. A part that is broken is left out: no figure stands in it.
"""

import posixpath
import re
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from pipeline.files.drawings import drawings
from pipeline.files.findings import Place, RefusedError, SheetFacts
from pipeline.files.limits import Limits
from pipeline.files.markup import walk
from pipeline.files.places import box, is_index, place
from pipeline.values.cells import Comment

Notes = Callable[[bytes, Limits], list[Comment]]

_RELATIONS = "xl/worksheets/_rels/"
_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^>]*>")
_ATTRIBUTE = re.compile(rb"([\w:]+)=[\"']([^\"']*)[\"']")
_FROM_A_THREAD = "tc="  # Excel repeats a thread as a note by this author
_NOBODY = "None"  # what openpyxl writes for an author that is not known
_LEAD = re.compile(
    r"======\s+ID#\S+\s+|\[[^\]]+\]\n\n[^\n]+\n\n"
)  # what Google and Excel put before the words of a thread


def xml_notes(part: bytes, limits: Limits) -> list[Comment]:
    """The notes of one sheet of an .xlsx package."""
    authors: list[str] = []
    heads: list[tuple[str, str]] = []
    found: list[Comment] = []

    def see(name: str, attributes: Mapping[str, str], said: str) -> None:
        if name == "author":
            authors.append(said)
        elif name == "text":
            reference, number = heads[-1] if heads else ("", "")
            author = authors[int(number)] if is_index(number) and int(number) < len(authors) else ""
            found.extend(as_comment(place(reference), author, said))
        elif name == "comment":
            heads.append((attributes.get("ref", ""), attributes.get("authorId", "")))

    _read(part, limits, ("author", "t"), see)
    return found


def with_attachments(
    sheets: Mapping[str, SheetFacts],
    names: Callable[[], Mapping[str, str]],
    parts: Mapping[str, bytes],
    limits: Limits,
    notes: Notes = xml_notes,
) -> Mapping[str, SheetFacts]:
    """The facts by sheet name, with what hangs there added. `names` gives the sheet of each part, `notes` reads a part of notes."""
    if not any(
        "omments" in name or name.startswith("xl/drawings/drawing") or (_RELATIONS in name and b"/hyperlink" in part)
        for name, part in parts.items()
    ):
        return sheets
    persons: dict[str, str] = {}
    found = dict(sheets)
    for name in (name for name in parts if name.startswith("xl/persons/")):
        with suppress(RefusedError):
            persons |= _persons(parts[name], limits)
    for part, sheet in ((part, sheet) for part, sheet in names().items() if sheet in sheets):
        with suppress(RefusedError, struct.error, IndexError, UnicodeDecodeError):
            linked = _linked(part, parts, limits)
            drawn = tuple(item for name in linked["drawing"] if name in parts for item in drawings(parts[name], limits))
            links = _links(parts[part], linked) if part.endswith(".xml") else {}
            found[sheet] = replace(
                sheets[sheet], comments=_comments(linked, parts, persons, limits, notes), drawn=drawn, links=links
            )
    return found


def as_comment(here: Place, author: str, text: str) -> list[Comment]:
    """The comment, its author not said twice; nothing when it holds no word."""
    author = "" if author.strip() == _NOBODY else author.strip()
    said = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if author and said.startswith(f"{author}:"):
        said = said[len(author) + 1 :].strip()
    return [Comment(here, author, said)] if said else []


def _comments(
    linked: Mapping[str, list[str]],
    parts: Mapping[str, bytes],
    persons: Mapping[str, str],
    limits: Limits,
    notes: Notes,
) -> tuple[Comment, ...]:
    threads = [
        comment
        for name in linked["threadedComment"]
        if name in parts
        for comment in _threads(parts[name], persons, limits)
    ]
    listed = [comment for name in linked["comments"] if name in parts for comment in notes(parts[name], limits)]
    threaded = {comment.place for comment in threads}
    kept = [
        _plain(comment)
        for comment in listed
        if comment.place not in threaded or not comment.author.startswith(_FROM_A_THREAD)
    ]
    return tuple(sorted((*kept, *threads), key=lambda comment: comment.place))


def _plain(comment: Comment) -> Comment:
    """A note without what the program that made a thread of it put round it."""
    author = "" if comment.author.startswith(_FROM_A_THREAD) else comment.author
    return replace(comment, author=author, text=_LEAD.sub("", comment.text, count=1) or comment.text)


def _linked(part: str, parts: Mapping[str, bytes], limits: Limits) -> Mapping[str, list[str]]:
    """The parts that a sheet refers to, by the last word of the kind of relationship; addresses outside by their id."""
    folder, name = posixpath.split(part)
    targets: dict[str, list[str]] = defaultdict(list)

    def link(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") == "External":
                targets[attributes.get("Id", "")].append(target)
                return
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[attributes.get("Type", "").rpartition("/")[2]].append(path)

    walk(parts.get(f"{folder}/_rels/{name}.rels", b"<none/>"), limits.depth, link)
    return targets


def _links(part: bytes, linked: Mapping[str, list[str]]) -> dict[Place, str]:
    """Addresses by the cell that leads there; only those outside the workbook, for the others are no evidence of anything."""
    found: dict[Place, str] = {}
    for tag in _LINK.findall(part):
        attributes = {
            name.rpartition(b":")[2].decode(): value.decode("utf-8", "replace")
            for name, value in _ATTRIBUTE.findall(tag)
        }
        for address in linked.get(attributes.get("id", ""), ()):
            top, left, bottom, right = box(attributes.get("ref", ""))
            if (top, left) == (bottom, right) and not address.startswith("#"):
                found[top, left] = address
    return found


def _persons(part: bytes, limits: Limits) -> dict[str, str]:
    names: dict[str, str] = {}

    def person(name: str, attributes: Mapping[str, str]) -> None:
        if name == "person":
            names[attributes.get("id", "")] = attributes.get("displayName", "")

    walk(part, limits.depth, person)
    return names


def _threads(part: bytes, persons: Mapping[str, str], limits: Limits) -> list[Comment]:
    heads: list[tuple[str, str]] = []
    found: list[Comment] = []

    def see(name: str, attributes: Mapping[str, str], said: str) -> None:
        if name == "threadedComment":
            heads.append((attributes.get("ref", ""), persons.get(attributes.get("personId", ""), "")))
        elif name == "text" and heads:
            found.extend(as_comment(place(heads[-1][0]), heads[-1][1], said))

    _read(part, limits, ("text",), see)
    return found


def _read(
    part: bytes, limits: Limits, worded: tuple[str, ...], see: Callable[[str, Mapping[str, str], str], None]
) -> None:
    """Call `see` where an element begins, and once more with the words in it where it ends; words count only inside `worded`."""
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
