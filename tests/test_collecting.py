"""`check` says “có thể gửi” only of a form of the period that is being collected, and knows when nobody can tell."""

from datetime import date
from pathlib import Path

import pytest

from pipeline import screen
from pipeline.commands.check import check_files
from pipeline.commands.collecting import Collecting, collecting, on_day
from pipeline.declare.project import Project
from pipeline.reading.periods import Folders
from tests.builders import truthful

UNIT = "XA-vinh-thai"
DAYS = {
    date(2025, 2, 1): ("q1",),
    date(2025, 3, 17): ("q1",),
    date(2025, 3, 18): ("q1", "6t"),
    date(2025, 6, 10): ("6t", "q1"),
    date(2025, 6, 15): ("6t",),
    date(2025, 9, 10): ("q3", "6t"),
    date(2025, 9, 16): ("q3",),
    date(2025, 9, 20): ("q3", "nam"),
    date(2025, 11, 20): ("nam", "q3"),
    date(2025, 11, 29): ("nam",),
    date(2026, 3, 1): ("nam",),
    date(2026, 11, 28): (),
    date(2024, 12, 1): (),
}


@pytest.mark.parametrize("day", DAYS)
def test_the_day_says_which_periods_are_collected(day: date, project: Project) -> None:
    assert tuple(period.code for period in on_day(project.plan.periods, day)) == DAYS[day]


def test_where_the_day_says_nothing_the_last_folder_with_forms_does(project: Project, tmp_path: Path) -> None:
    folders, late = Folders(tmp_path / "in", tmp_path / "out"), date(2026, 11, 28)
    assert collecting(project, folders, late) == Collecting()
    for code in ("q3", "6t"):
        folder = folders.input(project, project.plan.period(code))
        folder.mkdir(parents=True)
        (folder / "a.xlsx").touch()
    (folders.input(project, project.plan.period("nam"))).mkdir()
    (folders.input(project, project.plan.period("nam")) / "so-nhan.csv").touch()
    assert [period.code for period in collecting(project, folders, late).periods] == ["q3"]
    assert [period.code for period in collecting(project, folders, late, "q1").periods] == ["q1"]


def test_the_screen_says_what_can_be_sent(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = truthful(project, UNIT).save(tmp_path)
    q3, half = project.plan.period("q3"), project.plan.period("6t")
    said = {}
    for name, known in {
        "now": Collecting((q3,), date(2025, 9, 16)),
        "late": Collecting((q3,), date(2025, 9, 20)),
        "other": Collecting((half,), date(2025, 6, 16)),
        "unknown": Collecting(),
    }.items():
        screen.show_checks(check_files(project, [path], known))
        said[name] = capsys.readouterr().out
    assert "Biểu đã đạt, có thể gửi." in said["now"]
    assert "có thể gửi; hạn gửi (hết ngày 16/9/2025) đã qua." in said["late"]
    assert "Biểu này là của kỳ Quý III, Phòng Nội vụ đang thu kỳ 6 tháng đầu năm" in said["other"]
    assert "Chưa rõ đang thu kỳ nào" in said["unknown"]
    assert not any("có thể gửi" in said[name] for name in ("other", "unknown"))


def test_a_status_that_is_no_choice_is_never_good_to_send(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ["5", 5, 1.5, True, "đang", "Hoàn thành?", "hoan", "chưa", "x", "-", "…", date(2025, 9, 1)]
    draft, now = truthful(project, UNIT), Collecting((project.plan.period("q3"),), date(2025, 9, 16))
    paths = [
        draft.task("NV02", status=status).named(f"{number}.xlsx").save(tmp_path) for number, status in enumerate(odd)
    ]
    for path in paths:
        screen.show_checks(check_files(project, [path], now))
        assert "có thể gửi" not in capsys.readouterr().out, path


def test_forms_of_several_periods_in_one_folder_are_judged_as_each_by_itself(project: Project, tmp_path: Path) -> None:
    paths = [
        truthful(project, "XA-vinh-thai", period).named(f"{place}.xlsx").save(tmp_path)
        for place, period in enumerate(("q1", "q3", "q3", "nam"))
    ]
    (tmp_path / "9.xlsx").write_bytes(b"PK")
    together = check_files(project, [tmp_path])
    alone = [check for path in [*paths, tmp_path / "9.xlsx"] for check in check_files(project, [path])]
    assert [check.as_dict() for check in together] == [check.as_dict() for check in alone]
    assert [check.period.code for check in together] == ["q1", "q3", "q3", "nam", "nam"]
