"""The Word papers: the report to the level above and the letter that urges; described as values, then written by one writer."""
