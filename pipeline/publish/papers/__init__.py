"""The Word papers that travel with the workbook: the report, and the letter that urges."""
