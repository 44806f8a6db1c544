"""From bytes to sheets: what a file is, whether it is safe to read, and every cell of it at its own address.

In: bytes and limits. Out: `RawSheet`s with all that a reader would hide, or the code of a refusal, both in an `Opened`.
The way is that of `opening.py`: unwrap, look, read; a format has a room (`xlsx/`, `xls/`, `xlsb/`, `ods/`), and what
several formats have in common stands beside the rooms.

Formats, cells and limits are known here, and nothing of forms, units or periods. Nothing here may trust a name, an
extension or a size that a file declares, or let a file cost more than `limits.py` allows.
"""
