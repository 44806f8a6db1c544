"""The blank form of each unit, and the page of the documents that describes it."""
