"""What is installed is what was pinned: each version once, with hashes, nothing needless, free licences."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements"
FILES = ("report", "cluster", "tests")  # each with all that stands in those before it
EXTRAS = ("", "cluster", "dev")
MACHINES = [
    {"sys_platform": system, "platform_system": name, "os_name": kind, "python_version": version, "extra": ""}
    | {"python_full_version": f"{version}.9", "platform_python_implementation": "CPython"}
    for system, name, kind in (("linux", "Linux", "posix"), ("win32", "Windows", "nt"))
    for version in ("3.11", "3.12", "3.13", "3.14")
]
_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\\n(?P<hashes>(?:    --hash=.*\n)+)", re.M
)
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")

# Free to use, change and pass on, also beside software of an office's own.
ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MIT-CMU",
    "MPL-2.0",  # asks only that changes to its own files stay open
    "PSF-2.0",
    "Zlib",
}
# What older packages write instead of the name that SPDX gives it.
SPELLINGS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "OSI Approved :: Apache Software License": "Apache-2.0",
    "OSI Approved :: BSD License": "BSD-3-Clause",
    "OSI Approved :: MIT License": "MIT",
    "OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "OSI Approved :: Python Software Foundation License": "PSF-2.0",
}


def asked() -> dict[str, list[str]]:
    """What pyproject.toml asks for, by extra."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    plain = [*told["build-system"]["requires"], *told["project"]["dependencies"]]
    return {"": plain, **told["project"]["optional-dependencies"]}


@cache
def pins(file: str) -> Mapping[str, re.Match[str]]:
    text = (REQUIREMENTS / f"{file}.txt").read_text(encoding="utf-8")
    return {match["name"]: match for match in _PIN.finditer(text)}


def holds(marker: Marker | None, machine: Mapping[str, str], extra: str = "") -> bool:
    known = {**default_environment(), **machine, "extra": extra}
    return marker is None or marker.evaluate(known)  # type: ignore[arg-type]


def needed(extra: str, machine: Mapping[str, str]) -> set[str]:
    """All that an extra leads to on a machine; what is not installed on this one is taken to need nothing."""
    found: set[str] = set()
    left = [Requirement(text) for text in (*asked()[""], *(asked()[extra] if extra else ()))]
    own = metadata.metadata("cchc-tuyen-truyen")["Name"]
    while left:
        wanted = left.pop()
        name = canonicalize_name(wanted.name)
        if not holds(wanted.marker, machine):
            continue
        if name == own:
            left += [Requirement(text) for extra in wanted.extras for text in asked()[extra]]
        elif name not in found:
            found.add(name)
            left += [
                Requirement(str(item).partition(";")[0])
                for item in requires(name)
                if any(holds(item.marker, machine, extra) for extra in ("", *wanted.extras))
            ]
    return found


def requires(name: str) -> list[Requirement]:
    return [Requirement(text) for text in metadata.requires(name) or []] if is_installed(name) else []


def is_installed(name: str) -> bool:
    return name in installed()


@cache
def installed() -> frozenset[str]:
    return frozenset(canonicalize_name(item.metadata["Name"]) for item in metadata.distributions())


def pinned(file: str, machine: Mapping[str, str]) -> set[str]:
    names = FILES[: FILES.index(file) + 1]
    return {
        name
        for each in names
        for name, pin in pins(each).items()
        if holds(Marker(pin["marker"]) if pin["marker"] else None, machine)
    }


@pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda machine: f"{machine['sys_platform']}-{machine['python_version']}"
)
@pytest.mark.parametrize(("file", "extra"), list(zip(FILES, EXTRAS, strict=True)))
def test_every_pin_is_needed_and_nothing_needed_lacks_a_pin(file: str, extra: str, machine: dict[str, str]) -> None:
    found, wanted = pinned(file, machine), needed(extra, machine)
    unknown = {name for name in wanted if not is_installed(name)}  # what those need is not told here
    assert wanted <= found
    assert found <= wanted or unknown - {"colorama"}


def test_each_version_stands_once() -> None:
    names = [name for file in FILES for name in pins(file)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_a_pin_a_hash_or_one_of_the_options_known(file: str) -> None:
    base = f"-r {FILES[FILES.index(file) - 1]}.txt" if file != FILES[0] else "--require-hashes\n--only-binary :all:"
    text = (REQUIREMENTS / f"{file}.txt").read_text(encoding="utf-8")
    head, *pinned_lines = re.split(r"\n\n", text, maxsplit=1)
    assert head.split("\n", 1)[1] == base
    assert _PIN.sub("", "".join(pinned_lines)) == ""
    for pin in pins(file).values():
        hashes = pin["hashes"].splitlines()
        assert all(_HASH.fullmatch(line) for line in hashes), pin["name"]
        assert len(hashes) == len(set(hashes))


@pytest.mark.parametrize(
    "name", [*(f"requirements/{file}.txt" for file in FILES), "requirements/renew.py", "Makefile", "make.bat"]
)
def test_no_address_is_written_where_packages_are_fetched(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_what_is_asked_for_is_what_is_pinned() -> None:
    known = {name: pin["version"] for file in FILES for name, pin in pins(file).items()}
    wanted = [Requirement(text) for texts in asked().values() for text in texts]
    for item in wanted:
        if item.name != "cchc-tuyen-truyen":
            assert item.specifier.contains(known[canonicalize_name(item.name)]), str(item)


def test_make_takes_only_what_is_pinned() -> None:
    for name in ("Makefile", "make.bat"):
        lines = [
            line
            for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
            if "(PIP) " in line or "%PIP% " in line
        ]
        assert len(lines) == 2, name
        first, second = lines
        assert "--require-hashes --only-binary :all: --requirement " in first
        assert "--no-deps --no-build-isolation --no-index --editable ." in second


def test_the_pinned_versions_are_installed_and_fit_each_other() -> None:
    here = {"sys_platform": sys.platform, "python_version": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    for file in FILES:
        for name, pin in pins(file).items():
            if holds(Marker(pin["marker"]) if pin["marker"] else None, here):
                assert metadata.version(name) == pin["version"], name
    checked = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def licences(told: metadata.PackageMetadata) -> list[str]:
    """The licences of a distribution: what it says in one expression, else in its classifiers, else in one line."""
    if expression := told.get("License-Expression"):
        return [str(expression)]
    classified = [
        text.removeprefix("License :: ") for text in told.get_all("Classifier") or [] if text[:7] == "License"
    ]
    line = str(told.get("License", ""))
    return classified or ([line] if line else [])


def is_allowed(written: str) -> bool:
    """Of several joined by OR one is enough; of those joined by AND every one is needed."""
    named = SPELLINGS.get(written, written)
    return any(all(part.strip() in ALLOWED for part in choice.split(" AND ")) for choice in named.split(" OR "))


def test_every_licence_is_one_that_an_office_may_use() -> None:
    found = {item.metadata["Name"]: licences(item.metadata) for item in metadata.distributions()}
    del found["cchc-tuyen-truyen"]
    assert {name: texts for name, texts in found.items() if not texts or not all(map(is_allowed, texts))} == {}


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND 0BSD AND MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("UNKNOWN", False),
        ("", False),
        ("Other/Proprietary License", False),
    ],
)
def test_what_is_not_on_the_list_is_not_allowed(written: str, answer: bool) -> None:
    assert is_allowed(written) is answer
