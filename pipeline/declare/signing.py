"""What a line is that signs a report, from `schemas/signing.toml`: asked of single lines of text."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pipeline.declare.facts import build, read_toml
from pipeline.declare.register import Register
from pipeline.words.names import fold

Signs = Literal["role", "signed", "copies", "day", "lesser", "content"]
STRONG: tuple[Signs, ...] = ("role", "signed", "copies", "day")  # lines with which the foot of a sheet may begin
_Phrase = tuple[str, ...]

_LONGEST = 160  # letters of a line that signs
_NAME_LEAST, _NAME_MOST = 2, 6  # words of the name of a person or a place
_word = re.compile(r"[^\W_]+(?:/[^\W_]+)?")
_blanks = r"[\s\d.…_]{0,14}"
_place = r"(?P<place>[^\d,]{2,60}?)"
_day = re.compile(
    rf"(?:{_place}(?P<comma>,)?\s*)?\bngay(?:{_blanks}thang{_blanks}nam{_blanks}|[\s\d./-]{{3,14}})"
    r"|[^\d,]{2,60},\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
)
_no_letters = re.compile(r"[\W_]+")
_in_brackets = re.compile(r"\([^)]*\)")
_address = re.compile(r"\d|@")


@dataclass(frozen=True, eq=False)
class Signing:
    """The words of signing. One value equals only itself, so that what lines are can be remembered with it."""

    roles: tuple[str, ...]
    lesser_roles: tuple[str, ...]
    on_behalf: tuple[str, ...]
    bodies: tuple[str, ...]
    body_words: tuple[str, ...]
    signed: tuple[str, ...]
    copies: tuple[str, ...]
    copy_lines: tuple[str, ...]
    contact: tuple[str, ...]
    stamps: tuple[str, ...]
    titles: tuple[str, ...]
    families: tuple[str, ...]
    unit_names: tuple[str, ...] = ()  # those of the register, whose words may follow a role or a body

    def kind_of(self, line: str) -> Signs:
        """What one line is by itself; a name alone is “content”, since only its place makes it one of signing."""
        return _kind_of(self, line) if len(line) <= _LONGEST else "content"

    def is_name(self, line: str, *, below_role: bool) -> bool:
        """Whether a line is the name of a person: by its family name, or below a role by its capitals alone."""
        words = _words(line)
        while words and fold(words[0]) in self._titles:
            words = words[1:]
        return self._is_name(words, is_certain=below_role)

    def role_in(self, title: str) -> str:
        """The role with which a title begins, in its own letters: “Phó Chủ tịch” of “Phó Chủ tịch UBND xã”."""
        words = title.split()
        folded = tuple(map(fold, words))
        length = next((len(role) for role in self._phrases["role"] if folded[: len(role)] == role), 0)
        return " ".join(words[:length])

    def is_copy_line(self, line: str) -> bool:
        """Whether a line below “Nơi nhận” names one that gets a copy; numbers stand at most in brackets."""
        text = line.strip()
        is_listed = text[:1] in "-–+•*" or text.endswith((";", ".")) or fold(text).startswith(self._copy_lines)
        return len(text) <= _LONGEST and is_listed and not any(map(str.isdecimal, _in_brackets.sub("", text)))

    def judged(self, line: str) -> Signs:
        """As `kind_of`, worked out anew."""
        text = fold(line)
        bare = _no_letters.sub(" ", text).strip()
        if not bare:
            return "lesser"  # a rule, a row of dots
        if found := _day.fullmatch(text.strip(" .()")):
            return "lesser" if text.startswith("ngay") else _day_of(line, has_comma="," in found[0])
        if start := next((words for words in self._copies if bare.startswith(words)), ""):
            rest = bare[len(start) :].strip()
            return "copies" if not rest or rest.startswith(self._copy_lines) else "content"
        if text.startswith(self._contact) and _address.search(text):
            return "lesser"
        if text.startswith(self._stamps) or self._is_signed(line, bare.split()):
            return "signed"
        if (inside := _in_brackets.search(line)) and self._is_signed(inside[0], _words(fold(inside[0]))):
            return self._role(_words(_in_brackets.sub(" ", line)))
        return self._role(_words(line))

    def _is_signed(self, line: str, words: Sequence[str]) -> bool:
        """“Ký”, not “kỳ”, or where a seal stands."""
        is_period = "kỳ" in unicodedata.normalize("NFC", line).casefold()
        return self._signed.issuperset(words) and not is_period and ("ky" in words or {"dong", "dau"} <= set(words))

    def _role(self, words: Sequence[str]) -> Signs:
        """Roles and bodies one after the other, perhaps with the name of who signs behind them."""
        folded = tuple(map(fold, words))
        at, seen = 0, set()
        while at < len(folded):
            kind, step = self._phrase(folded, at)
            if not step:
                break
            seen.add(kind)
            at += step
        if at < len(folded) and not ("role" in seen and self._is_name(words[at:], is_certain=True)):
            return "content"
        if "role" in seen or {"on behalf", "body"} <= seen:
            return "role"
        return "lesser" if seen else "content"

    def _phrase(self, folded: _Phrase, at: int) -> tuple[str, int]:
        """What stands at a place, and how many words it takes; none where it has nothing to do with signing."""
        for kind, phrases in self._phrases.items():
            for phrase in phrases:
                if folded[at : at + len(phrase)] == phrase:
                    return kind, len(phrase)
        return "body", int(at > 0 and folded[at] in self._body_words)

    def _is_name(self, words: Sequence[str], *, is_certain: bool) -> bool:
        if not _NAME_LEAST <= len(words) <= _NAME_MOST or not all(word.isalpha() for word in words):
            return False
        has_family = fold(words[0]) in self._families
        if all(word[0].isupper() for word in words):
            return has_family or (is_certain and not all(map(str.isupper, words)))
        return has_family and is_certain

    @cached_property
    def _phrases(self) -> dict[str, tuple[_Phrase, ...]]:
        """By kind, the longest first."""
        listed = {
            "role": self.roles,
            "lesser": self.lesser_roles,
            "on behalf": self.on_behalf,
            "body": self.bodies,
        }
        return {
            kind: tuple(sorted((tuple(fold(text).split()) for text in texts), key=len, reverse=True))
            for kind, texts in listed.items()
        }

    @cached_property
    def _body_words(self) -> frozenset[str]:
        return frozenset(word for name in (*self.body_words, *self.unit_names) for word in _words(fold(name)))

    @cached_property
    def _signed(self) -> frozenset[str]:
        return frozenset(_folded(self.signed))

    @cached_property
    def _copies(self) -> tuple[str, ...]:
        return _folded(self.copies)

    @cached_property
    def _copy_lines(self) -> tuple[str, ...]:
        return _folded(self.copy_lines)

    @cached_property
    def _contact(self) -> tuple[str, ...]:
        return _folded(self.contact)

    @cached_property
    def _stamps(self) -> tuple[str, ...]:
        return _folded(self.stamps)

    @cached_property
    def _titles(self) -> frozenset[str]:
        return frozenset(_folded(self.titles))

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(_folded(self.families))


@lru_cache(maxsize=16_384)
def _kind_of(signing: Signing, line: str) -> Signs:
    """Forms print the same texts again and again."""
    return signing.judged(line)


def _day_of(line: str, *, has_comma: bool) -> Signs:
    """A day with its place begins a foot; words with small letters before it are no place but content."""
    text = unicodedata.normalize("NFC", line)
    before = text.rpartition(",")[0] if has_comma else re.split(r"\bng[àa]y\b", text, flags=re.IGNORECASE)[0]
    words = _words(before)
    is_place = all(word[0].isupper() and (has_comma or not word.isupper()) for word in words)
    return "day" if len(words) <= _NAME_MOST and is_place else "content"


def _words(line: str) -> list[str]:
    return _word.findall(unicodedata.normalize("NFC", line))


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(fold, texts))


def load_signing(path: Path, register: Register) -> Signing:
    """Read the words of signing."""
    names = tuple(name for unit in register.units for name in (unit.name, *unit.aliases))
    return replace(build(Signing, read_toml(path), str(path)), unit_names=names)
