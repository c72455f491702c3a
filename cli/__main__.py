"""Lets `python -m cli` be the command line too."""

from cli import app

app()
