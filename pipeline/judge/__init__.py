"""What counts: versions in force, rows accepted or refused, cross rules, the tasks, the proof that nothing was lost.

In: typed frames. Out: accepted rows, rejected rows, problems, the completeness grid. Nothing is dropped: rows in are
rows accepted plus rows rejected.
"""
