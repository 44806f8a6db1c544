"""The blank form and the page that documents it, both from the same declarations.

In: the declarations; for samples, answers too. Out: a form a unit, and the reference. Nothing that a unit sent is known
here.
"""
