"""The values that travel between stages: cells, tables of a form as found, readings, problems, changes.

Frozen, without a file behind them; whoever makes one fills it whole. Nothing here knows what is declared.
"""
