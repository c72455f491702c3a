"""A mail address that is accepted reads and is sent to as the one mailbox that it looks like (P7, P10)."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from aiosmtplib.email import quote_address
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from api.http.fields import Email

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_LIKE_ADDRESSES = st.text(st.sampled_from("ab1.@,;:<>()[]\\\"=?_+'&-øæ\u202e"), min_size=3, max_size=12)


def is_accepted(address: str) -> bool:
    """Say whether a body may have the address."""
    try:
        _EMAIL.validate_python(address)
    except ValidationError:
        return False
    return True


def mailboxes(address: str) -> tuple[str, list[str]]:
    """Return to which mailbox a mail is handed in, and which ones its reader sees."""
    message = EmailMessage(SMTP.clone(cte_type="7bit"))
    message["To"] = address
    read = message_from_bytes(message.as_bytes(), policy=default)
    return quote_address(address), [each.addr_spec for each in read["To"].addresses]


@given(st.one_of(_LIKE_ADDRESSES, st.from_regex(r"[ab.+'-]{1,5}@[ab1.-]{1,7}", fullmatch=True)))
def test_what_is_accepted_is_one_mailbox_for_server_and_reader(address: str) -> None:
    if is_accepted(address):
        assert mailboxes(address) == (f"<{address}>", [address])


@pytest.mark.parametrize(
    "address",
    [
        "fremmed@fremmed.example,anna@kommune.example",
        "fremmed@fremmed.example,x",
        "anna,fremmed@fremmed.example",
        "<anna@kommune.example>",
        "anna@kommune.example>NOTIFY",
        "anna(@kommune.example",
        "a:anna@kommune.example;",
        "=?utf-8?q?anna?=@kommune.example",
        "ånna@kommune.example",
        "anna@kommune",
        "anna@[127.0.0.1]",
        "anna@kommune..example",
        ".anna@kommune.example",
    ],
)
def test_what_a_mail_server_would_read_otherwise_is_refused(address: str) -> None:
    assert not is_accepted(address)


@pytest.mark.parametrize(
    "address",
    ["anna@kommune.example", "anna.o'hara+job_1@borger-service.example", "info@xn--rsted-uua.example"],
)
def test_common_addresses_are_accepted(address: str) -> None:
    assert is_accepted(address)
