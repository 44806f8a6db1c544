"""The consolidated workbook for the level above: sheets described as values, then written by one writer."""
