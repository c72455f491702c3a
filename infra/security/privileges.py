"""Reads OIO-BPP, in which FK Adgangsstyring and NemLog-in say what somebody may do, where and in which unit."""

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LONGEST: Final = 64 * 1024
"""The longest claim that is read, which is hundreds of privileges."""
_LISTS: Final = frozenset(
    f"{{http://{authority}/oiosaml/basic_privilege_profile}}PrivilegeList" for authority in ("digst.dk", "itst.dk")
)
"""The root by the names of the profile's versions; what stands within has no namespace, or the same one."""
_CVR: Final = "urn:dk:gov:saml:cvrNumberIdentifier:"


class PrivilegeGroup(NamedTuple):
    """What somebody may do in one authority, within what its constraints leave of it."""

    cvr: str
    privileges: frozenset[str]
    constraints: Mapping[str, frozenset[str]]


def privilege_groups(claims: Mapping[str, Any], claim: str) -> list[PrivilegeGroup]:
    """Return the groups of a claim that are of an authority by its CVR number; none of what cannot be read."""
    text = claims.get(claim)
    if not isinstance(text, str) or len(text) > LONGEST:
        return []
    try:
        root = fromstring(b64decode(text, validate=True), forbid_dtd=True)
    except (ValueError, ParseError, DefusedXmlException):
        return []
    return [*_groups(root)] if root.tag in _LISTS else []


def _groups(root: Element) -> Iterator[PrivilegeGroup]:
    for group in _named(root, "PrivilegeGroup"):
        scope = group.get("Scope", "")
        if scope.startswith(_CVR):
            yield PrivilegeGroup(
                cvr=scope.removeprefix(_CVR),
                privileges=frozenset(_texts(_named(group, "Privilege"))),
                constraints=_constraints(group),
            )


def _constraints(group: Element) -> dict[str, frozenset[str]]:
    """Return the values of each constraint; of one that stands twice, all of them."""
    found: dict[str, frozenset[str]] = {}
    for constraint in _named(group, "Constraint"):
        name = constraint.get("Name", "")
        listed = (value.strip() for text in _texts([constraint]) for value in text.split(","))
        found[name] = found.get(name, frozenset()) | frozenset(filter(None, listed))
    return found


def _named(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if child.tag.rpartition("}")[2] == name]


def _texts(elements: list[Element]) -> Iterator[str]:
    return (text for element in elements if (text := (element.text or "").strip()))
