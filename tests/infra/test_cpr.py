import unicodedata
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.security.cpr import REPLACEMENT, citizen_key, find_cpr, scrub

KEY = b"k" * 32


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "010190\u00a01234",
        "010190\u20131234",
        "010190 - 1234",
        "311299-0000",
        "610190-1234",  # A replacement number: day 1 plus 60.
        "911299-1234",  # Day 31 plus 60.
        "CPR:0101901234.",
        "CPR0101901234",
        "(010190-1234)",
        "borger 010190-1234 ringede",
        "person_0101901234",
        "0101901234,0202901234",
        "/v1/courses?q=010190%2D1234",
        "/v1/courses?q=%200101901234",
        "/v1/courses?q=010190+1234",
        "line\n0101901234\nline",
        "01.01.90-1234",
        "01. 01. 90 - 1234",
        "01-01-90-1234",
        "01/01/90 1234",
        "01 01 90 12 34",
        "010190 12 34",
        "010190/1234",
        "010190.1234",
        "/v1/courses?q=01%2E01%2E90%2D1234",
        "\uff10\uff11\uff10\uff11\uff19\uff10-\uff11\uff12\uff13\uff14",  # Full-width digits.
        "0101\u200b90-12\u00ad34",  # A zero-width space and a soft hyphen.
        "B0101901234",  # A letter beside it makes no digest of it.
        "0101901234abcdef",
        "010190-1234er",
        "010190_1234",
        "010190\t1234",
        "010190\n1234",
        "010190\r\n1234",
        "010190   1234",
        "010190, 1234",
        "010190:1234",
        "010190 (1234)",
        "010190\u00b71234",
        "010190-12-34",
        "01\t01\t90\t1234",
        "01_01_90_1234",
        "0101 90 1234",
        "0101-90-1234",
        "0101\u00a090\u00a012 34",
        "01 0190 1234",
        "01.0190.1234",
        "01011990-1234",
        "01.01.1990-1234",
        "19800101-1234",
        "19800101 1234",
        "20051231 - 1234",
        "19801261-1234",  # A replacement number.
        "1980-01-01-1234",
        "1980.01.01-1234",
        "sag 19800101-1234",
        "/v1/courses?q=19800101%2D1234",
        "0 1 0 1 9 0 1 2 3 4",
        "0-1-0-1-9-0-1-2-3-4",
        "\u0660\u0661\u0660\u0661\u0669\u0660\u0661\u0662\u0663\u0664",  # Digits of other scripts.
        "\u06f0\u06f1\u06f0\u06f1\u06f9\u06f0-\u06f1\u06f2\u06f3\u06f4",
        "\u0966\u0967\u0966\u0967\u096f\u0966 \u0967\u0968\u0969\u096a",
        "\u24ea\u2460\u24ea\u2460\u2468\u24ea\u2460\u2461\u2462\u2463",  # Digits in circles.
        "0\u03321\u033201901234",  # Lines under digits.
        "0101\u034f901234",
        "%30101901234",
        "010190%20%201234",
        "010180\u20431234",  # A hyphen bullet.
        "010180\u31641234",  # A letter that looks like a space.
        "0101\x8180-1234",  # A control.
        "50%0101801234",
        "/v1/courses?q=010180%E2%80%931234",
        "x6ba7b810-9dad-11d1-80b4-0101801234ab",  # Not a whole UUID.
        "1812991234",  # No P-number, for those begin with 10.
    ],
)
def test_what_looks_like_a_cpr_number_is_found(text: str) -> None:
    assert find_cpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "000190-1234",  # No day 0.
        "320190-1234",  # Between the days and the replacement numbers.
        "600190-1234",
        "920190-1234",
        "010090-1234",  # No month 0.
        "011390-1234",
        "010190-123",
        "010190-12345",
        "0010190-1234",
        "010190123456",  # A longer number.
        "12010190-1234-4123-8123-010190123456",  # A UUID of digits only.
        "a010190123456789",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "0101901234abcdef0101901234abcdef",  # A digest.
        "010126-311226",  # From one day to another.
        "01.01.2026-31.12.2026",
        "10:11:26, 2026",
        "2026-11-23T10:15:00.010190+01:00",
        "01.01.2026 12.34",  # A day and a time of day.
        "01.01.2026 12 deltagere",
        "01.01.26 12:34",
        "2026-01-01 10 1234",
        "course/6ba7b810-0101-4234-8123-a0101801234b",
        "23-11-2026",
        "23. november 2026 kl. 10",
        "2026-11-23T10:15:00Z",
        "2026-12-31 12:30",
        "01.02.2026–05.02.2026",
        "1000000001",  # A P-number.
        "1013388394",
        "CVR 10 00 00 09",
        "+45 12 10 12 34",
        "0045 12101234",
        "12 10 12 34",
        "1210 12 34",
        "1210 2026 1234",
        "reg. 1012 konto 12 345678",
        "+31 1234 5678",
        "2026-1210-12-1234",
        "tlf. 12101234 / 31121234",
        "1.012.345.678,00 kr.",
        "120.000,00",
        "101.200,50 kr.",
        "2026-10-10-10-1234",
        "SAG-2026-0042",
        "20260312-0042",  # A number by the day on which it was given.
        "doc-20260312-1234-2",
        "20191231 1234",
        "198001011234",  # A longer number.
        "19801301-1234",  # No month 13.
        "19800101-12345",
        "19800101-123",
        "17800101-1234",
        "2026-03-12-1234",
        "1980-01-01 12 deltagere",
        "1980-01-01 1234 kr.",
        "Ring 12 34 56 78 …",
        "1.01.01.90.1234",
    ],
)
def test_what_does_not_look_like_a_cpr_number_is_left_alone(text: str) -> None:
    assert not find_cpr(text)
    assert scrub(text) == text


