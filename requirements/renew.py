"""Write the pins anew: `python requirements/renew.py [NAME …]`, after a change of what pyproject.toml asks for.

Versions stay as they are but for the names given (`all` for every one). The resolver, uv, works in an environment of
its own and asks the index that pip is set up with; no address is written down. Each file holds what the one that it
names in its head does not, so that every version stands once: for any system and every Python from the oldest that the
project takes, with the hashes of all files of that version.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / "requirements"
FILES = {"report": "", "cluster": "report", "tests": "cluster"}  # each with the one that it adds to
EXTRAS = {"report": (), "cluster": ("cluster",), "tests": ("dev",)}
SYSTEMS = ("linux", "windows")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_HEAD = """\
# {what}; written by requirements/renew.py.
{options}
"""
_WHAT = {
    "report": "What a report needs",
    "cluster": "What reading on many machines needs besides",
    "tests": "What tests, lint, types and the bench need besides",
}
_OPTIONS = "--require-hashes\n--only-binary :all:\n"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def main(names: Sequence[str]) -> None:
    """Resolve each set, write what it adds, and see that every Python on every system finds its wheels."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    builds = "\n".join(asked["build-system"]["requires"])
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        python = Path(home, "Scripts" if os.name == "nt" else "bin", "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        compile_ = [python, "-m", "uv", "pip", "compile", "--quiet", "--only-binary", ":all:"]
        before = "".join(pin for name in FILES for pin in _pins(HOME / f"{name}.txt").values())
        known: dict[str, str] = {}
        for name, base in FILES.items():
            found = Path(home, f"{name}.txt")
            found.write_text(before, encoding="utf-8")
            words = [*compile_, *_asked_for(EXTRAS[name], names), "--output-file", str(found), "pyproject.toml", "-"]
            subprocess.run(words, check=True, cwd=ROOT, input=builds, text=True, env=_settings())
            new = {key: pin for key, pin in _pins(found).items() if key not in known}
            known |= new
            _write(name, base, new)
        for words in _everywhere():
            subprocess.run([*compile_, *words, f"requirements/{name}.txt"], check=True, cwd=ROOT, env=_settings())


def _asked_for(extras: Sequence[str], names: Sequence[str]) -> list[str]:
    newer = ["--upgrade"] if "all" in names else [word for name in names for word in ("--upgrade-package", name)]
    chosen = [word for extra in extras for word in ("--extra", extra)]
    look = ["--generate-hashes", "--no-annotate", "--no-header"]
    return ["--universal", "--python-version", PYTHONS[0], *look, *newer, *chosen]


def _everywhere() -> Iterator[list[str]]:
    for system in SYSTEMS:
        for python in PYTHONS:
            yield ["--python-platform", system, "--python-version", python, "--no-header", "--output-file", os.devnull]


def _pins(path: Path) -> dict[str, str]:
    """The entries of a file, whole, by name."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {match[1]: match[0] for match in _PIN.finditer(text)}


def _write(name: str, base: str, pins: dict[str, str]) -> None:
    options = f"-r {base}.txt\n" if base else _OPTIONS
    text = _HEAD.format(what=_WHAT[name], options=options) + "".join(pins.values())
    (HOME / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")


def _settings() -> dict[str, str]:
    """The environment, with the index and the certificates of pip's own settings where there are any."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    known = dict(re.findall(r"^\S*\.(index-url|cert)='(.*)'$", told.stdout, re.MULTILINE))
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    return {**os.environ, **{names[key]: value for key, value in known.items()}}


if __name__ == "__main__":
    main(sys.argv[1:])
