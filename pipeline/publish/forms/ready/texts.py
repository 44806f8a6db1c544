"""What formulas tell of a text: that it says nothing, that it is the number of a document."""

from collections.abc import Iterable

from pipeline.declare.form import Field
from pipeline.declare.proof import Proof
from pipeline.publish.forms.ready.terms import Term, Typed, all_of, listed, matches
from pipeline.words.names import fold

DOCUMENT_NUMBER = r"(Số:?\s*)?\d{1,4}/[A-ZĐ][A-Za-zĐđ]{1,3}-[A-ZĐ&.-]+"
"""The one pattern of which a formula tells whether a text has it; a field with another one is not asked by the form."""

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐ"
_SMALL = "abcdefghijklmnopqrstuvwxyzđ"
_NO_ZERO = r"(?=[^1-9]*[1-9][^/]*/)"  # a document has a number above 0
_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_COMBINING = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
_SIGNS = f" .,;:-–—…_/\\*?\u00a0{_COMBINING}"
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789"
_GROUP = 20  # letters that are one letter without its marks
_READ = 20  # letters of a text that are looked at
_PRIMES = (1_000_003, 2_750_159, 611_953, 3_497_861, 87_803, 1_299_709, 4_256_233, 179_424, 2_038_074, 32_452_843)
_WEIGHTS = tuple((place + 1) * 104_729 + _PRIMES[place % len(_PRIMES)] for place in range(_READ))


def alphabet() -> str:
    """Every letter with its marks, in groups of one length, so that the place of a letter tells which one it is."""
    groups = ([letter, *(mark for mark in _MARKED if fold(mark) == letter)] for letter in _PLAIN)
    return "".join("".join(group).ljust(_GROUP, group[0]) for group in groups)


def bare(address: str) -> str:
    """A formula: the text without signs and spaces, in small letters."""
    formula = f"LOWER({address})"
    for sign in _SIGNS:
        formula = f'SUBSTITUTE({formula},"{sign}","")'
    return formula


def bare_text(text: str) -> str:
    """What that formula comes to."""
    return "".join(sign for sign in text.lower() if sign not in _SIGNS)


def says_nothing(what: Term, bared: str, letters: str, proof: Proof) -> Term:
    """Whether a text is a word for nothing: by a number made of its letters without their marks.

    `bared`: where the bare text stands; `letters`: where the alphabet stands.
    """
    places = listed(range(1, _READ + 1))
    one = f'MID({bared}&REPT("!",{_READ}),{places},1)'
    count = len(_PLAIN) + 1
    index = f"MOD(INT((FIND({one},{letters}&{one})-1)/{_GROUP})+1,{count})"
    known = listed(sorted({0, *(_number(word) for word in proof.nothing)}))
    hashed = f"SUMPRODUCT({index}*{listed(_WEIGHTS)})"
    formula = f"IF(LEN({bared})>{_READ},FALSE,ISNUMBER(MATCH({hashed},{known},0)))"

    def value(typed: Typed) -> bool:
        return proof.says_nothing(str(what.value(typed)))

    return Term(formula, value)


def _number(word: str) -> int:
    letters = [letter for letter in fold(word) if letter in _PLAIN]
    return sum((_PLAIN.index(letter) + 1) * weight for letter, weight in zip(letters, _WEIGHTS, strict=False))


def is_askable(item: Field) -> bool:
    """Whether the form can ask for the shape of a text."""
    return item.pattern in ("", DOCUMENT_NUMBER)


def stripped(address: str) -> str:
    """A formula: the number of a document without the word before it."""
    word = f'IF(EXACT(LEFT({address},2),"Số"),MID({address},3+(MID({address},3,1)=":"),99),{address})'
    return f"TRIM({word})"


def stripped_text(text: str) -> str:
    """What that formula comes to."""
    return (text[3 if text[2:3] == ":" else 2 :] if text.startswith("Số") else text).strip()


def is_document_number(what: Term, bared: str, *, is_real: bool) -> Term:
    """Whether a text has the shape of a document's number; `bared`: where it stands without the word before it.

    `is_real`: whether it has to be above 0 as well.
    """
    slash = f'FIND("/",{bared}&"/")'
    dash = f'FIND("-",{bared}&"-",{slash})'
    kind = f"MID({bared},{slash}+1,{dash}-{slash}-1)"
    above_zero = [f'SUBSTITUTE(LEFT({bared},{slash}-1),"0","")<>""'] if is_real else []
    tests = (
        f"AND({slash}>1,{slash}<6,{dash}-{slash}>2,{dash}-{slash}<6,LEN({bared})>{dash})",
        _consists(f"LEFT({bared},{slash}-1)", "0123456789", 4),
        *above_zero,
        _consists(f"LEFT({kind},1)", _CAPITALS, 1),
        _consists(kind, _CAPITALS + _SMALL, 4),
        _consists(f"MID({bared},{dash}+1,99)", f"{_CAPITALS}&.-", 40),
    )
    formula = "FALSE"
    for test in reversed(tests):
        formula = f"IF({test},{formula if formula != 'FALSE' else 'TRUE'},FALSE)"
    return all_of(matches(what, formula, f"{_NO_ZERO if is_real else ''}(?:{DOCUMENT_NUMBER})"))


def _consists(part: str, letters: str, most: int) -> str:
    """Whether a text consists of some letters alone; one of them stands for what is not there behind its end."""
    one = f'MID({part}&REPT("{letters[0]}",{most}),{listed(range(1, most + 1))},1)'
    return f'SUMPRODUCT(--ISNUMBER(FIND({one},"{letters}")))={most}'


def spelled(words: Iterable[str]) -> list[str]:
    """Each of some words with and without its marks, syllable by syllable; and signs that say nothing."""
    found = {"-", "–", "—", "…", "...", "/", ".", "--", "_"}
    for word in words:
        ways = [""]
        for syllable in word.split():
            ways = [f"{way} {one}".strip() for way in ways for one in dict.fromkeys((syllable, fold(syllable)))]
        found |= {*ways}
    return sorted(found)
