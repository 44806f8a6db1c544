"""Whatever contradicts itself in `schemas/` is refused before a run, in one sentence that names file and key."""

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import pytest

from pipeline.convert import kinds
from pipeline.declare.errors import PipelineError
from pipeline.declare.kinds import KINDS, Type
from pipeline.declare.project import Project, load_project
from pipeline.values.states import OBLIGATIONS, STATES
from pipeline.words.documents import dated, numbered
from pipeline.words.names import fold
from tests.builders import SCHEMAS, YEAR
from tests.declarations import Change, change_rows, change_toml, drop, put

# One plan and its form are spoilt and loaded by name, so that plans and forms may stand beside them.
PLAN, FORM, UNITS, PROBLEMS = f"plans/{YEAR}.toml", "forms/v2.toml", "units.csv", "problems.toml"


def period(code: str, key: str, value: object) -> Change:
    return put("periods", code, key, value=value)


def indicator(name: str, key: str, value: object) -> Change:
    return put("indicators", "rows", name, key, value=value)


def field(sheet: str, name: str, key: str, value: object) -> Change:
    return put("sheets", sheet, "fields", name, key, value=value)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))


def refused(schemas: Path, file: str, change: Callable[[Path], object]) -> str:
    """The sentence with which the changed file is refused."""
    path = schemas / file
    before = path.read_bytes()
    change(path)
    assert path.read_bytes() != before, "nothing was changed"
    with pytest.raises(PipelineError) as refusal:
        load_project(schemas, YEAR)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert Path(file).name in sentence
    return sentence


def text_of(old: str, new: str) -> Callable[[Path], object]:
    """The first `old` written otherwise, where the fault is one of the text and not of what it says."""
    return lambda path: path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


