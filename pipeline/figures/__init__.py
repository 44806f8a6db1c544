"""Numbers for the tables: who owes and gave which figure, totals, cumulative totals. Adds up only what is sure."""
