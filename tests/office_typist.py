"""Types into workbooks through a real LibreOffice, as a person at the keyboard would.

Runs under the system's Python, which has LibreOffice's `uno`; talks JSON: a list of jobs on standard input, a list of
what was found on standard output. A job is {open, save, filter, password, type: [[sheet, cell, text]],
calculate: whether to compute all formulas anew before looking, look: [[sheet, cell]],
write: [[paragraph as it reads, other words, with ⟦property⟧ for a field of Writer]],
formulas: whether to recalculate and list every formula}.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FORMULA = 16  # com.sun.star.sheet.CellFlags
PARAGRAPH_BREAK = 0  # com.sun.star.text.ControlCharacter
TEXT = 2  # com.sun.star.sheet.FormulaResult.STRING
_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop>
</item>
</oor:items>
"""


def main() -> None:
    jobs = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as home:
        profile = Path(home, "profile")
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_LOCALE, encoding="utf-8")
        pipe = f"cchc{Path(home).name}"
        options = [
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={profile.as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ]
        office = subprocess.Popen(["soffice", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            desktop = connect(pipe, office)
            found = [do(desktop, job) for job in jobs]
            json.dump(found, sys.stdout, ensure_ascii=False)
        finally:
            try:
                desktop.terminate()
            except Exception:
                office.terminate()
            office.wait(timeout=30)


def connect(pipe: str, office: subprocess.Popen):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(240):
        if office.poll() not in (None, 81):
            raise SystemExit(f"soffice ended with {office.returncode}")
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except NoConnectException:
            time.sleep(0.25)
    raise SystemExit("soffice did not answer")


def do(desktop, job: dict) -> dict:
    document = desktop.loadComponentFromURL(Path(job["open"]).as_uri(), "_blank", 0, (value("Hidden", True),))
    try:
        for sheet, cell, text in job.get("type", []):
            # setFormulaLocal reads the text as the keyboard would, with Vietnamese dates and decimal commas
            place(document, sheet, cell).FormulaLocal = text
        for old, new in job.get("write", []):
            type_over(document, old, new)
        if job.get("calculate"):
            document.calculateAll()
        found = [look(place(document, sheet, cell)) for sheet, cell in job.get("look", [])]
        formulas = recalculated(document) if job.get("formulas") else []
        if "save" in job:
            locked = (value("Password", job["password"]),) if "password" in job else ()
            document.storeToURL(Path(job["save"]).as_uri(), (value("FilterName", job["filter"]), *locked))
        return {"found": found, "formulas": formulas}
    finally:
        document.close(True)


def type_over(document, old: str, new: str) -> None:
    """In Writer: select the paragraph that reads so and type; Enter begins another one."""
    lines = document.Text.createEnumeration()
    while lines.hasMoreElements():
        line = lines.nextElement()
        if line.supportsService("com.sun.star.text.Paragraph") and line.String == old:
            cursor = document.Text.createTextCursorByRange(line)
            first, *others = new.split("\n")
            cursor.String = ""
            insert(document, cursor, first)
            for other in others:
                document.Text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
                insert(document, cursor, other)
            return
    raise SystemExit(f"no paragraph {old}")


def insert(document, cursor, words: str) -> None:
    """Insert > Field > More fields > Document > DocInformation > Custom, for each name in ⟦ ⟧."""
    for number, part in enumerate(re.split("[⟦⟧]", words)):
        if number % 2:
            field = document.createInstance("com.sun.star.text.textfield.docinfo.Custom")
            field.Name = part
            document.Text.insertTextContent(cursor, field, False)
        else:
            document.Text.insertString(cursor, part, False)


def recalculated(document) -> list:
    """Every formula cell after a hard recalculation: sheet, row and column from zero, number or text, error code."""
    document.calculateAll()
    cells = []
    for sheet in document.Sheets:
        for area in sheet.queryContentCells(FORMULA):
            for row in range(area.RangeAddress.StartRow, area.RangeAddress.EndRow + 1):
                for column in range(area.RangeAddress.StartColumn, area.RangeAddress.EndColumn + 1):
                    cell = sheet.getCellByPosition(column, row)
                    is_text = cell.FormulaResultType2 == TEXT
                    cells.append(
                        [sheet.Name, row, column, cell.String if is_text else cell.Value, cell.getError(), cell.Formula]
                    )
    return cells


def place(document, sheet: str, cell: str):
    return document.Sheets.getByName(sheet).getCellRangeByName(cell)


def look(cell) -> dict:
    limit = cell.Validation
    return {
        "text": cell.String,
        "is_locked": bool(cell.CellProtection.IsLocked),
        "is_sheet_protected": bool(cell.Spreadsheet.isProtected()),
        "limit": limit.Type.value,
        "formula": limit.getFormula1(),
        "hint": limit.InputMessage,
        "shows_list": int(limit.ShowList) > 0,
    }


def value(name: str, content):
    item = PropertyValue()
    item.Name, item.Value = name, content
    return item


main()
