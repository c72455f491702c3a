"""The page of roles, `docs/guides/roles.md`: `python -m api.docs.access_page` prints it.

It is made of the routes' signatures, by which callers are let through.
"""

import sys
from collections.abc import Iterator
from typing import Final

from api.app import who_may_call
from domain.identity import Role

_HEAD: Final = (
    "# Roles",
    "",
    "A caller may use a route when the token's `roles` name one of those that the route is for.",
    "Anybody else is refused with `403 not-permitted`.",
    "Which courses exist for the caller is another question, and every route answers it alike.",
    "They are those of the token's `units`, and those in which the caller holds a role, covers or observes.",
    "",
    "This page is made from the routes by `make openapi`.",
)


def page() -> str:
    """Return the whole page."""
    return "\n".join((*_HEAD, "", *_table())) + "\n"


def _table() -> Iterator[str]:
    yield f"| route | {' | '.join(role.value.replace('_', ' ') for role in Role)} |"
    yield f"| --- |{' :-: |' * len(Role)}"
    for route, roles in who_may_call().items():
        yield f"| `{route}` | {' | '.join('✓' if role in roles else '' for role in Role)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
