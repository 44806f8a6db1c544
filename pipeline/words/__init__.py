"""How numbers, days, names and lists are written in Vietnamese offices, and the keys on which names are compared.

Text in, text out; nothing here knows a form, a plan or a report.
"""
