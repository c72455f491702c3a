from clients.caller import Caller
from tests.api.vocabulary import expect


def test_every_answer_tells_browsers_to_keep_guess_and_load_nothing(anna: Caller) -> None:
    for path in ("/v1/inbox", "/v1/nowhere", "/health/live"):
        headers = anna.http.get(path).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] in {"no-store", "private, no-cache"}


def test_nobody_is_redirected_to_what_the_caller_names(anna: Caller) -> None:
    answer = anna.http.get("/v1/courses/", headers={"Host": "evil.example"})

    expect(answer, 404, "route-unknown")
    assert "location" not in answer.headers
