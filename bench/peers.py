"""What an office's own IT would write: a loop over the files, pandas, pandera for each file, concat and to_excel.

`python -m bench.peers ENGINE FOLDER PERIOD OUT` with the engine `openpyxl` or `calamine`; prints the same JSON as
`bench.ours`. It reads the card and the three data sheets, checks types, ranges, choices and dates in the window,
leaves bad rows out, takes the highest revision of each unit, and adds up. Its sheet names, limits and choices come
from the declarations, so that it checks the same; nothing else of the project is used. It does not look at files
before opening them, tells nobody which cell is wrong, understands no number written in words, and keeps no account of
what it left out.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import pandas as pd
import pandera.pandas as pa

from pipeline.declare.form import Sheet
from pipeline.declare.project import Project, load_project

HEADER = 4  # rows above the header row of a table
TABLES = ("tasks", "figures", "activities")


def main(engine: str, folder: Path, code: str, out: Path) -> None:
    seconds = {"reading": 0.0, "validating": 0.0}
    project = load_project(folder / "schemas")
    period = project.plan.period(code)
    schemas = {name: schema(project.form[name], project, code) for name in TABLES}
    nothing = {project.form.nothing["none-arose"].label: 0}
    cards: list[dict[str, object]] = []
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in TABLES}
    for path in sorted((folder / "inputs" / str(project.plan.year) / period.code).rglob("*.xlsx")):
        start = perf_counter()
        with pd.ExcelFile(path, engine=engine) as book:
            card = pd.read_excel(book, sheet_name=project.form.card.name, header=None)
            found = pd.read_excel(book, sheet_name=[project.form[name].name for name in TABLES], header=HEADER)
        about = dict(zip(card[0], card[2], strict=True))
        read = perf_counter()
        for name in TABLES:
            good = valid(schemas[name], tidy(found[project.form[name].name], project.form[name], nothing))
            parts[name].append(good.assign(unit_id=about["unit_id"], file=path.name, revision=about["revision"]))
        cards.append({"file": path.name, **{key: about[key] for key in ("unit_id", "revision")}})
        seconds["reading"] += read - start
        seconds["validating"] += perf_counter() - read
    start = perf_counter()
    in_force = pd.DataFrame(cards).sort_values("revision").drop_duplicates("unit_id", keep="last")["file"]
    frames = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    frames = {name: frame[frame["file"].isin(in_force)] for name, frame in frames.items()}
    totals = frames["figures"].groupby("indicator_id")["value"].agg(["sum", "count"])
    done = completeness(frames["tasks"], frames["activities"], project, code)
    seconds["totals"] = perf_counter() - start
    start = perf_counter()
    write(out, totals, done, frames)
    seconds["writing"] = perf_counter() - start
    told = {name: [float(line["sum"]), int(line["count"])] for name, line in totals.iterrows()}
    print(
        json.dumps(
            {
                "stages": seconds,
                "totals": told,
                "done": done[done["done"]].groupby("task_id").size().to_dict(),
                "accepted": len(frames["activities"]),
            }
        )
    )


def schema(sheet: Sheet, project: Project, code: str) -> pa.DataFrameSchema:
    """What the form says about its cells, as checks."""
    period = project.plan.period(code)
    columns = {}
    for item in (item for item in sheet.fields if item.own or item.key == sheet.row_key):
        if item.type == "choice":
            labels = [choice.label for choice in project.form.choices[item.choices]]
            columns[item.key] = pa.Column(
                str, pa.Check.isin(labels), nullable=not item.required or sheet.shape == "fixed"
            )
        elif item.type == "date":
            window = (
                [pa.Check.in_range(pd.Timestamp(period.date_from), pd.Timestamp(period.date_to))] if item.window else []
            )
            columns[item.key] = pa.Column("datetime64[ns]", window, nullable=not item.required)
        elif item.type in ("whole", "number", "figure"):
            checks = [pa.Check.in_range(item.minimum, item.maximum)]
            if item.type == "whole":
                checks.append(pa.Check(lambda values: values % 1 == 0))
            columns[item.key] = pa.Column(float, checks, nullable=not item.required or item.type == "figure")
        else:
            columns[item.key] = pa.Column(
                str, pa.Check.str_length(max_value=item.max_length), nullable=not (item.required and item.own)
            )
    unique = list(sheet.own_keys) if sheet.shape == "open" else None
    return pa.DataFrameSchema(columns, unique=unique, report_duplicates="exclude_first")


def tidy(frame: pd.DataFrame, sheet: Sheet, nothing: dict[str, int]) -> pd.DataFrame:
    """The columns by their keys, blank rows gone, numbers and dates as such; what cannot be one is blank."""
    frame = frame.rename(columns={column: str(column).removesuffix(" *") for column in frame.columns})
    frame = frame.rename(columns={item.label: item.key for item in sheet.fields})[list(sheet.keys)]
    if sheet.shape == "open":
        frame = frame.dropna(how="all", subset=list(sheet.own_keys))
    columns: dict[str, pd.Series] = {}
    for item in sheet.fields:
        if item.type in ("whole", "number", "figure"):
            columns[item.key] = pd.to_numeric(frame[item.key].replace(nothing), errors="coerce").astype(float)
        elif item.type == "date":
            columns[item.key] = pd.to_datetime(frame[item.key], errors="coerce", dayfirst=True).astype("datetime64[ns]")
        else:
            columns[item.key] = frame[item.key].astype("str")
    return frame.assign(**columns)


def valid(checks: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that pass."""
    try:
        return checks.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return frame.drop(index=errors.failure_cases["index"].dropna().unique())


def completeness(tasks: pd.DataFrame, activities: pd.DataFrame, project: Project, code: str) -> pd.DataFrame:
    """Which of the tasks that it leads each unit has done: by what is listed for it, or by a document."""
    recurring = [task.id for task in project.plan.tasks if task.obligation[code] == "recurring"]
    owed = [task.id for task in project.plan.tasks if task.obligation[code] != "not-due"]
    led = tasks[
        (tasks["role"] == project.form.label("role", "lead")) & tasks["task_id"].isin(owed) & tasks["status"].notna()
    ]
    listed = activities.groupby(["unit_id", "task_id"]).size().rename("listed").reset_index()
    led = led.merge(listed, on=["unit_id", "task_id"], how="left")
    has_document = led["document_number"].notna() & led["document_date"].notna()
    says_done = led["status"] == project.form.label("status", "done")
    is_recurring = led["task_id"].isin(recurring)
    done = (is_recurring & ((led["listed"] > 0) | has_document)) | (
        ~is_recurring & says_done & (has_document | (led["listed"] > 0))
    )
    return led[["unit_id", "task_id", "status"]].assign(done=done)


def write(out: Path, totals: pd.DataFrame, done: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> None:
    with pd.ExcelWriter(out, engine="xlsxwriter") as book:
        totals.to_excel(book, sheet_name="Totals")
        done.to_excel(book, sheet_name="Tasks", index=False)
        frames["figures"].to_excel(book, sheet_name="Figures", index=False)
        frames["activities"].to_excel(book, sheet_name="Activities", index=False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
