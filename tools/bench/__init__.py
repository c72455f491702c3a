"""What the parts cost on this machine, each beside a baseline of the machine itself."""
