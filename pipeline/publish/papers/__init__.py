"""The Word papers: the report to the level above and the letter that urges.

Described as values (`document.py`), then written by one writer (`word.py`).

In: the report. Out: .docx files after NĐ 30/2020/NĐ-CP. What only a person may say is left to them, and nothing that
describes a paper knows Word.
"""
