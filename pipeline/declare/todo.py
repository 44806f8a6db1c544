"""What the writer and the reader of the to-do sheet agree on: its column keys, and the key by which a reply finds its problem."""

from pipeline.declare.problems import Problem

NUMBER, SEVERITY, SHEET, CELL, FOUND, EXPECTED, EXAMPLE, REPLY = "number", "severity", "sheet", "cell", "found", "expected", "example", "reply"
PROBLEM_KEY = "problem_key"
FILL_BEFORE = "fill_before"  # its cells wear the fill that the wrong cell had before it was tinted
VISIBLE = (NUMBER, SEVERITY, SHEET, CELL, FOUND, EXPECTED, EXAMPLE, REPLY)
HIDDEN = (PROBLEM_KEY, FILL_BEFORE)


def problem_key(problem: Problem) -> str:
    """What stays the same when the same problem is found again in a corrected copy."""
    return "|".join((problem.code, problem.sheet, problem.cell, problem.field))
