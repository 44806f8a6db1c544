"""Drive a headless Chromium from the tests, over its own pipe: no driver and no port.

In CI a missing browser is a failure, not a skip.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
# The browser reads orders from file 3 and answers into file 4. Both may be taken here, so they are moved in a process
# of its own.
_LAUNCH = """import fcntl, os, sys
pipes = [fcntl.fcntl(int(place), fcntl.F_DUPFD, 10) for place in sys.argv[1:3]]
[os.dup2(pipe, place) for pipe, place in zip(pipes, (3, 4))]
os.execvp(sys.argv[3], sys.argv[3:])"""
_PATIENCE = 30.0  # seconds


def need_browser() -> str:
    """The browser's command; skips where there is none, except where there has to be one."""
    for name in _NAMES:
        if shutil.which(name) and os.name == "posix":
            return name
    if os.environ.get("CI"):
        pytest.fail("Chromium must be installed in CI")
    pytest.skip("Chromium is not installed")


class Browser:
    """One browser with one page. `said` collects errors and console lines since the page was opened."""

    def __init__(self, profile: Path) -> None:
        self._command, self._profile = need_browser(), profile
        self._orders, self._buffer, self._number = -1, b"", 0
        self._session = ""
        self._events: list[dict[str, Any]] = []
        self.said: list[str] = []

    def __enter__(self) -> "Browser":
        (read_orders, self._orders), (self._answers, write_answers) = os.pipe(), os.pipe()
        command = [
            sys.executable,
            "-c",
            _LAUNCH,
            str(read_orders),
            str(write_answers),
            self._command,
            *_FLAGS,
            f"--user-data-dir={self._profile}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            command, pass_fds=(read_orders, write_answers), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        os.close(read_orders)
        os.close(write_answers)
        target = next(item for item in self.send("Target.getTargets")["targetInfos"] if item["type"] == "page")
        self._session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._session = ""
            self.send("Browser.close")
            self._process.wait(timeout=10)
        except (OSError, TimeoutError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._orders)
        os.close(self._answers)

    def open(self, page: Path, width: int, height: int = 844) -> None:
        """Show the page on a screen of that size; what is narrower than a tablet is a telephone."""
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self._events, self.said = [], []
        self.send("Page.navigate", url=page.as_uri())
        self._wait_for("Page.loadEventFired")

    def ask(self, script: str) -> Any:
        """What the expression gives, as a value."""
        answer = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key],
            )

    def requests(self) -> list[str]:
        """Addresses that the page asked for since it was opened."""
        return [
            event["params"]["request"]["url"]
            for event in self._events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        session = {"sessionId": self._session} if self._session else {}
        order = {"id": self._number, "method": method, "params": params, **session}
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            self._note(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def _wait_for(self, method: str) -> None:
        while not any(event["method"] == method for event in self._events):
            self._note(self._next())

    def _note(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        if event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.said.append(json.dumps(event["params"], ensure_ascii=False))

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._buffer:
            if not select.select([self._answers], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self._answers, 1 << 16)
            if not part:
                raise TimeoutError("the browser has gone")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found
