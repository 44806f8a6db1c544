"""Workbooks of Excel 97 to 2003: the records of the one stream that holds all sheets, walked for what the reader hides."""
