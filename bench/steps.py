"""The steps through which one form goes and the stages of a run, as they are measured and as the report names them."""

BARE, INFLATE, LOOK, CALAMINE, LOCATE, TAKE_IN, CONVERT, PACK, UNPACK = (
    "bare calamine read of the answer sheets",
    "inflating the parts, nothing else (in the bare read as well)",
    "the raw look: inflating, limits, what a reader would hide",
    "calamine over the parts that were looked at, blank tails cut off",
    "finding card and tables by their keys",
    "all of intake: the three above, hashing, identity, questions about the form",
    "converting every cell, with its problems and changes",
    "handing the batch over to the run",
    "taking it up there",
)
READING, RULES, TOTALS, COMPLETENESS = (
    "reading and converting",
    "validating and rules",
    "totals",
    "completeness",
)  # the stages of a run
LIBRARIES = (INFLATE, CALAMINE, PACK, UNPACK)  # what is done in them would take as long whoever calls it
