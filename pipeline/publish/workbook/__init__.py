"""The consolidated workbook for the province: described as values, then written."""
