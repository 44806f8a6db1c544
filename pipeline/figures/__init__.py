"""Figures of the units laid out, added up, compared with other periods, and counted for everyone who shows them.

In: accepted figures and judged tasks. Out: grid, totals, differences, tally. A gap is never turned into a zero.
"""
