"""The blank form and the page that documents it, both from the same declarations."""
