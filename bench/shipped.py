"""The declarations that the bench starts from: those of the year that the samples speak of, whatever plan is newer."""

import shutil
import tomllib
from pathlib import Path

from pipeline.declare.project import Project, load_project

SCHEMAS = Path("schemas")
SAMPLES = SCHEMAS / "samples.toml"


def shipped() -> Project:
    """The declarations, loaded."""
    return load_project(SCHEMAS, _year())


def copy_schemas(folder: Path, *without: str) -> None:
    """The declarations as files, with that one plan, so that a command needs no year; `without` some files."""
    others = [plan.name for plan in (SCHEMAS / "plans").iterdir() if plan.name != f"{_year()}.toml"]
    shutil.copytree(SCHEMAS, folder, ignore=shutil.ignore_patterns(*without, *others))


def _year() -> int:
    year: int = tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["year"]
    return year
