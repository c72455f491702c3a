"""Reasons in words, as several commands take them."""

from typing import Final

from pydantic import StrictBool

from api.http.fields import (
    Body,
    PersonalText,
    examples,
)

_REASON: Final = {"reason": "Det var et andet forløb."}


class ReasonBody(Body):
    """Why, in words."""

    reason: PersonalText

    model_config = examples(_REASON)


class RetractBody(ReasonBody):
    """Why it is taken back; what is of another citizen is also removed from everything that is kept."""

    wrong_citizen: StrictBool = False

    model_config = examples(_REASON, {"reason": "Noten hører til en anden borger.", "wrong_citizen": True})
