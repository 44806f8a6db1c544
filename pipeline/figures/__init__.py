"""Numbers for the tables: who owes and gave which figure, totals, cumulative totals, rates. Adds up only what is sure."""
