"""How what lasts is written: one at a time, beside first, whole or not at all. Knows files, nothing of forms.

In: a place and what is to stand there. Out: all of it or nothing, whatever ends the process. It must not
know what the files mean.
"""
