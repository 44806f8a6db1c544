"""What goes back to a unit: its own workbook with the wrong cells marked and a list of them, and a text for Zalo.

A marked copy is the unit's own package with a few parts changed. `package` holds its parts and `losses` refuses what
would break; `opened_book` knows its sheets, and each of the `*_part` modules changes one part. `marks` tints and notes
the cells, `advice` words what to do, `todo_sheet` puts the list in front, and `marked_copy` does all of that for one
`returned_file`. `feedback` makes the copies and the texts for every unit. Nothing that the unit wrote may be lost on
the way.
"""