PLAN_FAULTS: dict[str, tuple[Change, list[str]]] = {
    "an unknown key": (put("colour", value=1), ["colour"]),
    "an unknown key in a period": (put("periods", "6t", "colour", value=1), ["periods", "mục 2", "colour"]),
    "an unknown key in a task": (put("tasks", "NV03", "colour", value=1), ["tasks", "mục 3", "colour"]),
    "an unknown key in an indicator": (indicator("CT02", "colour", 1), ["indicators", "mục 2", "colour"]),
    "a lead that is no unit": (put("tasks", "NV04", "leads", value=["P-khong-co"]), ["NV04", "P-khong-co"]),
    "a task that nobody leads": (put("tasks", "NV04", "leads", value=[]), ["NV04"]),
    "a task without an obligation for a period": (drop("tasks", "NV04", "obligation", "q3"), ["NV04", "q3"]),
    "an obligation that does not exist": (put("tasks", "NV04", "obligation", "q3", value="maybe"), ["NV04", "q3"]),
    "an obligation for a period that does not exist": (
        put("tasks", "NV04", "obligation", "q7", value="due"),
        ["NV04", "q7"],
    ),
    "a window that ends before it begins": (period("q1", "date_to", date(2024, 3, 14)), ["q1", "date_to"]),
    "a deadline on the closing day": (period("q1", "file_by", date(2025, 3, 14)), ["q1", "file_by"]),
    "an exclusive deadline on the day after the closing day": (
        period("nam", "date_to", date(2025, 11, 29)),
        ["nam", "file_by"],
    ),
    "a control total that is not met": (put("task_count", value=10), ["tasks", "9", "10"]),
    "a task that is lost": (drop("tasks", "NV05"), ["tasks", "8", "9"]),
    "a group with an unknown member": (put("groups", "truc-quan", value=["P-lam-gi"]), ["truc-quan", "P-lam-gi"]),
    "two tasks of one id": (put("tasks", "NV02", "id", value="NV01"), ["tasks", "NV01"]),
    "two indicators of one id": (indicator("CT02", "id", "CT01"), ["indicators", "CT01"]),
    "two periods of one code": (period("6t", "code", "q1"), ["periods", "q1"]),
    "a cumulative period that does not exist": (period("q3", "cumulative", ["h1", "q3"]), ["q3", "h1"]),
    "a previous period that does not exist": (period("q3", "previous", "h1"), ["q3", "h1"]),
    "a period before that shares some of its days": (
        period("q3", "date_from", date(2025, 6, 10)),
        ["q3", "6t", "trùng"],
    ),
    "a part that begins before the whole": (period("q1", "date_from", date(2024, 12, 1)), ["6t", "q1", "trọn"]),
    "a rest without its part": (period("q3", "rest", "Quý II"), ["q3", "rest"]),
    "a needed figure that does not exist": (put("tasks", "NV06", "needs", value=["CT99"]), ["NV06", "CT99"]),
    "a dated task without its date": (drop("tasks", "NV01", "due"), ["NV01", "due"]),
    "a check of an unknown kind": (put("checks", "rows", "R20", "rule", value="similar"), ["checks", "R20", "similar"]),
    "a check of an unknown figure": (put("checks", "rows", "R53", "left", value=["CT44"]), ["checks", "R53", "CT44"]),
    "a clause of the report with a figure that does not exist": (
        put("told", "Kinh phí", value=["được giao {CT44} đồng"]),
        ["told", "Kinh phí", "CT44"],
    ),
    "clauses of a section that does not exist": (
        put("told", value={"Thể thao": ["{CT01} tin"]}),
        ["told", "Thể thao"],
    ),
    "an official figure that does not exist": (
        put("official", "rows", value=[{"forms": ["press"], "amount": ["CT44"]}]),
        ["official", "CT44"],
    ),
    "points for what nobody knows": (
        put("scoring", "weights", "charm", value=1),
        ["scoring.weights", "charm", "tasks"],
    ),
    "a share above the whole": (put("scoring", "least_share", value=1.5), ["scoring.least_share"]),
    "an online kind of propaganda that the form does not have": (
        put("scoring", "online", value=["smoke"]),
        ["scoring.online", "smoke"],
    ),
    "news counted by no figure": (put("scoring", "news", value=["CT44"]), ["scoring.news", "CT44"]),
    "a kind of propaganda with two official figures": (
        put("official", "rows", value=[{"forms": ["press"], "amount": ["CT08"]}] * 2),
        ["official", "press", "hai lần"],
    ),
    "an official figure of an unknown kind of propaganda": (
        put("official", "rows", value=[{"forms": ["smoke"], "amount": ["CT08"]}]),
        ["official", "smoke"],
    ),
    "a check of an unknown kind of propaganda": (
        put("checks", "rows", "R21a", "forms", value=["smoke"]),
        ["checks", "smoke"],
    ),
    "an indicator of an unknown group": (indicator("CT06", "groups", ["nobody"]), ["CT06", "nobody"]),
    "a figure that is neither flow nor stock": (indicator("CT05", "kind", "river"), ["CT05", "river"]),
    "an office that is no unit": (put("office_unit", value="P-nao-do"), ["office_unit", "P-nao-do"]),
    "units of an undeclared kind": (drop("kinds", "van-phong"), ["kinds", "VP-hdnd-ubnd"]),
    "a missing key": (drop("office"), ["office"]),
    "text where a number belongs": (put("year", value="2025"), ["year"]),
    "text where a date belongs": (period("q3", "file_by", "16/9/2025"), ["periods", "mục 3", "file_by"]),
    "numbers where names belong": (indicator("CT01", "groups", [1, 2.5]), ["CT01", "groups", "mục 1", "chữ"]),
    "a number among the figures of a check": (
        put("checks", "rows", "R53", "left", value=["CT04", 3]),
        ["R53", "left", "mục 2", "chữ"],
    ),
    "a number in a group": (put("groups", "cap-xa", value=["xa", 7]), ["groups", "cap-xa", "mục 2", "chữ"]),
    "a number where the words of a table belong": (put("kinds", "xa", value=1), ["kinds", "xa", "chữ"]),
    "a moment where a day belongs": (put("tasks", "NV01", "due", value=datetime(2025, 2, 28, 10)), ["NV01", "due"]),
    "a list where a table belongs": (put("plausible", value=[5]), ["plausible", "bảng"]),
    "a number where a list belongs": (period("6t", "contains", 1), ["periods", "mục 2", "contains"]),
}


@pytest.mark.parametrize("fault", PLAN_FAULTS)
def test_a_plan_is_refused_for(fault: str, schemas: Path) -> None:
    change, words = PLAN_FAULTS[fault]
    sentence = refused(schemas, PLAN, lambda path: change_toml(path, change))
    assert all(word in sentence for word in words), sentence


def test_a_plan_that_is_no_toml_is_refused(schemas: Path) -> None:
    assert refused(schemas, PLAN, text_of("year = ", "year == "))


