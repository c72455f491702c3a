"""What keeps people's identities safe: CPR detection, keyed digests and signed tokens."""
