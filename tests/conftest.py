"""What all tests share: the declarations of the repository, loaded once, and how examples are drawn."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from pipeline.declare.project import Project
from tests.builders import shipped
from tests.openers import Opener

# The same examples in every run and however slow the machine is: a failure is the code's and not the hour's. New ones
# are drawn by `make fuzz`.
settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def project() -> Project:
    return shipped()


@pytest.fixture(scope="module")
def reader() -> Iterator[Opener]:
    """Opens files as a run does; one for all tests of a module."""
    with Opener() as reader:
        yield reader
