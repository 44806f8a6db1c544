"""`Trả lời nhanh`: the sentences that answer a superior's questions, in one table that can be filtered."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.publish.report import Report
from pipeline.publish.sentences.answers import task_sentence, unit_sentence
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.publish.sentences.findings import finding_sentences
from pipeline.publish.sentences.own_plans import own_plans_sentence, rate_sentences
from pipeline.publish.sentences.standings import standing_sentences
from pipeline.publish.workbook.lists import list_page
from pipeline.publish.workbook.pages import Column, Page
from pipeline.words.prose import capitalised

_FINDING, _TASK, _DIFFERENCE, _UNIT = "Cần biết trước", "Nhiệm vụ", "Vì sao khác kỳ trước", "Đơn vị"


@dataclass(frozen=True, slots=True)
class _Answer:
    """To what kind of question, about what, and the sentence."""

    kind: str
    about: str
    answer: str


def answers_page(report: Report) -> Page:
    """Sentences ready to copy: the findings; one a task; one an indicator, on why it differs; one a unit; the rest."""
    columns: tuple[Column[_Answer], ...] = (
        Column("kind", "Hỏi về", 19),
        Column("about", "Cụ thể", 24, of=lambda line: line.about),
        Column("answer", "Câu trả lời (chép được ngay)", 115),
    )
    return list_page(report, "answers", columns, list(_answers(report)), "")


def _answers(report: Report) -> Iterator[_Answer]:
    for sentence in finding_sentences(report):
        yield _Answer(_FINDING, "", sentence)
    for task in report.project.plan.tasks:
        yield _Answer(_TASK, task.id, task_sentence(report, task.id))
    differences = difference_sentences(report)
    for indicator_id, sentence in differences.items():
        yield _Answer(_DIFFERENCE, indicator_id, sentence)
    if not differences:
        yield _Answer(_DIFFERENCE, "", "Chưa có số liệu kỳ trước để so sánh.")
    for unit in report.judged.settlement.units:
        yield _Answer(_UNIT, unit.name, unit_sentence(report, unit.unit_id))
    yield from _other_answers(report)


def _other_answers(report: Report) -> Iterator[_Answer]:
    """What a leader asks besides: who has a plan of its own, the rates of the plan, the models that units name."""
    yield _Answer("Kế hoạch riêng", "", own_plans_sentence(report))
    for sentence in rate_sentences(report):
        yield _Answer("Tỷ lệ", "", f"{capitalised(sentence)}.")
    for about, sentence in standing_sentences(report):
        yield _Answer(about, "", sentence)
    for line in report.models:
        yield _Answer(
            "Mô hình, cách làm hay", report.name(line.unit_id), f"{report.name(line.unit_id)}: {line.content}"
        )
