"""Whatever contradicts itself in `schemas/` is refused before a run, in one sentence that names the file and the key."""

import re
import shutil
from collections.abc import Callable
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
from tests.builders import SCHEMAS

PLAN, FORM, UNITS, PROBLEMS = "plans/2025.toml", "forms/v1.toml", "units.csv", "problems.toml"

Change = tuple[str, str]


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))


def refused(schemas: Path, file: str, change: Callable[[str], str]) -> str:
    """The sentence with which the changed file is refused."""
    path = schemas / file
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before, "the text to change is no longer in the file"
    path.write_text(after, encoding="utf-8")
    with pytest.raises(PipelineError) as refusal:
        load_project(schemas)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert Path(file).name in sentence
    return sentence


PLAN_FAULTS: dict[str, tuple[str, str, list[str]]] = {
    "an unknown key": ("task_count = 9", "task_count = 9\ncolour = 1", ["colour"]),
    "an unknown key in a period": ('code = "6t"', 'code = "6t"\ncolour = 1', ["periods", "mục 2", "colour"]),
    "an unknown key in a task": ('id = "NV03"', 'id = "NV03"\ncolour = 1', ["tasks", "mục 3", "colour"]),
    "an unknown key in an indicator": ('id = "CT02",', 'id = "CT02", colour = 1,', ["indicators", "mục 2", "colour"]),
    "a lead that is no unit": ('leads = ["P-noi-vu"]', 'leads = ["P-khong-co"]', ["NV04", "P-khong-co"]),
    "a task that nobody leads": ('leads = ["P-noi-vu"]', "leads = []", ["NV04"]),
    "a task without an obligation for a period": ('q3 = "due", nam = "carried"', 'nam = "carried"', ["NV04", "q3"]),
    "an obligation that does not exist": (
        'q3 = "due", nam = "carried"',
        'q3 = "maybe", nam = "carried"',
        ["NV04", "q3"],
    ),
    "an obligation for a period that does not exist": (
        'q3 = "due", nam = "carried"',
        'q3 = "due", nam = "carried", q7 = "due"',
        ["NV04", "q7"],
    ),
    "a window that ends before it begins": ("date_to = 2025-03-14", "date_to = 2024-03-14", ["q1", "date_to"]),
    "a deadline on the closing day": ("file_by = 2025-03-17", "file_by = 2025-03-14", ["q1", "file_by"]),
    "an exclusive deadline on the day after the closing day": (
        "date_to = 2025-11-20",
        "date_to = 2025-11-29",
        ["nam", "file_by"],
    ),
    "a control total that is not met": ("task_count = 9", "task_count = 10", ["tasks", "9", "10"]),
    "a group with an unknown member": (
        '"P-noi-vu", "P-tu-phap"]',
        '"P-noi-vu", "P-lam-gi"]',
        ["truc-quan", "P-lam-gi"],
    ),
    "two tasks of one id": ('id = "NV02"', 'id = "NV01"', ["tasks", "NV01"]),
    "two indicators of one id": ('id = "CT02"', 'id = "CT01"', ["indicators", "CT01"]),
    "two periods of one code": ('code = "6t"', 'code = "q1"', ["periods", "q1"]),
    "a cumulative period that does not exist": ('cumulative = ["6t", "q3"]', 'cumulative = ["h1", "q3"]', ["q3", "h1"]),
    "a previous period that does not exist": ('previous = "6t"', 'previous = "h1"', ["q3", "h1"]),
    "a needed figure that does not exist": ('needs = ["CT19a"]', 'needs = ["CT99"]', ["NV06", "CT99"]),
    "a dated task without its date": ("due = 2025-02-28\n", "", ["NV01", "due"]),
    "a check of an unknown kind": ('rule = "equal"', 'rule = "similar"', ["checks", "R20", "similar"]),
    "a check of an unknown figure": ('left = ["CT04"]', 'left = ["CT44"]', ["checks", "R04", "CT44"]),
    "a figure that is neither flow nor stock": (
        'measure = "phút", kind = "flow"',
        'measure = "phút", kind = "river"',
        ["CT05", "river"],
    ),
    "an office that is no unit": ('office_unit = "P-noi-vu"', 'office_unit = "P-nao-do"', ["office_unit", "P-nao-do"]),
    "units of an undeclared kind": ('van-phong = "Văn phòng"\n', "", ["kinds", "VP-hdnd-ubnd"]),
    "a missing key": ('office = "Phòng Nội vụ"', "#", ["office"]),
    "text where a number belongs": ("year = 2025", 'year = "2025"', ["year"]),
    "text where a date belongs": ("file_by = 2025-09-16", 'file_by = "16/9/2025"', ["periods", "mục 3", "file_by"]),
    "a number where a list belongs": ('contains = ["q1"]', "contains = 1", ["periods", "mục 2", "contains"]),
    "numbers where names belong": ('groups = ["moi-don-vi"]', "groups = [1, 2.5]", ["CT01", "groups", "mục 1", "chữ"]),
    "a number among the figures of a check": ('left = ["CT04"]', 'left = ["CT04", 3]', ["R04", "left", "mục 2", "chữ"]),
    "a number in a group": ('cap-xa = ["xa", "thi-tran"]', 'cap-xa = ["xa", 7]', ["groups", "cap-xa", "mục 2", "chữ"]),
    "a number where a table's words belong": ('xa = "Xã"', "xa = 1", ["kinds", "xa", "chữ"]),
    "a moment where a day belongs": ("due = 2025-02-28", "due = 2025-02-28T10:00:00", ["NV01", "due", "ngày"]),
    "a list where a table belongs": ("[plausible]", "[[plausible]]", ["plausible", "bảng"]),
    "no TOML at all": ("year = 2025", "year == 2025", []),
}


