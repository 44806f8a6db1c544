"""What we configured or asked for is wrong: told in one Vietnamese sentence, exit status 2."""


class PipelineError(Exception):
    """The run cannot go on; the message is a sentence for the officer."""
