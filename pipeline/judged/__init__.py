"""What is known of a period once it is judged: the values that `judge` and `evaluate` make and `publish` reads.

Types with the properties that follow from their own fields; what decides, counts or words stands in the stages. They
stand above `declare`, since they tell of its periods and units, and below the stages, so that each of them may be
handed the same value whole.
"""
