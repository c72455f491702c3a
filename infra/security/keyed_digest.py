"""Keyed digests: they recognise the same short text again, and nobody can guess the text from the digest.

An unkeyed hash of a CPR number is undone by trying them all, so every digest here needs the key.
"""

import hashlib
import hmac
from uuid import UUID


def keyed_digest(key: bytes, purpose: str, *fields: bytes) -> str:
    """Return the HMAC-SHA256 of `fields`, as 64 hexadecimal digits, of no use for another `purpose`.

    Each part is preceded by its length, so that no two lists of parts give the same bytes.
    """
    framed = (len(field).to_bytes(8, "big") + field for field in (purpose.encode(), *fields))
    return hmac.new(key, b"".join(framed), hashlib.sha256).hexdigest()


def update_id(hmac_key: bytes, caller: str, route: str, idempotency_key: str) -> str:
    """Return the id of the update for a caller's `Idempotency-Key` on one route (P7)."""
    return keyed_digest(hmac_key, "update", caller.encode(), route.encode(), idempotency_key.encode())


def body_digest(hmac_key: bytes, canonical_json: bytes) -> str:
    """Return the digest by which a repeated request is recognised as having the same body (P7)."""
    return keyed_digest(hmac_key, "body", canonical_json)


def course_id(id_key: bytes, municipality: str, reference: str, ordinal: int) -> UUID:
    """Return the identity of the `ordinal`-th course under a reference, a UUID of version 8; all other ids follow."""
    named = (part.encode() for part in (municipality, reference, str(ordinal)))
    digest = bytearray.fromhex(keyed_digest(id_key, "course", *named))[:16]
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))
