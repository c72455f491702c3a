import pytest

from infra.temporal.keyring import (
    SHARED,
    KeyGoneError,
    KeyMissingError,
    StoreKeyring,
    WrappedKey,
    new_wrapped_key,
    unwrap,
)

MASTER = b"m" * 32
FIVE_MINUTES = 300.0


class Rows:
    """A store of wrapped keys in memory, and a stopwatch."""

    def __init__(self, *keys: WrappedKey) -> None:
        self.rows = {key.key_id: key for key in keys}
        self.fetched: list[str] = []
        self.seconds = 0.0

    async def fetch(self, key_id: str) -> WrappedKey | None:
        self.fetched.append(key_id)
        return self.rows.get(key_id)

    def keyring(self, master: bytes = MASTER, master_id: str = "m1") -> StoreKeyring:
        return StoreKeyring(self.fetch, master, master_id, monotonic=lambda: self.seconds)


def erased(key_id: str) -> WrappedKey:
    return WrappedKey(key_id, "m1", b"", erased=True)


def test_a_wrapped_key_opens_to_the_same_32_bytes_each_time() -> None:
    wrapped = new_wrapped_key(MASTER, "m1", "a")

    key = unwrap(MASTER, "m1", wrapped)

    assert len(key) == 32
    assert unwrap(MASTER, "m1", wrapped) == key
    assert key not in wrapped.wrapped


def test_each_wrapped_key_is_a_new_key() -> None:
    keys = {unwrap(MASTER, "m1", new_wrapped_key(MASTER, "m1", "a")) for _ in range(20)}

    assert len(keys) == 20


def test_a_wrapped_key_moved_to_another_row_does_not_open() -> None:
    wrapped = new_wrapped_key(MASTER, "m1", "a")

    with pytest.raises(KeyMissingError, match="cannot be unwrapped"):
        unwrap(MASTER, "m1", WrappedKey("b", "m1", wrapped.wrapped))


@pytest.mark.parametrize("wrapped", [b"", b"short", b"x" * 60])
def test_a_damaged_row_is_a_missing_key(wrapped: bytes) -> None:
    with pytest.raises(KeyMissingError, match="cannot be unwrapped"):
        unwrap(MASTER, "m1", WrappedKey("a", "m1", wrapped))


def test_another_master_key_opens_nothing() -> None:
    wrapped = new_wrapped_key(MASTER, "m1", "a")

    with pytest.raises(KeyMissingError, match="m1"):
        unwrap(MASTER, "m2", wrapped)
    with pytest.raises(KeyMissingError, match="cannot be unwrapped"):
        unwrap(b"x" * 32, "m1", wrapped)


async def test_a_key_is_fetched_once_and_again_after_five_minutes() -> None:
    store = Rows(new_wrapped_key(MASTER, "m1", "a"))
    keyring = store.keyring()

    first = await keyring.key("a")
    store.seconds = FIVE_MINUTES - 1
    assert await keyring.key("a") == first
    assert store.fetched == ["a"]

    store.seconds = FIVE_MINUTES
    assert await keyring.key("a") == first
    assert store.fetched == ["a", "a"]


async def test_a_key_in_memory_is_gone_five_minutes_after_it_was_erased_at_the_latest() -> None:
    store = Rows(new_wrapped_key(MASTER, "m1", "a"))
    keyring = store.keyring()
    await keyring.key("a")
    store.rows["a"] = erased("a")

    store.seconds = FIVE_MINUTES

    with pytest.raises(KeyGoneError):
        await keyring.key("a")


async def test_a_missing_key_is_asked_for_again_because_it_may_come() -> None:
    store = Rows()
    keyring = store.keyring()
    with pytest.raises(KeyMissingError):
        await keyring.key("a")

    store.rows["a"] = new_wrapped_key(MASTER, "m1", "a")

    assert len(await keyring.key("a")) == 32


async def test_of_more_than_ten_thousand_keys_the_one_used_longest_ago_is_forgotten() -> None:
    store = Rows(*(new_wrapped_key(MASTER, "m1", str(n)) for n in range(10_001)))
    keyring = store.keyring()
    for n in range(10_000):
        await keyring.key(str(n))
    await keyring.key("0")
    await keyring.key("10000")
    store.fetched.clear()

    await keyring.key("0")
    await keyring.key("1")

    assert store.fetched == ["1"]


async def test_the_shared_key_needs_no_row_and_follows_from_the_master_key() -> None:
    store = Rows()

    shared = await store.keyring().key(SHARED)

    assert len(shared) == 32
    assert shared != MASTER
    assert shared == await store.keyring().key(SHARED)
    assert shared != await store.keyring(master=b"x" * 32).key(SHARED)
    assert store.fetched == []


async def test_no_key_is_in_a_repr() -> None:
    store = Rows(new_wrapped_key(MASTER, "m1", "a"))
    keyring = store.keyring()
    key = await keyring.key("a")

    shown = repr(keyring) + repr(store.rows["a"])

    assert repr(key) not in shown
    assert repr(MASTER) not in shown
    assert repr(store.rows["a"].wrapped) not in shown
