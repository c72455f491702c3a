"""The forms by which people report, each with its routes."""

from typing import Final

from api.pages.report import noting, returning, routes, sent, stopping, waiting

FORMS: Final = (routes, noting, stopping, waiting, sent, returning)