FORM_FAULTS: dict[str, tuple[Change, list[str]]] = {
    "an unknown key in a field": (field("card", "phone", "colour", "red"), ["card", "colour"]),
    "an unknown key in a sheet": (put("sheets", "card", "colour", value="red"), ["card", "colour"]),
    "an unknown type": (field("activities", "participants", "type", "int"), ["participants", "int"]),
    "an unknown shape": (put("sheets", "card", "shape", value="page"), ["card", "page"]),
    "two fields of one key": (field("activities", "venue", "key", "title"), ["activities", "“title”"]),
    "a number among other names": (put("choices", "status", "done", "aliases", value=[1]), ["done", "aliases", "chữ"]),
    "a drop-down without a list": (field("activities", "content_area", "choices", "areas"), ["content_area", "areas"]),
    "limits that cross": (field("card", "revision", "minimum", 100), ["revision"]),
    "a hint that Excel cannot hold": (field("activities", "quantity", "hint", "dài " * 70), ["quantity", "hint"]),
    "a lost sheet": (lambda form: put("sheets", "other", value=form["sheets"].pop("requests"))(form), ["requests"]),
    "a choice without a label": (drop("choices", "role", "lead", "label"), ["choices.role", "label"]),
    "a required that is neither true nor false": (field("card", "signed_by", "required", 1), ["card", "required"]),
}


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_a_form_is_refused_for(fault: str, schemas: Path) -> None:
    change, words = FORM_FAULTS[fault]
    sentence = refused(schemas, FORM, lambda path: change_toml(path, change))
    assert all(word in sentence for word in words), sentence


FIRST = "XA-ho-xa"
UNIT_FAULTS: dict[str, tuple[Change, list[str]]] = {
    "a date that is none": (put(FIRST, "valid_from", value="01/01/2020"), ["dòng 2", "valid_from", "01/01/2020"]),
    "two units of one id": (put("XA-ben-quan", "unit_id", value=FIRST), [FIRST]),
    "an answer that is neither yes nor no": (
        put(FIRST, "must_report", value="maybe"),
        ["dòng 2", "must_report", "maybe"],
    ),
    "validity that ends before it begins": (put(FIRST, "valid_to", value="2019-12-31"), [FIRST, "valid_to"]),
    "a successor that is no unit": (put(FIRST, "successor", value="XA-nowhere"), [FIRST, "XA-nowhere"]),
    "a unit without a name": (put(FIRST, "name", value=""), []),
}


@pytest.mark.parametrize("fault", UNIT_FAULTS)
def test_a_register_is_refused_for(fault: str, schemas: Path) -> None:
    change, words = UNIT_FAULTS[fault]
    sentence = refused(schemas, UNITS, lambda path: change_rows(path, change))
    assert all(word in sentence for word in words), sentence


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("former_names", "old_names", "old_names"),
        (",kind,", ",sort,", "kind"),
        ('"Phòng Kinh tế, Hạ tầng và Đô thị"', "Phòng Kinh tế, Hạ tầng và Đô thị", "dòng"),
    ],
    ids=["an unknown column", "a missing column", "a name with a bare comma"],
)
def test_a_register_is_refused_for_its_columns(old: str, new: str, word: str, schemas: Path) -> None:
    assert word in refused(schemas, UNITS, text_of(old, new))


def test_a_register_saved_by_excel_with_a_byte_order_mark_is_read(schemas: Path) -> None:
    path = schemas / UNITS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_project(schemas, YEAR).register.units) == 32


def test_a_register_in_another_encoding_is_refused(schemas: Path) -> None:
    path = schemas / UNITS
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(PipelineError, match=re.escape(str(path))):
        load_project(schemas)


def test_a_problem_of_unknown_severity_is_refused(schemas: Path) -> None:
    change = put("codes", "late", "severity", value="shrug")
    sentence = refused(schemas, PROBLEMS, lambda path: change_toml(path, change))
    assert "late" in sentence
    assert "shrug" in sentence


@pytest.mark.parametrize("file", [PLAN, FORM, UNITS, PROBLEMS, "labels.toml"])
def test_a_lost_file_is_named(file: str, schemas: Path) -> None:
    (schemas / file).unlink()
    with pytest.raises(PipelineError) as refusal:
        load_project(schemas, YEAR)
    assert Path(file).name in str(refusal.value)


def test_without_any_plan_the_folder_is_named(schemas: Path) -> None:
    for plan in (schemas / "plans").iterdir():
        plan.unlink()
    with pytest.raises(PipelineError, match="plans"):
        load_project(schemas)


