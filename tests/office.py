"""Drive LibreOffice from the tests: one office for a list of jobs. In CI a missing office is a failure, not a skip."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_TYPIST = Path(__file__).with_name("office_typist.py")
_PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python")
XLSX = "Calc MS Excel 2007 XML"
DOCX = "MS Word 2007 XML"


def need_office() -> None:
    """Skip where there is no LibreOffice, except where there has to be one."""
    if shutil.which("soffice") is None or _python() is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice with Python-UNO must be installed in CI")
        pytest.skip("LibreOffice with Python-UNO is not installed")


def at_the_keyboard(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run the jobs (see office_typist.py) in one LibreOffice."""
    done = subprocess.run(
        [str(_python()), str(_TYPIST)], input=json.dumps(jobs), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _python() -> str | None:
    for path in _PYTHONS:
        if (
            Path(path).exists()
            and subprocess.run([path, "-c", "import uno"], capture_output=True, check=False).returncode == 0
        ):
            return path
    return None
