"""The catalogue of problems: the codes that people rely on, and a whole sentence in three parts for each of them."""

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import pipeline
from pipeline.declare.form import Field
from pipeline.declare.project import Project
from pipeline.values.problems import Problem
from pipeline.values.states import SEVERITIES
from pipeline.words.days import day_text
from pipeline.words.numbers import number_text
from tests.builders import SCHEMAS

CONTRACT = {
    "block-file": """file-encrypted file-corrupt file-type-unsupported file-too-large not-a-form form-outdated
        unit-unknown unit-ambiguous unit-mismatch unit-not-valid period-mismatch sheet-missing column-missing
        revision-conflict""",
    "block-row": """row-unknown not-a-number not-whole ambiguous-number negative-number number-too-large not-a-date
        date-outside-window choice-unknown task-unknown cell-error formula-without-value text-too-long value-required
        duplicate-row""",
    "question": """value-missing task-row-blank proof-missing delay-reason-missing expected-date-missing
        document-number-odd row-not-lead sum-mismatch follows-from outlier copied-forward same-as-other-unit
        legacy-encoding vague-number hidden-data external-link unknown-column total-mismatch""",
    "note": "late nothing-to-report duplicate-file name-differs sample-data",
}
CODES = sorted(re.findall(r"(?m)^([a-z-]+) = \{ severity", (SCHEMAS / "problems.toml").read_text(encoding="utf-8")))
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def constants(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def modules() -> tuple[tuple[Path, ast.Module], ...]:
    return tuple(
        (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(Path(pipeline.__file__).parent.rglob("*.py"))
    )


def raised() -> Iterator[tuple[str, str]]:
    """(module, code) of every code spelt in a call that makes a problem, or as `code=`."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                written = [word.value for word in node.keywords if word.arg == "code"]
                if name == "Problem" and node.args:
                    written.append(node.args[0])
                for found in written:
                    yield from ((path.name, text) for text in constants(found) if text)


@pytest.mark.parametrize("severity", CONTRACT)
def test_the_codes_that_people_rely_on_have_their_severity(severity: str, project: Project) -> None:
    assert {code: project.catalogue.codes[code].severity for code in CONTRACT[severity].split()} == dict.fromkeys(
        CONTRACT[severity].split(), severity
    )


def test_every_code_is_kebab_case_with_a_known_severity(project: Project) -> None:
    assert set(CODES) == set(project.catalogue.codes)
    assert all(CODE.fullmatch(code) and project.catalogue.severity(code) in SEVERITIES for code in CODES)
    assert set(project.catalogue.severities) == set(SEVERITIES)


def test_every_code_that_is_raised_stands_in_the_catalogue(project: Project) -> None:
    seen = list(raised())
    assert seen
    assert [(module, code) for module, code in seen if code not in project.catalogue.codes] == []


def test_every_code_of_the_catalogue_is_raised_somewhere(project: Project) -> None:
    spelt = set().union(*(constants(tree) for _, tree in modules()))
    assert sorted(set(project.catalogue.codes) - spelt) == []


def own_fields(project: Project) -> list[tuple[str, Field]]:
    return [(sheet.id, item) for sheet in project.form.sheets.values() for item in sheet.fields if item.own]


def made_up(project: Project, code: str, table: str, field: str) -> Problem:
    """A problem with a word for every placeholder that a check would fill."""
    entry = project.catalogue.codes[code]
    facts = {
        name: "điều ấy" for template in (entry.found, entry.expected, entry.example) for name in placeholders(template)
    }
    general = {"label", "expected", "example", "value", "period", "window", "sheets", "version", "office", "rows"}
    return Problem(
        code,
        "a.xlsx",
        "XA-vinh-o",
        "Sheet",
        "A1",
        table,
        field,
        "abc",
        6,
        {key: text for key, text in facts.items() if key not in general},
    )


def assert_whole(parts: tuple[str, str, str], code: str) -> None:
    for part in parts:
        assert part, code
        assert not re.search(r"[{}]|  |\.\.$| [,;:]| \.( |$)|“”", part), (code, part)
        assert part.endswith((".", "?", "điều ấy")), (code, part)
    assert any(ord(letter) > 127 for letter in parts[0]), code


@pytest.mark.parametrize("code", CODES)
def test_every_code_makes_a_whole_sentence_for_every_field(code: str, project: Project) -> None:
    period = project.plan.period("q3")
    is_about_cells = "{place}" in project.catalogue.codes[code].found and not project.catalogue.codes[code].expected
    for table, item in (
        own_fields(project) if is_about_cells else [("activities", project.form["activities"].by_key["title"])]
    ):
        problem = made_up(project, code, table, item.key)
        parts = project.catalogue.parts(problem, project.field_of(problem), project.form, period)
        assert_whole(parts, code)
        assert project.message(problem, period) == " ".join(parts)
        assert parts[2].startswith("Ví dụ:")
        assert not re.search(r"\b[Xx]in\b", " ".join(parts))  # an office asks, it does not plead
        if is_about_cells:
            assert item.label in parts[0]


def test_a_sentence_says_what_is_expected_in_the_words_of_its_field(project: Project) -> None:
    period = project.plan.period("q3")

    def expected(table: str, key: str) -> str:
        problem = Problem("value-required", "a.xlsx", table=table, field=key)
        return project.catalogue.parts(problem, project.field_of(problem), project.form, period)[1]

    assert "15/6/2025" in expected("activities", "date")
    assert "14/9/2025" in expected("activities", "date")
    assert "từ 1 đến 1.000.000" in expected("activities", "quantity")
    assert expected("activities", "title") == "Đề nghị ghi tên tin, bài, cuộc họp, sản phẩm."
    assert all(f"“{choice.label}”" in expected("tasks", "status") for choice in project.form.choices["status"])
    assert "danh sách" in expected("activities", "form")
    assert project.form.choices["form"][0].label not in expected("activities", "form")


def test_a_sentence_quotes_the_beginning_and_the_end_of_a_long_cell(project: Project) -> None:
    value = f"đầu {'9' * 30_000} cuối"
    for facts in ({}, {"detail": value, "others": value, "what": value}):
        told = [
            project.message(Problem(code, "a.xlsx", value=value, facts=facts), project.plan.period("q3"))
            for code in CODES
        ]
        assert max(map(len, told)) < 5_000
        assert any("“đầu 999" in text and "…999" in text and "999 cuối”" in text for text in told)


def test_a_sentence_about_a_fixed_row_names_the_row(project: Project) -> None:
    problem = Problem(
        "not-a-number", "a.xlsx", table="figures", field="value", value="abc", row=6, facts={"row_name": "CT01"}
    )
    message = project.message(problem, project.plan.period("q3"))
    assert message.startswith(f"Chỉ tiêu CT01 “{project.plan.indicator['CT01'].title}” đang ghi “abc”")


@pytest.mark.parametrize(
    ("table", "key", "row", "place"),
    [
        ("figures", "note", "CT01", "Chỉ tiêu CT01, cột “Ghi chú”, ghi “abc”"),
        ("tasks", "document_number", "NV01", "Nhiệm vụ NV01, cột “Số văn bản”, ghi “abc”"),
        ("activities", "title", "", "“Tên hoạt động, tiêu đề” ghi “abc”"),
    ],
)
def test_a_cell_is_called_as_people_call_it(table: str, key: str, row: str, place: str, project: Project) -> None:
    facts = {"row_name": row} if row else {}
    problem = Problem("vague-number", "a.xlsx", table=table, field=key, value="abc", row=6, facts=facts)
    assert project.message(problem, project.plan.period("q3")).startswith(place)


def test_limits_are_named_where_they_are_broken(project: Project) -> None:
    def found(code: str, key: str) -> str:
        problem = Problem(code, "a.xlsx", table="activities", field=key, value="0", row=6)
        return project.catalogue.parts(problem, project.field_of(problem), project.form, project.plan.period("q3"))[0]

    assert "không được nhỏ hơn 1." in found("negative-number", "quantity")
    assert "cao nhất là 1.000.000." in found("number-too-large", "quantity")


def test_signs_that_nobody_sees_are_in_no_sentence(project: Project) -> None:
    problem = Problem(
        "vague-number",
        "a.xlsx",
        table="figures",
        field="value",
        value="5 \u202eabc\u200b",
        row=6,
        facts={"suggestion": " \u2066(7?)"},
    )
    assert "“5 abc”, chưa rõ là số nào (7?) nên" in project.message(problem, project.plan.period("q3"))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1234, "1.234"),
        (1234567.5, "1.234.567,5"),
        (0.25, "0,25"),
        (49333333.3, "49.333.333,3"),
        (10**15, "1.000.000.000.000.000"),
        (-1200, "-1.200"),
        (10**12, "1.000.000.000.000"),
        (1e-12, "1e-12"),
        (0.1 + 0.2, "0,3"),
    ],
)
def test_numbers_are_written_as_offices_write_them(number: float, text: str) -> None:
    assert number_text(number) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2025, 9, 5), "05/9/2025"),
        (date(2025, 2, 20), "20/02/2025"),
        (date(2025, 1, 1), "01/01/2025"),
        (date(2025, 12, 31), "31/12/2025"),
    ],
)
def test_days_are_written_as_offices_write_them(day: date, text: str) -> None:
    assert day_text(day) == text


# Words by which something goes that a unit filled in; of signs around it (a password, a filter, a merge) one may ask.
DELETION = re.compile(
    r"(?<!đừng )(?<!không )\b(xóa|xoá|gỡ|hủy bỏ|loại bỏ|xóa trống|để trống lại|cắt bỏ|bỏ)\b", re.IGNORECASE
)
NO_CONTENT = re.compile(r"\bbỏ (mật khẩu|bảo vệ|ẩn|gộp|gạch ngang)|\bthì để trống\b|[gđ]ạch bỏ", re.IGNORECASE)


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_asks_a_unit_to_delete_what_it_filled_in(code: str, project: Project) -> None:
    problem = made_up(project, code, "activities", "title")
    sentence = project.message(problem, project.plan.period("q3"))
    assert not DELETION.search(NO_CONTENT.sub("", sentence)), sentence


def test_nothing_that_a_unit_reads_asks_it_to_delete_what_it_filled_in() -> None:
    """The words of the checks, which fill the sentences of the catalogue, and of all that goes back with them."""
    rooms = ("intake", "judge", "publish/returns", "publish/sentences", "convert")
    root = Path(pipeline.__file__).parent
    asking = re.compile(r"\b(xin|cần|đề nghị|hãy|nên)\b", re.IGNORECASE)
    texts = {
        (path.name, text)
        for path, tree in modules()
        if path.relative_to(root).as_posix().startswith(rooms)
        for text in constants(tree)
        if asking.search(text)
    }
    declared = [
        line for name in ("meaning", "proof") for line in (SCHEMAS / f"{name}.toml").read_text("utf-8").splitlines()
    ]
    texts |= {("schemas", line) for line in declared if line.startswith("mend")}
    assert len(texts) > 40
    assert [(name, text) for name, text in texts if DELETION.search(NO_CONTENT.sub("", text))] == []


def test_every_example_begins_as_one_and_takes_no_side_of_an_equation(project: Project) -> None:
    catalogue = project.catalogue
    examples = {code: entry.example or catalogue.defaults["example"] for code, entry in catalogue.codes.items()}
    assert [code for code, text in examples.items() if not text.startswith("Ví dụ: ")] == []
    sides = {"left_value", "right_value", "sum", "reading", "readings", "value"}
    assert [
        code
        for code in ("sum-mismatch", "total-mismatch", "ambiguous-number", "outlier")
        if sides & placeholders(examples[code])
    ] == []
    for check in project.plan.checks:
        assert check.example, check.id


@pytest.mark.parametrize(
    ("indicator_id", "example"), [("CT01", "12"), ("CT05", "37,5"), ("CT16", "120"), ("CT23b", "4500000")]
)
def test_the_example_fits_the_kind_of_figure(indicator_id: str, example: str, project: Project) -> None:
    facts = {"row_name": indicator_id}
    problem = Problem("not-a-number", "a.xlsx", table="figures", field="value", value="abc", row=6, facts=facts)
    assert project.message(problem, project.plan.period("q3")).endswith(f"Ví dụ: {example}.")


def test_what_a_sentence_names_of_the_form_is_called_so_on_the_form(project: Project) -> None:
    form = project.form
    fields = [item for sheet in form.sheets.values() for item in sheet.fields]
    called = {*(sheet.name for sheet in form.sheets.values()), *(item.label for item in fields)}
    called |= {choice.label for choices in form.choices.values() for choice in choices}
    told = re.findall("“([A-ZĐ][^”{]*)”", (SCHEMAS / "problems.toml").read_text(encoding="utf-8"))
    assert set(told) - called == {"Excel Workbook (*.xlsx)"}  # of Excel itself
    assert {"Hình thức gửi lại", "Ghi chú", "Thông tin chung"} <= set(told)
