"""The audit: compares Temporal, store and courier by a schedule of its own, and mends what is safe to mend (P5, P7)."""
