"""From sheets to readings: whose form it is, for which period, and where each answer stands.

In: the opened files of one folder. Out: one `Reading` a file, raw cells with their addresses, problems for what
cannot be used. It must not raise because of a unit's file, nor trust a name, an extension or a position.
"""
