"""The page of problems, `docs/guides/problems.md`: `python -m api.docs.problem_page` prints it.

Made of the codes, their statuses and the catalogue, so that page and answers cannot differ.
"""

import sys
from collections.abc import Iterator
from http import HTTPStatus

from api.http.codes import STATUS, AnyCode
from wording.catalog import catalog

_HEAD = """\
# Problems

Every refusal is an RFC 9457 document, `application/problem+json`, with the `status` and a stable `code`.
Its `type` is `urn:fodslag:problem:` and the code.
`title` and `detail` are in Danish, or in English by `Accept-Language`; decide by the code and never by the words.
`errors` names each field that is wrong with its own code, what is wrong, the remedy, and `params` that fill the words.
`correlation_id` is what those who operate the system find the request by.
A status below 500 has changed nothing.
After a 503 repeat the request with the same `Idempotency-Key` when `Retry-After` has passed: it happens once at most.

A code can name the whole refusal, one field of it, or both.
This page is made from the code by `make openapi`.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join((_HEAD, *_sections()))


def _sections() -> Iterator[str]:
    for status in sorted(set(STATUS.values())):
        codes = sorted(code for code, its in STATUS.items() if its == status)
        yield f"## {status} {HTTPStatus(status).phrase}\n"
        yield "| code | what is wrong | what puts it right | på dansk |"
        yield "| --- | --- | --- | --- |"
        yield from map(_row, codes)
        yield ""


def _row(code: AnyCode) -> str:
    english, danish = catalog("en").problems[code], catalog("da").problems[code]
    return f"| `{code}` | {english.title}. {english.detail} | {english.remedy} | {danish.title} |"


if __name__ == "__main__":
    sys.stdout.write(page().rstrip("\n") + "\n")
