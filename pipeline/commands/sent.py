"""What `sent` does: list what was sent, year by year, and prove every package."""

import re
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.declare.errors import PipelineError
from pipeline.records.locks import held
from pipeline.sent.proof import Proof, prove
from pipeline.sent.sealing import finish_interrupted


def prove_sent(sent: Path, year: int | None = None) -> tuple[Proof, ...]:
    """The proof of one year, or of each year that has a folder."""
    years = [str(year)] if year else _years(sent)
    return tuple(_prove(sent / name) for name in years)


def _prove(folder: Path) -> Proof:
    """Between package and line of a `send` that is at work nobody looks, where the folder lets itself be held."""
    with ExitStack() as held_open:
        with suppress(PipelineError, OSError):
            finish_interrupted(folder)
            if folder.is_dir():
                held_open.enter_context(held(folder))
        return prove(folder)


def _years(sent: Path) -> list[str]:
    return sorted(path.name for path in sent.iterdir() if re.fullmatch(r"[0-9]{4}", path.name)) if sent.is_dir() else []


def as_dicts(proofs: Sequence[Proof]) -> list[dict[str, Any]]:
    """For programs: a year with its lines and what is wrong."""
    return [
        {
            "year": int(proof.year),
            "sent": [asdict(line) for line in proof.lines],
            "faults": [asdict(fault) for fault in proof.faults],
        }
        for proof in proofs
    ]
