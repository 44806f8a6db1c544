"""How much of the processor a process of ours has used so far, as its system tells."""

import os
import subprocess
import sys
from pathlib import Path


def seconds_used(process: "subprocess.Popen[bytes]") -> float | None:
    """Seconds of the processor; None where the process has gone or the system does not tell."""
    if sys.platform == "win32":
        return _on_windows(process)
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


if sys.platform == "win32":
    import ctypes

    def _on_windows(process: "subprocess.Popen[bytes]") -> float | None:
        moments = [ctypes.c_ulonglong() for _ in range(4)]  # begun, ended, in the system, in the program; 100 ns each
        is_told = ctypes.windll.kernel32.GetProcessTimes(
            ctypes.c_void_p(int(process._handle)),
            *(ctypes.byref(moment) for moment in moments),
        )
        return (moments[2].value + moments[3].value) / 1e7 if is_told else None
