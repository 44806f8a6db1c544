"""The Word papers: the report to the level above and the letter that urges.

Described as values (`document.py`), then written by one writer (`word.py`).
"""
