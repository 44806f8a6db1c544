"""A form that was sent again: every value that changed is listed and told, and no value that did not; answers stay."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.declare.project import Project
from pipeline.judge.revisions import _BLANK, _Cell, _Line, _matched
from pipeline.judged.evaluation import Evaluation
from pipeline.publish.sentences.messages import LONGEST, ToUnit, unit_message
from pipeline.values.problems import Problem
from pipeline.values.states import UnitVerdict
from tests.builders import Draft, an_activity, evaluate_folder, save_all, shipped, truthful
from tests.desk import Desk

ONE, OTHER = "XA-vinh-thai", "XA-vinh-tu"
PROJECT = shipped()
Change = tuple[str, str, str]  # cell, raw, used


def again(draft: Draft, revision: int = 2, kind: str = "Thay thế") -> Draft:
    return (
        draft.card(revision=revision, revision_kind=kind, revision_reason="Đính chính")
        .named(f"{draft.unit.unit_id}/{revision}.xlsx")
        .received(f"2025-09-16 0{revision}:00")
    )


def first_of(draft: Draft) -> Draft:
    return draft.named(f"{draft.unit.unit_id}/1.xlsx").received("2025-09-15 08:00")


def without_rows(draft: Draft) -> Draft:
    return replace(draft, answers=replace(draft.answers, tasks={}, figures={}, activities=()))


def moved(draft: Draft) -> Draft:
    """The activities in another order, one more above them."""
    more = an_activity(draft, "NV05", title="Tin thêm")
    return replace(draft, answers=replace(draft.answers, activities=(more, *reversed(draft.answers.activities))))


def with_one_more(draft: Draft) -> Draft:
    return draft.activity(**an_activity(draft, "NV05", title="Tin bổ sung"))


def less(draft: Draft) -> Draft:
    return replace(draft, answers=replace(draft.answers, activities=draft.answers.activities[1:]))


STORIES: dict[str, Callable[[Draft], list[Draft]]] = {
    "one figure": lambda first: [first, again(first.figures(CT02=8))],
    "a figure and its note": lambda first: [first, again(first.figure("CT02", 8, note="đã kiểm lại"))],
    "to blank and from blank": lambda first: [first.figures(CT03=None), again(first.figures(CT04=None))],
    "words for nothing": lambda first: [first.figures(CT02="…"), again(first.figures(CT02="x"))],
    "what could not be read": lambda first: [first.figures(CT02="khoảng 5"), again(first)],
    "written otherwise": lambda first: [
        first.figures(CT02="5 bài", CT11=120, CT22="-", CT05="37,5").task("NV01", document_date="20/02/2025"),
        again(first.figures(CT02=5, CT11="120", CT22=0, CT05=37.5).task("NV01", document_date=date(2025, 2, 20))),
    ],
    "a task": lambda first: [first, again(first.task("NV07", status="Đang thực hiện"))],
    "the card": lambda first: [first, again(first.card(signed_by="Người ký khác"))],
    "one activity": lambda first: [first, again(first.spoil_activity(1, quantity=4))],
    "a title": lambda first: [first, again(first.spoil_activity(1, title="Tin sửa tên"))],
    "moved and one more": lambda first: [first, again(moved(first))],
    "one less": lambda first: [first, again(less(first))],
    "a supplement": lambda first: [
        first.figure("CT02", "…", note="chờ xã"),
        again(without_rows(first).figures(CT02=9, CT03=4), 2, "Bổ sung").activity(
            **an_activity(first, "NV05", title="Tin bổ sung")
        ),
    ],
    "a supplement, then a replacement": lambda first: [
        first,
        again(with_one_more(without_rows(first)).figures(CT02=9), 2, "Bổ sung"),
        again(with_one_more(first).figures(CT02=10), 3),
    ],
    "three times": lambda first: [first, again(first.figures(CT02=8)), again(first.figures(CT02=9), 3)],
    "back again": lambda first: [first, again(first.figures(CT02=8)), again(first, 3)],
    "twins": lambda first: [first, first.figures(CT02=8).named(f"{first.unit.unit_id}/2.xlsx"), again(first, 3)],
    "sent twice": lambda first: [first, first.named(f"{first.unit.unit_id}/copy.xlsx")],
}


@dataclass(frozen=True)
class Outcome:
    done: Evaluation
    first: Draft

    def revised(self, file: str = "2.xlsx") -> list[Change]:
        name = f"{self.first.unit.unit_id}/{file}"
        return [
            (item.cell, item.raw, item.used)
            for item in self.done.settlement.changes
            if item.rule == "revised" and item.file == name
        ]

    def at(self, table: str, key: str, row: str | int = 0) -> str:
        return self.first.at(table, key, row)


@pytest.fixture(scope="module")
def outcomes(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    communes = [unit.unit_id for unit in project.register.units if unit.unit_id.startswith("XA-")]
    firsts = {name: first_of(truthful(project, unit_id)) for name, unit_id in zip(STORIES, communes, strict=False)}
    assert len(firsts) == len(STORIES)
    drafts = [draft for name, first in firsts.items() for draft in STORIES[name](first)]
    done = evaluate_folder(tmp_path_factory.mktemp("revised"), project, drafts)
    return {name: Outcome(done, first) for name, first in firsts.items()}


def test_every_value_that_changed_is_listed_at_its_cell_in_the_newer_form(outcomes: dict[str, Outcome]) -> None:
    one = outcomes["one figure"]
    assert one.revised() == [(one.at("figures", "value", "CT02"), "5", "8")]
    noted = outcomes["a figure and its note"]
    assert noted.revised() == [
        (noted.at("figures", "value", "CT02"), "5", "8"),
        (noted.at("figures", "note", "CT02"), "", "đã kiểm lại"),
    ]
    task = outcomes["a task"]
    assert task.revised() == [(task.at("tasks", "status", "NV07"), "Hoàn thành", "Đang thực hiện")]
    card = outcomes["the card"]
    assert card.revised() == [(card.at("card", "signed_by"), "Người ký thử", "Người ký khác")]


def test_blanks_words_and_what_nobody_could_read_are_values_too(outcomes: dict[str, Outcome]) -> None:
    blank = outcomes["to blank and from blank"]
    assert blank.revised() == [
        (blank.at("figures", "value", "CT03"), "", "4"),
        (blank.at("figures", "value", "CT04"), "9", ""),
    ]
    assert [item[1:] for item in outcomes["words for nothing"].revised()] == [("…", "x")]
    assert [item[1:] for item in outcomes["what could not be read"].revised()] == [("khoảng 5", "5")]


def test_the_same_value_written_otherwise_is_no_change(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["written otherwise"].revised() == []


def test_rows_of_activities_are_known_again_wherever_they_stand(outcomes: dict[str, Outcome]) -> None:
    one = outcomes["one activity"]
    assert one.revised() == [(one.at("activities", "quantity", 1), "1", "4")]
    title = outcomes["a title"]
    old = title.first.answers.activities[1]["title"]
    assert title.revised() == [(title.at("activities", "title", 1), old, "Tin sửa tên")]


def test_a_row_that_came_or_went_is_listed_with_its_values(outcomes: dict[str, Outcome]) -> None:
    more = outcomes["moved and one more"]
    added = more.revised()
    assert (more.at("activities", "title", 0), "", "Tin thêm") in added
    assert {raw for _, raw, _ in added} == {""}
    assert len(added) == len(an_activity(more.first, "NV05", title="Tin thêm"))
    gone = outcomes["one less"]
    removed = gone.revised()
    assert ("", gone.first.answers.activities[0]["title"], "") in removed
    assert {(cell, used) for cell, _, used in removed} == {("", "")}


def test_of_a_supplement_only_what_it_gives_is_compared(outcomes: dict[str, Outcome]) -> None:
    told = outcomes["a supplement"]
    values = told.revised()
    assert values[0] == (told.at("figures", "value", "CT02"), "…", "9")
    assert [used for _, raw, used in values if not raw and used == "Tin bổ sung"] == ["Tin bổ sung"]
    assert [item for item in values if item[1]] == values[:1]
    both = outcomes["a supplement, then a replacement"]
    assert both.revised()[0] == (both.at("figures", "value", "CT02"), "5", "9")
    assert both.revised("3.xlsx") == [(both.at("figures", "value", "CT02"), "9", "10")]


def test_each_version_is_compared_with_the_one_before(outcomes: dict[str, Outcome]) -> None:
    for name, last in (("three times", ("8", "9")), ("back again", ("8", "5"))):
        assert [item[1:] for item in outcomes[name].revised()] == [("5", "8")]
        assert [item[1:] for item in outcomes[name].revised("3.xlsx")] == [last]


def test_forms_with_one_number_are_set_beside_each_other(outcomes: dict[str, Outcome]) -> None:
    twins = outcomes["twins"]
    assert [item[1:] for item in twins.revised()] == [("5", "8")]
    assert [item[1:] for item in twins.revised("3.xlsx")] == [("8", "5")]


def test_what_came_once_or_as_a_copy_changed_nothing(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["one figure"].revised("1.xlsx") == []
    assert outcomes["sent twice"].revised("copy.xlsx") == []


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=8)


def lines(rows: list[tuple[str, int]]) -> list[_Line]:
    return [
        _Line(number, {key: _Cell(value, str(value), f"{key}{number}") for key, value in zip(KEYS, row, strict=True)})
        for number, row in enumerate(rows, start=6)
    ]


KEYS = ("title", "quantity")


@given(ROWS, ROWS, st.randoms())
def test_each_row_is_in_one_pair_and_the_order_of_rows_changes_nothing(
    before: list[tuple[str, int]], now: list[tuple[str, int]], random: Any
) -> None:
    sheet = PROJECT.form["activities"]
    old, new = lines(before), lines(now)
    pairs = _matched(old, new, sheet)
    assert sorted(line.number for line, _ in pairs if line is not _BLANK) == [line.number for line in old]
    assert [line.number for _, line in pairs if line is not _BLANK] == [line.number for line in new]
    mixed = list(before)
    random.shuffle(mixed)
    assert all(
        one.cells and one.means("title") == other.means("title") for one, other in _matched(lines(mixed), old, sheet)
    )


EDITS = st.dictionaries(st.sampled_from(["CT01", "CT02", "CT05", "CT11", "CT22"]), st.integers(0, 400), max_size=4)


@settings(max_examples=2)
@given(st.lists(EDITS, min_size=6, max_size=6))
def test_exactly_the_edited_cells_are_listed(
    tmp_path_factory: pytest.TempPathFactory, edits: list[dict[str, int]]
) -> None:
    communes = [unit.unit_id for unit in PROJECT.register.units if unit.unit_id.startswith("XA-")]
    firsts = [first_of(truthful(PROJECT, unit_id)) for unit_id in communes[: len(edits)]]
    drafts = [again(first.figures(**mine)) for first, mine in zip(firsts, edits, strict=True)]
    done = evaluate_folder(tmp_path_factory.mktemp("edits"), PROJECT, [*firsts, *drafts])
    for first, mine in zip(firsts, edits, strict=True):
        before = {key: first.answers.figures[key]["value"] for key in mine}
        wanted = {
            (first.at("figures", "value", key), f"{before[key]:g}", str(value))
            for key, value in mine.items()
            if value != before[key]
        }
        assert set(Outcome(done, first).revised()) == wanted


def test_the_unit_hears_what_it_changed_asked_for_or_not(desk: Desk, project: Project) -> None:
    first = first_of(truthful(project, ONE))
    desk.run(first, again(less(first.figures(CT11=4500, CT02=8))))
    text = desk.hears(ONE)
    assert f"ô {first.at('figures', 'value', 'CT11')}: 120 → 4.500" in text
    assert f"ô {first.at('figures', 'value', 'CT02')}: 5 → 8" in text
    assert f"bỏ dòng 6 của bản trước, “{first.answers.activities[0]['title']}”" in text
    assert "đã đổi 3 nội dung" in text
    assert len(text) <= LONGEST + 1
    [line] = [item for item in desk.table("changes") if item["raw"] == "120"]
    assert (line["rule"], line["used"], line["file"]) == ("revised", "4500", f"{ONE}/2.xlsx")


def test_beside_points_to_mend_the_marked_copy_lists_all_changes(desk: Desk, project: Project) -> None:
    first = first_of(truthful(project, ONE))
    changed = {f"CT{number:02d}": 200 + number for number in (1, 2, 3, 4, 6, 8, 9, 10)}
    desk.run(first, again(first.figures(**changed, CT13="nhiều lắm")))
    assert f"và 7 nội dung khác, xem sheet “Cần sửa” của tệp {ONE}.xlsx" in desk.hears(ONE)
    sheet = openpyxl.load_workbook(desk.out(f"phan-hoi/{ONE}.xlsx"))[project.form.todo_sheet]
    told = [str(cell.value) for row in sheet.iter_rows() for cell in row if "so với bản gửi trước" in str(cell.value)]
    assert len(told) == 9
    assert not desk.out(f"phan-hoi/{ONE}-thay-doi.txt").exists()


def test_where_the_message_has_no_room_a_list_goes_with_it(desk: Desk, project: Project) -> None:
    first = first_of(truthful(project, ONE))
    notes = {
        item: {"value": row["value"], "note": f"đã kiểm lại số liệu {item}"}
        for item, row in first.answers.figures.items()
    }
    desk.run(first, again(replace(first, answers=replace(first.answers, figures=notes))))
    assert len(desk.hears(ONE)) <= LONGEST + 1
    assert f"xem tệp {ONE}-thay-doi.txt gửi kèm" in desk.hears(ONE)
    assert desk.hears(f"{ONE}-thay-doi").count("đã kiểm lại số liệu") == len(notes)


def test_answers_stay_after_their_question_is_settled(desk: Desk, project: Project) -> None:
    draft = first_of(truthful(project, ONE)).figure("CT02", None)
    desk.run(draft)
    book = openpyxl.load_workbook(desk.out(f"phan-hoi/{ONE}.xlsx"))
    sheet = book[project.form.todo_sheet]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == project.form.reply_label)
    sheet.cell(head.row + 1, head.column).value = "=Đã bổ sung"
    sheet.cell(head.row + 1, head.column).data_type = "s"
    cell = draft.at("figures", "value", "CT02")
    book[project.form["figures"].name][cell] = 7
    book.save(desk.folders.input(project, project.plan.period("q3")) / "lan 2.xlsx")
    desk.run()
    assert desk.table("problems") == [] or all(line["cell"] != cell for line in desk.table("problems"))
    [line] = desk.table("replies")
    assert (line["unit_id"], line["code"], line["cell"], line["file"]) == (ONE, "value-missing", cell, "lan 2.xlsx")
    assert line["answer"] == "'=Đã bổ sung"
    assert [item["raw"] for item in desk.table("changes") if item["rule"] == "revised" and item["used"] == "7"] == [""]


def test_an_answer_that_comes_back_with_a_later_copy_stands_once(desk: Desk, project: Project) -> None:
    draft = first_of(truthful(project, ONE)).figure("CT02", None)
    desk.run(draft)
    for file in ("lan 2.xlsx", "lan 3.xlsx"):
        book = openpyxl.load_workbook(desk.out(f"phan-hoi/{ONE}.xlsx"))
        sheet = book[project.form.todo_sheet]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        head = next(cell for cell in cells if cell.value == project.form.reply_label)
        asked = next(cell for cell in cells if cell.value == draft.at("figures", "value", "CT02"))
        sheet.cell(asked.row, head.column).value = "Đang hỏi thôn"
        book[project.form["figures"].name][draft.at("figures", "note", "CT02")] = file
        book[project.form["figures"].name][draft.at("figures", "value", "CT03")] = -1  # so that a copy goes back
        book.save(desk.folders.input(project, project.plan.period("q3")) / file)
        desk.run()
    assert [(line["file"], line["answer"]) for line in desk.table("replies")] == [("lan 2.xlsx", "Đang hỏi thôn")]


def test_samples_set_aside_are_counted_over_all_periods_and_answer_nothing(desk: Desk, project: Project) -> None:
    half = desk.folders.input(project, project.plan.period("6t"))
    save_all(half, [truthful(project, unit, "6t").sample() for unit in (ONE, OTHER)])
    finished = desk.run(truthful(project, ONE), truthful(project, OTHER).sample())
    assert finished.report.tally.files.samples_left_out == 3
    assert desk.table("replies") == []


def test_a_list_that_comes_back_without_its_form_keeps_its_answers(desk: Desk, project: Project) -> None:
    draft = first_of(truthful(project, ONE)).figure("CT02", None)
    desk.run(draft)
    book = openpyxl.load_workbook(desk.out(f"phan-hoi/{ONE}.xlsx"))
    for name in book.sheetnames:
        if name != project.form.todo_sheet:
            del book[name]
    sheet = book[project.form.todo_sheet]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == project.form.reply_label)
    sheet.cell(head.row + 1, head.column).value = "Trong kỳ không có bài"
    book.save(desk.folders.input(project, project.plan.period("q3")) / "chi danh sach.xlsx")
    desk.run()
    [line] = desk.table("replies")
    assert (line["unit_id"], line["answer"], line["file"]) == (ONE, "Trong kỳ không có bài", "chi danh sach.xlsx")
    assert "Đã nhận 1 câu trả lời của đơn vị." in desk.hears(ONE)
    assert "không có nội dung phải sửa" in desk.hears(ONE)


@pytest.mark.parametrize("problems", [0, 1, 6])
@pytest.mark.parametrize("letters", [3, 60])
@pytest.mark.parametrize("changes", [1, 3, 50_000])
def test_a_message_keeps_within_its_length_and_says_how_many_changes_there_are(
    project: Project, changes: int, letters: int, problems: int
) -> None:
    asked = [
        Problem("outlier", "a.xlsx", ONE, "Biểu 2 - Số liệu", f"D{row}", "figures", "value", "9", row, FACTS)
        for row in range(6, 6 + problems)
    ]
    lines = [f"Biểu 2 - Số liệu, ô D{row}: {'a' * letters} → {'b' * letters}" for row in range(changes)]
    unit, period = project.register.by_id[ONE], project.plan.period("q3")
    moment = datetime(2025, 9, 15, 8, 0, tzinfo=project.plan.zone)
    verdict: UnitVerdict = "questions" if problems else "accepted"
    text = unit_message(ToUnit(unit, period, project, asked, verdict, moment, True, replied=2, revised=lines))
    assert len(text) <= LONGEST
    assert f"đã đổi {changes} nội dung" in text
    shown = sum(line in text for line in lines)
    assert shown == changes or f"và {changes - shown} nội dung khác, xem" in text
    assert all(f"{number}. Biểu 2" in text for number in range(1, min(problems, 3) + 1))


FACTS = {"label": "CT01 (Tin)", "why": "gấp hơn 5 lần kỳ trước"}
