"""What goes back to a unit: its own workbook with the wrong cells marked and a list of them, and a text for Zalo.

A marked copy is the unit's own package with a few parts changed. `opened_book` takes the package apart, the `*_part`
modules each change one part, `marks` says what is marked, `todo_sheet` adds the list, `messages` words the text, and
`feedback` makes both for every unit. Nothing that the unit wrote may be lost on the way.
"""
