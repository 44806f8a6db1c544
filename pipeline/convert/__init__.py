"""One cell in, a value or a problem code out: numbers, dates, choices, text, old encodings; then columns and frames.

It must not guess: what reads two ways is a problem, and every value used other than as written is a `Change`.
"""
