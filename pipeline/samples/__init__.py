"""Invented submissions of one period, from the facts in `schemas/samples.toml`, each bearing the mark of a sample.

In: the declarations and the invented facts. Out: forms and a receiving book. The same words give the same bytes; what
is not a sample is never touched.
"""
