import pytest

from clients.caller import Caller
from tools.town.town import Town


@pytest.fixture(scope="session")
def system(town: Town) -> Caller:
    """The case system."""
    return town.speaks("case-system", "system")


@pytest.fixture(scope="session")
def anna(town: Town) -> Caller:
    """The caseworker."""
    return town.speaks("anna", "caseworker")


@pytest.fixture(scope="session")
def bo(town: Town) -> Caller:
    """The company consultant."""
    return town.speaks("bo", "company_consultant")


@pytest.fixture(scope="session")
def sara(town: Town) -> Caller:
    """The supervisor."""
    return town.speaks("sara", "supervisor")
