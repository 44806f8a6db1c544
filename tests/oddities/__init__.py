"""What really arrives, in one place. A new oddity is one entry here; the tests that it has to pass find it.

- One odd cell, with what has to come of it: `cells.py`. Its number is that of the case among the 48; a new one has 0.
- A whole form, moved about, spoilt or filled in an odd way: `forms.py`; changes of a saved workbook are in `edits.py`.
- A file that is no form, a broken or a returned one: `files.py`; harmful bytes are made in `tests/corpus.py`.

Fed by them: test_forty_eight_cases, test_forty_eight_files (the numbered promises), test_as_communes_send, test_locate,
test_harmless_and_harmful (any of them together), test_look, test_folder_of_130 (a run over all the files).
"""
