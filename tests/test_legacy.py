"""TCVN3 and VNI: what the fonts show, when that is believed, and what is never taken for it."""

import re
import string
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.convert.legacy import encoding_of, is_vietnamese, looks_broken, readings, tcvn3_to_unicode, vni_to_unicode
from pipeline.convert.syllables import is_well_typed
from pipeline.convert.text import to_text
from tests.builders import SCHEMAS

LOWER = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
# TCVN 5712, the code chart read line by line from A1 to FE; a dot is a place that the fonts leave empty.
CHART = "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ"
SENTENCES = [
    "UBND xã Vĩnh Thái",
    "Tuyên truyền cải cách hành chính trên hệ thống truyền thanh",
    "Hướng dẫn người dân nộp hồ sơ trực tuyến trên Cổng dịch vụ công quốc gia",
    "Đã đăng 12 tin, bài trên Facebook và Zalo của xã (05/9/2025)",
    "Nguyễn Thị Quỳnh, Phó Chủ tịch UBND thị trấn Hồ Xá",
    "Kế hoạch số 17/KH-UBND ngày 15/01/2025 của UBND huyện Vĩnh Linh",
    "giữ gìn, khuyến khích, nghiêng, ngoằn ngoèo, huỳnh huỵch, xoong, khuỷu, quýt, thuở, giếng",
]


def to_tcvn3(text: str) -> str:
    bytes_of = {letter: chr(0xA1 + place) for place, letter in enumerate(CHART) if letter != "."}
    return "".join(bytes_of.get(letter, bytes_of.get(letter.lower(), letter)) for letter in text)


def to_vni(text: str) -> str:
    return "".join(vni_letter(letter) for letter in text)


def through_1258(text: str) -> str:
    """The bytes of an old font read as the Vietnamese code page, as Windows set to Vietnamese does it."""
    return unicodedata.normalize("NFC", text.encode("cp1252").decode("cp1258", "replace"))


def vni_letter(letter: str) -> str:
    """A Vietnamese letter taken apart into base, shape and tone, and put together again as VNI does."""
    if letter in "đĐ":
        return "ñ" if letter == "đ" else "Ñ"
    base, *marks = list(unicodedata.normalize("NFD", letter))
    tones = "".join(mark for mark in marks if mark in "\u0301\u0300\u0309\u0303\u0323")
    tone = "\u0301\u0300\u0309\u0303\u0323".index(tones) if tones else -1
    if (base in "iI" and tones) or (base in "yY" and tones == "\u0323"):
        alone = "î" if base in "yY" else "íìæóò"[tone]
    elif "\u0302" in marks or "\u0306" in marks:
        alone = base + ("âáàåãä" if "\u0302" in marks else "êéèúüë")[tone + 1]
    elif "\u031b" in marks:
        alone = ("ô" if base in "oO" else "ö") + ("ùøûõï"[tone] if tones else "")
    else:
        alone = base + ("ùøûõï"[tone] if tones else "")
    return alone.upper() if letter.isupper() else alone


def test_every_vietnamese_letter_comes_back_from_tcvn3() -> None:
    for letter in LOWER + "ĂÂÊÔƠƯĐ" + string.ascii_letters:
        assert tcvn3_to_unicode(to_tcvn3(letter), ".VnTime") == letter


def test_every_vietnamese_letter_comes_back_from_vni() -> None:
    for letter in LOWER + LOWER.upper() + string.ascii_letters:
        assert vni_to_unicode(to_vni(letter)) == letter


def test_capitals_of_tcvn3_come_from_the_font() -> None:
    assert tcvn3_to_unicode(to_tcvn3("ủy ban nhân dân xã"), ".VnTimeH") == "ỦY BAN NHÂN DÂN XÃ"
    assert tcvn3_to_unicode(to_tcvn3(LOWER), ".VnArial NarrowH") == LOWER.upper()
    assert tcvn3_to_unicode("https://vinhlinh.vn", ".VnTimeH") == "https://vinhlinh.vn"


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3"),
        (".vnarial", "tcvn3"),
        ("VNI-Times", "vni"),
        ("vni-helve", "vni"),
        ("Times New Roman", ""),
        ("UVN Van", ""),
        ("", ""),
    ],
)
def test_the_name_of_the_font_tells_the_encoding(font: str, encoding: str) -> None:
    assert encoding_of(font) == encoding


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_in_either_encoding_has_one_reading(sentence: str) -> None:
    assert readings(to_tcvn3(sentence), ".VnTime") == (sentence,)
    assert readings(to_tcvn3(sentence.lower()), ".VnTimeH") == (sentence.upper(),)
    assert readings(to_vni(sentence), "VNI-Times") == (sentence,)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_unicode_typed_under_an_old_font_stays(sentence: str) -> None:
    for font in (".VnTime", "VNI-Times"):
        assert readings(sentence, font) == (sentence,)
        assert readings(unicodedata.normalize("NFD", sentence), font) == (unicodedata.normalize("NFD", sentence),)


