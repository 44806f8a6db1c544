"""`python -m pipeline` is the same as `cchc`."""

from pipeline.cli import main

main()