DIGITS = [zero for zero in map(chr, range(0x110000)) if unicodedata.decimal(zero, None) == 0]
"""The zero of every script, after which its other digits come."""
MARKS = st.one_of(
    st.just(""),
    st.text(st.sampled_from(" \t\n\r\u00a0\u2003\u202f\u3000\u2028"), max_size=3),
    st.sampled_from(
        ["_", "-", " - ", *(chr(n) for n in range(0x2010, 0x2016)), "\u2212", "\ufe58", "\uff0d", "\u058a"]
    ),
)
AROUND = st.text(st.characters(categories=["L", "P", "Z"], exclude_characters=".-/%"), max_size=8)


@given(st.datetimes(), st.sampled_from([0, 60]), st.integers(0, 9999), MARKS, st.sampled_from(DIGITS), AROUND, AROUND)
def test_a_number_is_found_in_every_form_and_nothing_of_it_is_left(
    born: datetime, more: int, last: int, mark: str, zero: str, before: str, after: str
) -> None:
    written = f"{born.day + more:02}{born:%m}{born.year % 100:02}{mark}{last:04}"
    text = before + written.translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)}) + after

    assert find_cpr(text)
    assert REPLACEMENT in scrub(text)
    assert not find_cpr(scrub(text))


@given(st.uuids(), st.sampled_from([str, lambda number: number.hex]))
def test_no_identity_is_taken_for_a_number(identity: UUID, written: Callable[[UUID], str]) -> None:
    assert not find_cpr(f"course/{written(identity)}")


def test_every_number_in_a_text_is_scrubbed_and_the_rest_stays() -> None:
    text = "Fra 010190-1234 til 0202901234: ok"

    assert scrub(text) == "Fra [cpr] til [cpr]: ok"


def test_a_number_that_is_written_to_look_otherwise_is_scrubbed_too() -> None:
    assert scrub("Fra 01.01.90-\uff11\uff12\uff13\uff14: ok") == "Fra [cpr]: ok"


@pytest.mark.parametrize("written", ["010190-1234", "010190 1234", "0101901234", " 0101901234\n", "010190\u20131234"])
def test_a_citizen_has_one_key_however_the_number_is_written(written: str) -> None:
    assert citizen_key(KEY, "0751", written) == citizen_key(KEY, "0751", "010190-1234")


def test_a_citizens_key_differs_by_number_municipality_and_secret_and_holds_no_number() -> None:
    keys = {
        citizen_key(KEY, "0751", "010190-1234"),
        citizen_key(KEY, "0751", "010190-1235"),
        citizen_key(KEY, "0752", "010190-1234"),
        citizen_key(b"other" * 8, "0751", "010190-1234"),
    }

    assert len(keys) == 4
    assert all(len(key) == 64 and "0101901234" not in key for key in keys)


@pytest.mark.parametrize("wrong", ["010190-123", "01019012345", "abcdef-1234", "", "320190-1234", "011390-1234"])
def test_what_is_no_number_has_no_key_and_is_not_repeated_in_the_error(wrong: str) -> None:
    with pytest.raises(ValueError, match="a day, a month") as raised:
        citizen_key(KEY, "0751", wrong)

    assert not wrong or wrong not in str(raised.value)
