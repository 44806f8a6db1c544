"""What all tests share: the declarations of the repository, loaded once."""

import pytest

from pipeline.declare.project import Project, load_project
from tests.builders import SCHEMAS


@pytest.fixture(scope="session")
def project() -> Project:
    return load_project(SCHEMAS)
