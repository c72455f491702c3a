from infra.security.keyed_digest import body_digest, keyed_digest, update_id

KEY = b"k" * 32


def test_the_same_request_has_the_same_identity_and_any_other_has_another() -> None:
    once = update_id(KEY, "anna", "/v1/courses", "key-1")

    assert once == update_id(KEY, "anna", "/v1/courses", "key-1")
    others = {
        update_id(KEY, "bent", "/v1/courses", "key-1"),
        update_id(KEY, "anna", "/v1/notes", "key-1"),
        update_id(KEY, "anna", "/v1/courses", "key-2"),
        update_id(b"x" * 32, "anna", "/v1/courses", "key-1"),
    }
    assert len(others | {once}) == 5


def test_text_moved_from_one_part_to_the_next_gives_another_identity() -> None:
    assert update_id(KEY, "ab", "c", "k") != update_id(KEY, "a", "bc", "k")


def test_a_digest_made_for_one_purpose_is_of_no_use_for_another() -> None:
    assert keyed_digest(KEY, "body", b"{}") != keyed_digest(KEY, "update", b"{}")


def test_a_body_is_recognised_by_its_bytes_and_the_secret() -> None:
    assert body_digest(KEY, b'{"a":1}') == body_digest(KEY, b'{"a":1}')
    assert body_digest(KEY, b'{"a":1}') != body_digest(KEY, b'{"a":2}')
    assert body_digest(KEY, b'{"a":1}') != body_digest(b"x" * 32, b'{"a":1}')
