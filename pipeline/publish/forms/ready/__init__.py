"""The light of a form: whether it is ready to be sent, told by plain formulas of Excel 2010 while the unit types.

Compiled from the declarations that the checker reads. Every term is both a formula and what it comes to, so that the
stored values are right before anybody opens the file.
"""
