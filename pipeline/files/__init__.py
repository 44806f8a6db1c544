"""From bytes to sheets: what a file is, whether it is safe to read, and every cell of it at its own address.

In: bytes and limits. Out: `RawSheet`s with all that a reader would hide, or a `RefusedError` with a code. Knows formats,
cells and limits and nothing of forms, units or periods; a room a format. It must neither trust a name, an extension or a
size that a file declares, nor let a file cost more than `limits.py` allows.
"""
