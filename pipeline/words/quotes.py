"""What a sentence quotes of a text that may be as long as a cell can hold."""


def shortened(text: str, most: int) -> str:
    """The text; of one longer than `most` letters its beginning and its end, with “…” between."""
    tail = most // 3
    return text if len(text) <= most else f"{text[: most - tail - 1]}…{text[-tail:]}"
