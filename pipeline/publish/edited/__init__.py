"""What a person changed in a workbook or paper of ours: cells and texts in, figures that differ from the data out.

Only what stands in its place is compared: a cell of a table by its keys, a figure of the report by its title. What is
not found, or is a formula that no program has worked out, is named and never guessed.
"""
