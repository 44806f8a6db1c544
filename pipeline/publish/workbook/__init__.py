"""The consolidated workbook for the level above: sheets described as values, then written by one writer.

In: the report. Out: pages of blocks, whose columns know their cells, and the file. No page may know at which row it
stands, nor name a sheet: the writer and `publish/sheets.py` do.
"""
