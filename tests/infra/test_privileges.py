"""Privileges as FK Adgangsstyring hands them on (OIO-BPP), and who somebody is by them: never more than was granted."""

from base64 import b64encode
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.identity import Role
from infra.security.claim_rules import ClaimRules, NobodyHereError
from infra.security.privileges import LONGEST
from infra.security.tokens import Claims

UNIT: Final = "http://sts.kombit.dk/constraints/orgenhed/1"
ROLE: Final = "http://fodslag.example/roles/usersystemrole/"
RULES: Final = ClaimRules.model_validate(
    {
        "person": "upn",
        "privileges": {
            "claim": "bpp",
            "municipality": {"10000009": "0751", "10000017": "0760"},
            "roles": {f"{ROLE}caseworker/1": "caseworker", f"{ROLE}leader/1": "supervisor"},
            "units": {"constraint": UNIT, "values": {"uuid-nord": "nord", "uuid-syd": "syd"}, "without": "*"},
        },
    }
)
SPACES: Final = ("http://digst.dk/oiosaml/basic_privilege_profile", "http://itst.dk/oiosaml/basic_privilege_profile")


def group(*roles: str, units: str | None = "uuid-nord", cvr: str = "10000009", more: str = "") -> str:
    """Return a group of privileges as it is written."""
    constraint = "" if units is None else f'<Constraint Name="{UNIT}">{units}</Constraint>'
    privileges = "".join(f"<Privilege>{ROLE}{role}/1</Privilege>" for role in roles)
    scope = f"urn:dk:gov:saml:cvrNumberIdentifier:{cvr}"
    return f'<PrivilegeGroup Scope="{scope}">{constraint}{more}{privileges}</PrivilegeGroup>'


def listed(*groups: str, space: str = SPACES[0]) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<bpp:PrivilegeList xmlns:bpp="{space}">{"".join(groups)}</bpp:PrivilegeList>'


def said(xml: str) -> dict[str, Any]:
    """Return a login that says so."""
    return {"upn": "Anna@Kommune.example", "bpp": b64encode(xml.encode()).decode()}


def read(*groups: str, **more: str) -> tuple[set[str], set[str]]:
    """Return roles and units of who has these groups."""
    claims = RULES.read(said(listed(*groups, **more)))
    return {role.value for role in claims.roles}, set(claims.units)


@pytest.mark.parametrize("space", SPACES)
def test_a_privilege_is_a_role_in_a_municipality_and_a_unit(space: str) -> None:
    assert RULES.read(said(listed(group("caseworker", "other"), space=space))) == Claims(
        person="anna@kommune.example",
        municipality="0751",
        roles=frozenset({Role.CASEWORKER}),
        units=frozenset({"nord"}),
    )


def test_units_are_several_values_of_one_constraint_or_groups_of_their_own() -> None:
    both = {"nord", "syd"}

    assert read(group("caseworker", units="uuid-nord, uuid-syd, uuid-other")) == ({"caseworker"}, both)
    assert read(group("caseworker"), group("caseworker", units="uuid-syd")) == ({"caseworker"}, both)
    assert read(group("caseworker", units=None)) == ({"caseworker"}, {"*"})


def test_nobody_has_a_role_in_a_unit_in_which_it_was_not_granted() -> None:
    caseworker, leader = group("caseworker", units="uuid-nord,uuid-syd"), group("leader", units="uuid-syd")

    assert read(caseworker, leader) == ({"caseworker"}, {"nord", "syd"})
    assert read(group("caseworker", units=None), leader) == ({"caseworker"}, {"*", "syd"})
    with pytest.raises(NobodyHereError):
        read(group("caseworker"), leader)


def test_another_authority_counts_for_nothing_and_two_of_ours_are_nobody() -> None:
    assert read(group("caseworker"), group("leader", cvr="99999999")) == ({"caseworker"}, {"nord"})
    for groups in (
        [group("leader", cvr="99999999")],
        [group("caseworker"), group("caseworker", cvr="10000017")],
        [group("caseworker").replace("cvrNumberIdentifier", "seNumberIdentifier")],
    ):
        with pytest.raises(NobodyHereError):
            read(*groups)


def test_a_constraint_that_is_not_known_here_grants_nothing() -> None:
    narrower = '<Constraint Name="urn:other">x</Constraint>'

    assert read(group("leader", more=narrower), group("caseworker")) == ({"caseworker"}, {"nord"})
    with pytest.raises(NobodyHereError):
        read(group("caseworker", units="uuid-other"))


BOMB: Final = '<!DOCTYPE a [<!ENTITY b "urn:x"><!ENTITY c "&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "claim",
    [
        None,
        7,
        ["x"],
        "no base64",
        b64encode(b"no xml").decode(),
        said(listed(group("caseworker")).replace("?>", f"?>{BOMB}", 1))["bpp"],
        said(listed(group("caseworker"), space="http://other.example/profile"))["bpp"],
        said(group("caseworker"))["bpp"],
        said(listed(group("caseworker"), " " * LONGEST))["bpp"],
    ],
)
def test_what_cannot_be_read_grants_nothing(claim: object) -> None:
    with pytest.raises(NobodyHereError):
        RULES.read({**said(""), "bpp": claim})


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_claim_makes_a_login_fail(content: bytes) -> None:
    with pytest.raises(NobodyHereError):
        RULES.read({"upn": "anna", "bpp": b64encode(content).decode()})


def test_a_login_is_read_in_one_of_two_ways() -> None:
    rule = {"claim": "x", "values": {}}
    each = {"municipality": rule, "roles": rule, "units": rule}

    for rules in ({}, {"roles": rule}, {**RULES.model_dump(mode="json", exclude_none=True), **each}):
        with pytest.raises(ValidationError):
            ClaimRules.model_validate({"person": "upn", **rules})