def test_the_examples_of_the_offices() -> None:
    assert readings("UBND x· VÜnh Th¸i", ".VnTime") == ("UBND xã Vĩnh Thái",)
    assert readings("UBND xaõ Vónh Thaùi", "VNI-Times") == ("UBND xã Vĩnh Thái",)


@pytest.mark.parametrize(("text", "font"), [("Hòa", ".VnTime"), ("cã", ".VnTime"), ("Hòa", "VNI-Times")])
def test_a_word_that_both_encodings_allow_has_two_readings(text: str, font: str) -> None:
    possible = readings(text, font)
    assert len(possible) == 2
    assert text in possible


@pytest.mark.parametrize(
    ("text", "font"),
    [("Müller café", ".VnTime"), ("x· VÜnh Th¸i", "VNI-Times"), ("xaõ Vónh Thaùi", "Arial"), ("x· VÜnh Th¸i", "Arial")],
)
def test_what_is_vietnamese_in_no_way_has_no_reading(text: str, font: str) -> None:
    assert readings(text, font) == ()


@pytest.mark.parametrize(
    "text", ["NV01", "12/KH-UBND", "15 (20)", "-", "–", "…", "“x”", "15/9/2025", "https://a.vn/b?c=1"]
)
def test_what_is_the_same_in_every_encoding_is_left_alone(text: str) -> None:
    for font in (".VnTime", "VNI-Times", "Arial"):
        assert readings(text, font) == (text,)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_lost_font_is_noticed(sentence: str) -> None:
    assert looks_broken(to_tcvn3(sentence))
    assert looks_broken(to_vni(sentence))
    assert looks_broken(sentence.encode().decode("latin-1"))
    assert to_text(to_tcvn3(sentence)).code == to_text(to_vni(sentence)).code == "legacy-encoding"


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_lost_font_is_noticed_behind_the_vietnamese_code_page(sentence: str) -> None:
    for encoded in (to_tcvn3(sentence), to_vni(sentence)):
        assert to_text(through_1258(encoded)).code == "legacy-encoding"
        assert to_text(unicodedata.normalize("NFD", through_1258(encoded))).code == "legacy-encoding"


SHORT = [
    "x·", "x· Vĩnh Thái", "®·", "®¬n vÞ", "C¸n bé", "Tæ chøc", "Vónh Thaùi", "Trung taâm", "V\ufffdnh",
    # of VNI, one word with nothing round it
    "xaõ", "UBND xaõ", "Bao cao tuyen truyen CCHC quy III nam 2025 cua UBND xaõ", "huyeän", "Keá", "traán",
    "maùy",
    "cña", "VÜnh", "truyÒn", "NguyÔn", "khÝch", "Chñ tich UBND xa",  # of TCVN3
    # of either, through the Vietnamese code page
    "chi phƯ", "tuyƠn", "c̣", "d̃ch vô", "thÞ trÊn", "x· hội", "xaơ Vónh",
]  # fmt: skip


@pytest.mark.parametrize("text", SHORT)
def test_short_broken_texts_are_noticed(text: str) -> None:
    assert looks_broken(text)
    assert to_text(text).code == "legacy-encoding"


