"""Few examples where each costs a folder of forms."""

from hypothesis import Phase, settings


def few(examples: int) -> settings:
    """So many examples, and a failure shown as it came: to look for a smaller one would take minutes."""
    return settings(max_examples=examples, phases=(Phase.explicit, Phase.generate))
