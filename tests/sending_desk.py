"""A folder from which periods are run and sent: inputs, declarations of its own, outputs, and what was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.send import Dispatched, Letter, send_period
from pipeline.declare.project import Project, load_project
from pipeline.reading.periods import Folders

MOMENT = datetime(2025, 9, 19, 14, 20)


@dataclass(frozen=True)
class SendingDesk:
    """All of it below `home`."""

    home: Path

    @property
    def folders(self) -> Folders:
        return Folders(self.home / "in", self.home / "out", self.home / "sent")

    def project(self) -> Project:
        return load_project(self.home / "schemas", 2025)

    def seal(self, number: str, period: str = "q3", **words: Any) -> Dispatched:
        """Send what lies there under a number of that day."""
        project = self.project()
        letter = Letter(number, date(2025, 9, 19), **words)
        return send_period(project, project.plan.period(period), self.folders, self.home / "schemas", letter, MOMENT)