@pytest.mark.parametrize("fault", PLAN_FAULTS)
def test_a_plan_is_refused_for(fault: str, schemas: Path) -> None:
    old, new, words = PLAN_FAULTS[fault]
    sentence = refused(schemas, PLAN, lambda text: text.replace(old, new, 1))
    assert all(word in sentence for word in words), sentence


def test_a_plan_is_refused_for_an_indicator_of_an_unknown_group(schemas: Path) -> None:
    sentence = refused(
        schemas, PLAN, lambda text: re.sub(r'(id = "CT06".*groups = )\["san-pham"\]', r'\1["nobody"]', text)
    )
    assert "CT06" in sentence
    assert "nobody" in sentence


def test_a_plan_is_refused_when_a_task_is_lost(schemas: Path) -> None:
    sentence = refused(
        schemas, PLAN, lambda text: re.sub(r'\[\[tasks\]\]\nid = "NV05".*?(?=\[\[tasks\]\])', "", text, flags=re.DOTALL)
    )
    assert "tasks" in sentence
    assert "8" in sentence
    assert "9" in sentence


FORM_FAULTS: dict[str, tuple[str, str, list[str]]] = {
    "an unknown key in a field": ('key = "phone",', 'key = "phone", colour = "red",', ["card", "colour"]),
    "an unknown key in a sheet": ('shape = "card"', 'shape = "card"\ncolour = "red"', ["card", "colour"]),
    "an unknown type": ('label = "Số người dự", type = "whole"', 'label = "Số người dự", type = "int"', ["participants", "int"]),
    "an unknown shape": ('shape = "card"', 'shape = "page"', ["card", "page"]),
    "two fields of one key": ('key = "venue"', 'key = "title"', ["activities", "“title”"]),
    "a number among other names": ('aliases = ["không có phát sinh"]', "aliases = [1]", ["choices.status", "aliases", "mục 1", "chữ"]),
    "a drop-down without a list": ('choices = "content_area"', 'choices = "areas"', ["content_area", "areas"]),
    "limits that cross": ("minimum = 1, maximum = 99", "minimum = 100, maximum = 99", ["revision"]),
    "a hint that Excel cannot hold": ('hint = "Số tin, bài', 'hint = "' + "dài " * 70 + "Số tin, bài", ["quantity", "hint"]),
    "a lost sheet": ("[sheets.requests]", "[sheets.other]", ["requests"]),
    "a choice without a label": ('{ id = "lead", label = "Chủ trì" }', '{ id = "lead" }', ["choices.role", "label"]),
    "a required that is neither true nor false": (
        'label = "Người ký báo cáo", type = "text", required = true',
        'label = "Người ký báo cáo", type = "text", required = 1',
        ["card", "required"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FORM_FAULTS)
def test_a_form_is_refused_for(fault: str, schemas: Path) -> None:
    old, new, words = FORM_FAULTS[fault]
    sentence = refused(schemas, FORM, lambda text: text.replace(old, new, 1))
    assert all(word in sentence for word in words), sentence


UNIT_FAULTS: dict[str, tuple[str, str, list[str]]] = {
    "a date that is none": ("19363,2020-01-01", "19363,01/01/2020", ["dòng 2", "valid_from", "01/01/2020"]),
    "an unknown column": ("former_names", "old_names", ["old_names"]),
    "a missing column": (",kind,", ",sort,", ["kind"]),
    "two units of one id": ("XA-ben-quan,", "XA-ho-xa,", ["XA-ho-xa"]),
    "an answer that is neither yes nor no": (
        ",,,yes,yes\nXA-ben-quan",
        ",,,maybe,yes\nXA-ben-quan",
        ["dòng 2", "must_report", "maybe"],
    ),
    "validity that ends before it begins": (
        "19363,2020-01-01,,",
        "19363,2020-01-01,2019-12-31,",
        ["XA-ho-xa", "valid_to"],
    ),
    "a successor that is no unit": ("19363,2020-01-01,,,", "19363,2020-01-01,,XA-nowhere,", ["XA-ho-xa", "XA-nowhere"]),
    "a name with a bare comma": ('"Phòng Kinh tế, Hạ tầng và Đô thị"', "Phòng Kinh tế, Hạ tầng và Đô thị", ["dòng"]),
    "a unit without a name": ("XA-ho-xa,Thị trấn Hồ Xá", "XA-ho-xa,", []),
}


@pytest.mark.parametrize("fault", UNIT_FAULTS)
def test_a_register_is_refused_for(fault: str, schemas: Path) -> None:
    old, new, words = UNIT_FAULTS[fault]
    sentence = refused(schemas, UNITS, lambda text: text.replace(old, new, 1))
    assert all(word in sentence for word in words), sentence


def test_a_register_saved_by_excel_with_a_byte_order_mark_is_read(schemas: Path) -> None:
    path = schemas / UNITS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_project(schemas).register.units) == 32


def test_a_register_in_another_encoding_is_refused(schemas: Path) -> None:
    path = schemas / UNITS
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(PipelineError, match=re.escape(str(path))):
        load_project(schemas)


def test_a_problem_of_unknown_severity_is_refused(schemas: Path) -> None:
    sentence = refused(
        schemas, PROBLEMS, lambda text: text.replace('late = { severity = "note"', 'late = { severity = "shrug"', 1)
    )
    assert "late" in sentence
    assert "shrug" in sentence


@pytest.mark.parametrize("file", [PLAN, FORM, UNITS, PROBLEMS, "labels.toml"])
def test_a_lost_file_is_named(file: str, schemas: Path) -> None:
    (schemas / file).unlink()
    with pytest.raises(PipelineError) as refusal:
        load_project(schemas, 2025)
    assert Path(file).name in str(refusal.value)


def test_without_any_plan_the_folder_is_named(schemas: Path) -> None:
    (schemas / PLAN).unlink()
    with pytest.raises(PipelineError, match="plans"):
        load_project(schemas)


def test_a_year_without_a_plan_is_named(project: Project, schemas: Path) -> None:
    with pytest.raises(PipelineError, match=r"1999\.toml"):
        load_project(schemas, 1999)
    with pytest.raises(PipelineError, match=r"q9.*q1, 6t, q2, q3, nam, q4"):
        project.plan.period("q9")


def test_the_newest_plan_is_the_default(schemas: Path) -> None:
    newer = (schemas / PLAN).read_text(encoding="utf-8").replace("year = 2025", "year = 2026", 1)
    (schemas / "plans/2026.toml").write_text(newer, encoding="utf-8")
    assert load_project(schemas).plan.year == 2026
    assert load_project(schemas, 2025).plan.year == 2025


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
    ("file", "old", "new", "sentence"),
    [
        (
            PLAN,
            'groups = ["moi-don-vi"]',
            "groups = [1, 2.5]",
            "indicators, mục 1 (“CT01”), khóa “groups”, mục 1: cần chữ, đang là “1”.",
        ),
        (
            PLAN,
            'measure = "phút", kind = "flow"',
            'measure = "phút", kind = "river"',
            "indicators, mục 5 (“CT05”), khóa “kind”: “river” không có; dùng flow, stock.",
        ),
        (
            FORM,
            'label = "Người ký báo cáo", type = "text", required = true',
            'label = "Người ký báo cáo", type = "text", required = 1',
            "sheets.card.fields, mục 12 (“signed_by”), khóa “required”: cần true hoặc false, đang là “1”.",
        ),
    ],
)
def test_a_refusal_names_file_key_and_place(file: str, old: str, new: str, sentence: str, schemas: Path) -> None:
    assert refused(schemas, file, lambda text: text.replace(old, new, 1)) == f"{schemas / file}, {sentence}"


def test_every_kind_of_field_has_its_entry_and_is_read() -> None:
    assert [*KINDS] == [*kinds.READERS] == [*get_args(Type)]
