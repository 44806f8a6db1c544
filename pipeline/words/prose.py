"""Words as they stand in the middle of a sentence of an official paper: numbers, shares, names."""

from pipeline.words.documents import BLANK
from pipeline.words.numbers import number_text, percent_text

# In front of a place's own name these stand small in a sentence (NĐ 30/2020/NĐ-CP, Phụ lục II).
_COMMON_NOUNS = ("Xã ", "Phường ", "Thị trấn ", "Đặc khu ")


def prose(value: float) -> str:
    """A number as papers write it: “03” below ten, as is their custom, dots between thousands, a decimal comma."""
    return f"0{value:.0f}" if value in range(1, 10) else number_text(value)


def share(part: int, whole: int) -> str:
    """“08/32”."""
    return f"{prose(part)}/{prose(whole)}"


def percent(part: int, whole: int) -> str:
    """“87,5%”; nothing to divide by gives the blank."""
    return percent_text(part, whole) if whole else BLANK


def lowered(text: str) -> str:
    """For the middle of a sentence; abbreviations such as TTHC keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def capitalised(text: str) -> str:
    """The text as a sentence begins with it; its other letters as they are."""
    return text[:1].upper() + text[1:]


def in_text(name: str) -> str:
    """The name of a unit as it stands in a sentence: “xã Vĩnh Ô”, but “Phòng Nội vụ”."""
    return lowered(name) if name.startswith(_COMMON_NOUNS) else name


def initials(office: str) -> str:
    """“Phòng Nội vụ” → “NV”, for “Lưu: VT, NV.”."""
    return "".join(word[0].upper() for word in office.split()[1:])
