"""A whole system as processes on this machine, for the tests and for the programs that measure and break it."""
