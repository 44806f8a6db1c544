"""`manifest.json`: what a package holds and how it came about. Values to JSON, and back without trust."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from pipeline import __version__
from pipeline.declare.errors import PipelineError
from pipeline.values.sent import Edited, Sending

MANIFEST = "manifest.json"
FORMAT = 1  # of the manifest; a later one may mean other things


class BrokenPackageError(PipelineError):
    """A package that is not what was sealed, or cannot be read by this version; the sentence names it."""


class NewerPackageError(BrokenPackageError):
    """A package of a newer version: whether it is whole, its line in the book says."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a package."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a sending beside its line: of the run behind it, and of what was passed over.

    `record` and `tables` name the parts that programs read again. `objections`: the sentences over which it was sent.
    """

    year: int
    record: str
    tables: Mapping[str, str]
    inputs: Mapping[str, str]
    is_sample: bool = False
    edited: tuple[Edited, ...] = ()
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of it; the `sha256` of its own package no manifest can hold, so that of `sending` is empty."""

    sending: Sending
    about: About
    previous: str | None  # sha256 of the package before in this year
    parts: tuple[Part, ...]
    program: str = __version__
    format: int = FORMAT


def manifest_json(manifest: Manifest) -> bytes:
    """As it stands in the package."""
    about, sending = asdict(manifest.about), asdict(manifest.sending)
    del sending["sha256"]
    told = {
        "format": manifest.format,
        "program": manifest.program,
        "year": about.pop("year"),
        **sending,
        "previous": manifest.previous,
        **about,
        "inputs": [{"file": file, "sha256": sha256} for file, sha256 in manifest.about.inputs.items()],
        "edited": [item._asdict() for item in manifest.about.edited],
        "parts": [asdict(part) for part in manifest.parts],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def read_manifest(data: bytes, package: str) -> Manifest:
    """The manifest of the package that is called so; what this version cannot read is a `BrokenPackageError`."""
    try:
        told = json.loads(data)
        newer = told["format"] > FORMAT or _numbers(told["program"]) > _numbers(__version__)
        if newer:
            raise NewerPackageError(
                f"Gói {package} do bản phần mềm mới hơn ({told['program']}) niêm phong, bản này là {__version__}; "
                "xin dùng bản mới hơn để đọc."
            )
        return _manifest(told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BrokenPackageError(
            f"Gói {package} có phần {MANIFEST} không đọc được, không như lúc niêm phong."
        ) from None


def _about(told: Mapping[str, Any]) -> About:
    return About(
        year=told["year"],
        record=told["record"],
        tables=dict(told["tables"]),
        inputs={item["file"]: item["sha256"] for item in told["inputs"]},
        is_sample=told["is_sample"],
        edited=tuple(Edited(**item) for item in told["edited"]),
        objections=tuple(told["objections"]),
    )


def _manifest(told: Mapping[str, Any]) -> Manifest:
    return Manifest(
        sending=Sending(**{item.name: told[item.name] for item in fields(Sending) if item.name != "sha256"}, sha256=""),
        about=_about(told),
        previous=told["previous"],
        parts=tuple(Part(str(item["name"]), str(item["sha256"]), int(item["size"])) for item in told["parts"]),
        program=told["program"],
        format=told["format"],
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
