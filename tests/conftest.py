"""What all tests share: the declarations of the repository, loaded once, and how examples are drawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pipeline.declare.project import Project
from tests import lasting
from tests.builders import shipped, truthful
from tests.desk import Desk
from tests.openers import Opener

# The same examples in every run and however slow the machine is: a failure is the code's and not the hour's. New ones
# are drawn by `make fuzz`.
settings.register_profile("repeatable", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
settings.load_profile("repeatable")


def pytest_sessionfinish() -> None:
    lasting.end()


@pytest.fixture(scope="session")
def project() -> Project:
    return shipped()


@pytest.fixture(scope="session")
def form(project: Project, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A form with nothing to mend or ask."""
    return truthful(project, "XA-vinh-thai").save(tmp_path_factory.mktemp("form")).read_bytes()


@pytest.fixture
def desk(project: Project, tmp_path: Path) -> Desk:
    """A desk with nothing on it."""
    return Desk(project, tmp_path)


@pytest.fixture(scope="module")
def reader() -> Iterator[Opener]:
    """Opens files as a run does; one for all tests of a module."""
    with Opener() as reader:
        yield reader
