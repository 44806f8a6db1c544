"""From sheets to readings: whose form it is, for which period, and where each answer stands.

`submission.py` is the table of contents: locate (card, tables), identify (unit, period), then what is hidden, written
over what is printed, or hung on cells.

In: the opened files of one folder. Out: one `Reading` a file, raw cells with their addresses, problems for what
cannot be used. It must not raise because of a unit's file, nor trust a name, an extension or a position.
"""
