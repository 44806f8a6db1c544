"""The picture for a chat: the first screen as one PNG, drawn with a font of our own, the same on every machine.

In: the values that describe the first screen. Out: one file. It knows nothing of reports.
"""
