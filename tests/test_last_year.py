"""The same period of the year before: beside this one where its plan and its forms are there, and nowhere else."""

import csv
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.commands.report import judge_period
from pipeline.commands.run import Finished, run_period
from pipeline.declare.last_year import same_figures, same_window
from pipeline.declare.plan import Wording
from pipeline.declare.project import Project, load_project
from pipeline.publish.sentences.comparison import difference_sentences
from pipeline.reading.periods import LAST_YEAR, Folders, read_folder, year_before
from tests.builders import SCHEMAS, save_all, shipped, truthful, with_few_blank_rows
from tests.lasting import LASTING

THAI, TU, HA, SON = "XA-vinh-thai", "XA-vinh-tu", "XA-vinh-ha", "XA-vinh-son"
_YEAR = re.compile(r"(?m)(?<![\w\"-])20\d\d(?=-\d\d-\d\d)|(?<=^year = )20\d\d")


def a_year_on(home: Path) -> None:
    """The declarations of the project, and the plan of the year after it with every day moved."""
    shutil.copytree(SCHEMAS, home / "schemas")
    plan = (home / "schemas/plans/2025.toml").read_text("utf-8")
    moved = _YEAR.sub(lambda year: str(int(year[0]) + 1), plan)
    (home / "schemas/plans/2026.toml").write_text(moved, "utf-8")


@dataclass(frozen=True)
class Played:
    """2026 beside 2025: of three units each year two are the same, and a form of 2025 has a cell to mend."""

    home: Path
    project: Project
    done: Finished

    @property
    def folders(self) -> Folders:
        return Folders(self.home / "in", self.home / "out")

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.done.folder / f"du-lieu/{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("years")
    a_year_on(home)
    before, now = (with_few_blank_rows(load_project(home / "schemas", year)) for year in (2025, 2026))
    spoilt = truthful(before, SON).figure("CT05", 40).figure("CT01", "khoảng 9")
    save_all(home / "in/2025/q3", [truthful(before, THAI).figure("CT05", 100), truthful(before, TU), spoilt])
    save_all(home / "in/2026/q3", [truthful(now, unit_id).figure("CT05", 130) for unit_id in (THAI, HA, SON)])
    folders = Folders(home / "in", home / "out")
    return Played(home, now, run_period(now, now.plan.period("q3"), folders, engine=LASTING))


def test_each_figure_stands_beside_that_of_the_year_before_and_the_changes_add_up(played: Played) -> None:
    lines = {row["unit_id"]: row for row in played.table("last-year") if row["indicator_id"] == "CT05"}
    told = {unit_id: (row["before"], row["now"], row["cause"]) for unit_id, row in lines.items()}
    tu = lines[TU]["before"]
    assert told == {
        THAI: ("100", "130", "real"),
        SON: ("40", "130", "real"),
        HA: ("", "130", "not-reported-before"),
        TU: (tu, "", "not-reported-now"),
    }
    assert {row["before_period"] for row in lines.values()} == {"2025:q3"}
    assert sum(float(row["change"]) for row in lines.values()) == 3 * 130 - 140 - float(tu)


def test_the_answer_speaks_of_the_same_units_first_and_names_the_others(played: Played) -> None:
    assert difference_sentences(played.done.report)["CT05"].endswith(
        "Cùng kỳ năm trước (Quý III năm 2025): 2 đơn vị có số liệu cả hai năm: năm nay 260 phút, năm trước 140 phút "
        "(tăng 85,7%). Tổng số của mọi đơn vị: năm nay 390 phút, năm trước 177,5 phút. "
        "Chỉ năm nay có số liệu: Xã Vĩnh Hà (130). Chỉ năm trước có số liệu: Xã Vĩnh Tú (37,5)."
    )


def test_what_was_read_of_that_year_is_told_like_all_else(played: Played) -> None:
    """Its forms, books and plan among the inputs; a cell that could not be used among those of other periods."""
    inputs = {item["file"] for item in json.loads((played.done.folder / "run.json").read_text("utf-8"))["inputs"]}
    assert {f"inputs/2025/q3/{THAI}.xlsx", "inputs/2025/q3/so-nhan.csv", "schemas/plans/2025.toml"} < inputs
    assert [(row["period"], row["unit_id"]) for row in played.table("other-periods")] == [("2025:q3", SON)]
    assert "Quý III năm 2025" in " ".join(played.done.report.unused_words)
    assert {row["before_period"] for row in played.table("bridge")} <= {"6t"}


def test_without_its_plan_or_its_forms_nothing_is_said_of_it(played: Played, tmp_path: Path) -> None:
    period, project = played.project.plan.period("q3"), played.project
    assert year_before(project, project.plan.period("nam"), played.folders) is None
    assert year_before(replace(project, folder=None), period, played.folders) is None
    shutil.copytree(played.home / "schemas", tmp_path / "schemas")
    plan = tmp_path / "schemas/plans/2025.toml"
    plan.write_text(plan.read_text("utf-8").replace("task_count = 9", "task_count = 8"), "utf-8")
    broken = load_project(tmp_path / "schemas", 2026)
    assert broken.year_before is None
    assert "kế hoạch ghi 8" in broken.year_before_fault


def test_samples_stand_beside_samples_alone(played: Played, tmp_path: Path) -> None:
    before, now = with_few_blank_rows(load_project(played.home / "schemas", 2025)), played.project
    save_all(tmp_path, [truthful(before, THAI).sample()])
    sample = read_folder(tmp_path, before, before.plan.period("q3"), engine=LASTING)
    period, none = now.plan.period("q3"), dict.fromkeys(("q1", "6t"), ())
    real = read_folder(played.folders.input(now, period), now, period, engine=LASTING)
    assert judge_period(now, period, {**none, "q3": real, LAST_YEAR: sample}).last_year is None
    assert judge_period(now, period, {**none, "q3": sample, LAST_YEAR: sample}).last_year is not None


def test_the_same_period_is_known_by_its_window() -> None:
    plan = shipped().plan
    later = [
        replace(item, code=f"k{item.code}", date_from=_later(item.date_from), date_to=_later(item.date_to))
        for item in plan.periods
    ]
    found = [same_window(item, plan) for item in later]
    assert [item and f"k{item.code}" for item in found] == [item.code for item in later]
    quarter = replace(later[2], date_from=date(2026, 5, 15), date_to=date(2026, 8, 14))
    assert same_window(quarter, plan) is None
    leap = replace(later[0], date_from=date(2023, 12, 1), date_to=date(2024, 2, 29))
    winter = replace(plan.periods[0], date_from=date(2022, 12, 1), date_to=date(2023, 2, 28))
    assert same_window(leap, replace(plan, periods=(winter,))) == winter


def _later(day: date) -> date:
    return day.replace(year=day.year + 1)


def test_a_figure_of_another_meaning_is_not_the_same() -> None:
    plan = shipped().plan
    names = [item.id for item in plan.indicators[:5]]
    first, second, third, fourth, fifth = (replace(item, was={}) for item in plan.indicators[:5])
    plan = replace(plan, indicators=(first, second, third, fourth, fifth))
    changed = replace(
        plan,
        indicators=(
            replace(first, measure="chuyên mục"),
            replace(second, title="Một việc khác", was={}),
            replace(third, title="Tên mới", was={"v2": Wording(title=third.title.upper())}),
            replace(fourth, kind="stock" if fourth.kind == "flow" else "flow"),
            fifth,
        ),
    )
    assert same_figures(changed, plan) == {names[2], names[4]}
    assert same_figures(plan, changed) == {names[2], names[4]}
