"""Who somebody is here, from what a login says."""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.identity import Role
from infra.security.claim_rules import ClaimRules, NobodyHereError
from infra.security.tokens import Claims

RULES: Final[dict[str, Any]] = {
    "person": "upn",
    "municipality": {"claim": "tid", "values": {"tenant-a": "0751", "tenant-b": "0760"}},
    "roles": {"claim": "roles", "values": {"Sagsbehandler": "caseworker", "Leder": "supervisor"}},
    "units": {"claim": "groups", "values": {"guid-1": "nord", "guid-2": "syd", "guid-3": "*"}},
}
SAID: Final = {"upn": "Anna@Kommune.example", "tid": "tenant-a", "roles": ["Sagsbehandler"], "groups": ["guid-1", "x"]}
WORDS: Final = ("tenant-a", "tenant-b", "Leder", "guid-3", "*", "0751", "supervisor", "anna", "")
ANY: Final = st.recursive(
    st.none() | st.integers() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(WORDS), inner),
    max_leaves=4,
)


def test_what_is_said_is_read_by_the_installation_s_own_rules() -> None:
    assert ClaimRules.model_validate(RULES).read(SAID) == Claims(
        person="anna@kommune.example",
        municipality="0751",
        roles=frozenset({Role.CASEWORKER}),
        units=frozenset({"nord"}),
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"upn": None},
        {"upn": "010190-1234"},
        {"tid": None},
        {"tid": "tenant-c"},
        {"tid": ["tenant-a", "tenant-b"]},
        {"roles": None},
        {"roles": "caseworker"},
        {"roles": []},
    ],
)
def test_who_is_not_one_person_with_a_role_in_one_municipality_is_nobody(changed: dict[str, Any]) -> None:
    with pytest.raises(NobodyHereError):
        ClaimRules.model_validate(RULES).read({**SAID, **changed})


@given(st.dictionaries(st.sampled_from(["upn", "tid", "roles", "groups"]), ANY))
def test_nobody_is_more_than_the_rules_name(said: dict[str, Any]) -> None:
    try:
        claims = ClaimRules.model_validate(RULES).read(said)
    except NobodyHereError:
        return
    assert claims.municipality in RULES["municipality"]["values"].values()
    assert claims.roles <= set(RULES["roles"]["values"].values())
    assert claims.units <= set(RULES["units"]["values"].values())


def test_nobody_who_logs_in_is_a_system() -> None:
    with pytest.raises(ValidationError, match="system"):
        ClaimRules.model_validate({**RULES, "roles": {"claim": "roles", "values": {"Fagsystem": "system"}}})