GOOD = [
    *SENTENCES,
    *(sentence.upper() for sentence in SENTENCES),
    *(unicodedata.normalize("NFD", sentence) for sentence in SENTENCES),
    "hoà bình, hòa bình, thuỷ, thủy, qúy, đựơc, hòan thành, khoẻ",  # tones misplaced by hand
    "Ðông Hà, Ðảng uỷ xã",
    "Xã Pa Nang, Đakrông, A Lưới, Kon Tum, Đắk Lắk",
    "“Chính quyền số” – giai đoạn 2025–2030… (50%)",
    "«Bài viết» · tin tức • ảnh; mục ① ★ ☑ ✓",
    "Kinh phí 5.000.000 ₫, 5€, £5, ¥100, 10¢, US$7",
    "3×4 m², 2m×3m, 5 µm, 10 N·m, 1½ ngày, ½ trang, 20°C ± 1, H₂O, m³",
    "© 2025 Cổng TTĐT ®, ™, § 5, 1ª, nº 3",
    "https://vinhlinh.quangtri.gov.vn/tin-tức?x=a·b&y=¸µ",
    "www.tỉnh.vn/¶·¸ Email: a·b@x.vn",
    "café, résumé, naïve, Müller, Zürich, São Paulo, garçon, Noël, Citroën, El Niño, Ångström, Københaven, für, schön, "
    "Loïc",
    "Straße, Gödel, Señor, crème brûlée, piñata, Beyoncé, Đặng Thị Bé, Lê Na, Côte d'Ivoire",
    "tuyên\u00adtruyền in\u00adternet",
    "thôngtin, cáctin, xãA, xãĐông, TổĐoàn",  # a space forgotten
    "phòng chống baõ lụt, đựơc",  # a tone on the wrong vowel, in good company
    "Aïn Defla",
    "Loïc naïf",
    "Đakrông, A Dơi, Tà Rụt, Pa Kô, Húc Nghì, Krông Klang, Ba Nang, Vân Kiều, Bru",
    "HĐND&UBND, BCĐ CCHC, QĐ-UBND, TĐKT, GDĐT, UBMTTQVN, đ/c, P. Nội vụ, NĐ 61/2018/NĐ-CP, Đ/c Bí thư ĐU",
    "ă, â, ơ, ư, đ, ô; A, Ă, Â, B, C, D, Đ",
    "5.000₫/người; 20.000 ₫",
    "日本語 한국어 العربية हिन्दी",
    "",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_never_called_broken(text: str) -> None:
    assert not looks_broken(text)


OURS = [
    line
    for path in (
        *sorted(SCHEMAS.rglob("*.*")),
        *sorted((SCHEMAS.parent / "docs").glob("*.md")),
        SCHEMAS.parent / "README.md",
    )
    for line in path.read_text(encoding="utf-8").splitlines()
]


def test_no_sentence_of_our_own_is_called_broken() -> None:
    assert len(OURS) > 1_000
    assert [line for line in OURS if looks_broken(line) or to_text(line).code] == []


def test_no_word_of_our_own_is_called_broken_when_it_stands_alone() -> None:
    words = {word for line in OURS for word in re.findall(r"[^\W\d_]+", line)}
    assert len(words) > 1_000
    assert [word for word in sorted(words) if to_text(word).code or to_text(f"UBND {word}").code] == []


ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnpqrstvx", "")
NUCLEI = [
    "a",
    "ă",
    "â",
    "e",
    "ê",
    "i",
    "iê",
    "o",
    "oa",
    "oă",
    "oe",
    "oo",
    "ô",
    "ơ",
    "u",
    "uâ",
    "uê",
    "uô",
    "uơ",
    "uy",
    "uyê",
    "ư",
    "ươ",
    "y",
    "yê",
]
FINALS = ("", *["c", "ch", "i", "m", "n", "ng", "nh", "o", "p", "t", "u", "y", "a"])


def test_no_possible_syllable_is_called_broken() -> None:
    syllables = set()
    for onset, nucleus, final in product(ONSETS, NUCLEI, FINALS):
        for place, tone in product(range(1, len(nucleus) + 1), ("", *"\u0300\u0301\u0303\u0309\u0323")):
            syllables.add(unicodedata.normalize("NFC", onset + nucleus[:place] + tone + nucleus[place:] + final))
    written = {
        form
        for syllable in syllables
        if is_well_typed(syllable)
        for form in (syllable, syllable.capitalize(), syllable.upper())
    }
    assert len(written) > 40_000
    assert [text for text in sorted(written) if to_text(text).code] == []


@given(
    st.lists(
        st.sampled_from(sorted({word.strip("(),") for sentence in SENTENCES for word in sentence.split()})),
        min_size=1,
        max_size=12,
    ).map(" ".join)
)
def test_words_in_any_order_keep_their_meaning(text: str) -> None:
    assert not looks_broken(text)
    for encode, font in ((to_tcvn3, ".VnTime"), (to_vni, "VNI-Times")):
        assert text in readings(encode(text), font) or to_tcvn3(text) == text


@given(st.text(), st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times", "Arial", ""]))
def test_no_text_is_too_odd(text: str, font: str) -> None:
    looks_broken(text)
    assert len(readings(text, font)) <= 2


@pytest.mark.parametrize("text", [*SENTENCES[:3], *SENTENCES[5:], "HĐND&UBND", "Trần Đức Huỳnh", "oà, uý, ỷ, ô"])
def test_vietnamese_is_known_by_its_syllables(text: str) -> None:
    assert is_vietnamese(text)


@pytest.mark.parametrize(
    "text", ["", "12", "x·", "VÜnh", "Vónh Thaùi", "cé", "kà", "ngề", "hêt", "tớờ", "Facebook", "ñôn", "Nguyễn Smith"]
)
def test_other_letters_are_not(text: str) -> None:
    assert not is_vietnamese(text)


def test_length_costs_little() -> None:
    assert not looks_broken("à" * 32_000)
    assert not looks_broken("à.b" * 10_000 + "@")
    assert readings("¸" * 32_000, ".VnTime") == ()
