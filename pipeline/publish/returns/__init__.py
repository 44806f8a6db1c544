"""What goes back to the units: their own workbook marked, and a message to paste."""
