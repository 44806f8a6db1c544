"""Sentences about a period: what workbook, papers, page and messages tell in the same words.

In: the report, or what stands in it. Out: text, ready to copy; nothing here knows how a sheet, a paper or a page looks.
"""
