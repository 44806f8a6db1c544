"""What each command does, one module a command; `cli` turns words into a call and `screen` turns the answer into words.

In: the declarations, a period, folders. Out: values that can be shown or printed as JSON, and files only from `run`,
`templates`, `receive`. Nothing here knows click, reads the clock, or computes what a stage computes.
"""
