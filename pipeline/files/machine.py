"""What the machine refuses, told apart from what a file does: the second is the same every time, the first is not."""

import errno

_REFUSALS = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "ENOMEM", "EMFILE", "ENFILE", "EAGAIN", "ENOBUFS")
    if hasattr(errno, name)
)


def is_of_machine(error: OSError) -> bool:
    """Whether the machine had no room, no memory or no handle left: whatever file was read then is not to blame."""
    return error.errno in _REFUSALS