def test_a_year_without_a_plan_is_named(project: Project, schemas: Path) -> None:
    with pytest.raises(PipelineError, match=r"1999\.toml"):
        load_project(schemas, 1999)
    words = [word for period in project.plan.periods for word in (period.code, *period.also)]
    with pytest.raises(PipelineError, match=rf"q9.*{', '.join(words)}"):
        project.plan.period("q9")


def test_the_newest_plan_is_the_default(schemas: Path) -> None:
    text = (schemas / PLAN).read_text(encoding="utf-8")
    moved = text.replace(f"{YEAR}-", "2099-").replace(f"{YEAR - 1}-", "2098-").replace(f"year = {YEAR}", "year = 2099")
    (schemas / "plans/2099.toml").write_text(moved, encoding="utf-8")
    assert load_project(schemas).plan.year == 2099
    assert load_project(schemas, YEAR).plan.year == YEAR


def test_a_plan_copied_for_another_year_is_refused_until_it_is_of_that_year(schemas: Path) -> None:
    """A copy under another name, then with its year alone: the forms would ask for last year's days."""
    newer = Path(shutil.copy(schemas / PLAN, schemas / "plans/2026.toml"))
    with pytest.raises(PipelineError, match=r"2026\.toml: khóa “year” ghi 2025; .* phải tên là 2025\.toml\."):
        load_project(schemas)
    change_toml(newer, put("year", value=2026))
    with pytest.raises(PipelineError, match=r"kỳ “q1”: date_to \(14/3/2025\) .* năm 2026"):
        load_project(schemas)


def test_every_state_and_obligation_has_its_words(project: Project) -> None:
    assert set(project.labels["state"]) == set(STATES)
    assert set(project.labels["obligation"]) == set(OBLIGATIONS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vĩnh Hoà", "VĨNH HÒA"),
        ("Vĩnh Ô", "vinh o"),
        ("Trung tâm VH TT&TĐTT", "trung tâm vh tt&tdtt"),
        ("xã  Vĩnh\u00a0Tú", "Xã Vĩnh Tú"),
        ("Ðài", "Đài"),
    ],
)
def test_names_are_compared_without_tones_case_and_spaces(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_names_that_differ_by_a_letter_stay_apart() -> None:
    assert (
        len(
            {
                fold(name)
                for name in ("Vĩnh Hà", "Vĩnh Hòa", "Vĩnh Lâm", "Vĩnh Nam", "Vĩnh Thái", "Vĩnh Thủy", "Vĩnh Tú")
            }
        )
        == 7
    )


@pytest.mark.parametrize(
    ("written", "said"), [("", "…/BC-UBND"), ("123", "123/BC-UBND"), ("123/BC-UBND", "123/BC-UBND")]
)
def test_a_number_may_be_declared_with_its_symbol_or_without(written: str, said: str) -> None:
    assert numbered(written, "BC-UBND") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [("", "ngày … tháng … năm 2025"), ("19/9/2025", "ngày 19/9/2025"), ("ngày 19 tháng 9 năm 2025",) * 2],
)
def test_a_day_may_be_declared_with_its_word_or_without(written: str, said: str) -> None:
    assert dated(written, 2025) == said


@pytest.mark.parametrize(
    ("file", "change", "sentence"),
    [
        (
            PLAN,
            indicator("CT01", "groups", [1, 2.5]),
            "indicators, mục 1 (“CT01”), khóa “groups”, mục 1: cần chữ, đang là “1”.",
        ),
        (
            PLAN,
            indicator("CT05", "kind", "river"),
            "indicators, mục 5 (“CT05”), khóa “kind”: “river” không có; dùng flow, stock.",
        ),
        (
            FORM,
            field("card", "signed_by", "required", 1),
            "sheets.card.fields, mục 12 (“signed_by”), khóa “required”: cần true hoặc false, đang là “1”.",
        ),
        ("labels.toml", put("state", "done", value=3), "state, khóa “done”: cần chữ, đang là “3”."),
    ],
)
def test_a_refusal_names_file_key_and_place(file: str, change: Change, sentence: str, schemas: Path) -> None:
    assert refused(schemas, file, lambda path: change_toml(path, change)) == f"{schemas / file}, {sentence}"


def test_every_kind_of_field_has_its_entry_and_is_read() -> None:
    assert [*KINDS] == [*kinds.READERS] == [*get_args(Type)]
