"""The notes, pictures and worded boxes on one sheet of an old .xls workbook; notes have their texts in boxes too."""

import struct

from pipeline.files.comments import as_comment
from pipeline.values.cells import Comment, Drawn

_BOX, _BOX_TEXT, _MORE, _NOTE = 0x005D, 0x01B6, 0x003C, 0x001C
_PICTURE_BOX, _TEXT_BOXES, _NOTE_BOX = 8, (2, 6, 14, 30), 0x19  # kinds of drawn objects
KINDS = (_BOX, _BOX_TEXT, _MORE, _NOTE)


class BoxReader:
    """Takes the records of a sheet one after the other and gives back what lies on it."""

    def __init__(self, is_wide: bool) -> None:
        self._is_wide = is_wide
        self._texts: dict[int, str] = {}
        self._notes: list[tuple[tuple[int, int], str, int]] = []
        self._before: list[Comment] = []
        self._boxes: list[int] = []  # those with words of their own
        self._pictures = 0
        self._box = -1
        self._due = 0  # letters of the current box that are still to come

    def see(self, kind: int, data: bytes) -> None:
        """One record of `KINDS`."""
        if kind == _MORE:
            self._more(data)
            return
        self._due = 0
        if kind == _BOX and len(data) >= 8:
            sort, number = struct.unpack_from("<HH", data, 4)
            self._box = number if sort == _NOTE_BOX or sort in _TEXT_BOXES else -1
            self._boxes += [number] if sort in _TEXT_BOXES else []
            self._pictures += sort == _PICTURE_BOX
        elif kind == _BOX_TEXT and len(data) >= 12 and self._box >= 0:
            (self._due,) = struct.unpack_from("<H", data, 10)
            self._texts[self._box] = ""
        elif kind == _NOTE and len(data) >= 6:
            self._note(data)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The notes in the order of their cells."""
        found = [
            comment
            for here, author, box in self._notes
            for comment in as_comment(here, author, self._texts.get(box, ""))
        ]
        return tuple(sorted((*self._before, *found), key=lambda comment: comment.place))

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """Pictures and boxes; where on the sheet they lie is written elsewhere."""
        words = (self._texts.get(box, "").replace("\r", "\n").strip() for box in self._boxes)
        return (*[Drawn((-1, -1), "")] * self._pictures, *(Drawn((-1, -1), text) for text in words if text))

    def _more(self, data: bytes) -> None:
        if self._due and data:
            text = data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "ignore")[: self._due]
            self._texts[self._box] += text
            self._due -= len(text)

    def _note(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        if not self._is_wide:  # Excel 95 keeps the text in the note
            self._before += as_comment((row, column), "", data[6:].decode("cp1252", "replace"))
        elif len(data) >= 11:
            box, length = struct.unpack_from("<HH", data, 6)
            name = data[11 : 11 + length * (2 if data[10] & 1 else 1)]
            self._notes.append(((row, column), name.decode("utf-16-le" if data[10] & 1 else "latin-1", "ignore"), box))
