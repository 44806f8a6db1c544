"""Old .xls workbooks: one stream of records, inside a compound file (`files/compound.py`).

In: the bytes of the stream. Out: the facts of each sheet that the reader of its cells would hide. No length, number or
pointer in a record is trusted: what makes no sense is a `RefusedError`.
"""
