"""A request of somebody who changes rules or decides on them, with all that answers it but the caller's rights."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.http.conditional import GivenReading, Reading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.pages.reader import GivenReader, Reader
from rules.language.formats import Language


@dataclass(frozen=True)
class RuleRequest:
    """What every page about the versions of a rule set is made from."""

    request: Request
    services: Services
    reader: Reader
    language: Language
    reading: Reading


async def _rule_request(
    request: Request, services: GivenServices, reader: GivenReader, language: CallersLanguage, reading: GivenReading
) -> RuleRequest:
    return RuleRequest(request, services, reader, language, reading)


GivenRuleRequest = Annotated[RuleRequest, Depends(_rule_request)]
