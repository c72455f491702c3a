"""What is said and read of a company."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StrictStr,
    StringConstraints,
    WithJsonSchema,
)

from api.companies.workplaces import CourseThere
from api.directory.names import NameOf
from api.http.codes import ApiCode
from api.http.fields import AsRead, Body, Day, Email, OneLine, PersonalText, Phone, examples, wrong_value
from api.http.problems import Issue, expect_no
from api.http.read_model import ReadModel
from domain.identity import PersonId
from infra.store.registers.companies import Company, CompanyDetails, Contact, Opportunity, Ratio
from rules.language.facts import READERS, FactType

MOST: Final = 50
MOST_MONTHS: Final = 120
_MOST_TASKS: Final = 20
_MOST_FTE: Final = 100_000
_DECIMALS: Final = 2
_MOST_HOURS: Final = 168
_MONTH: Final = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$"
_COMPANY_EXAMPLE: Final[dict[str, Any]] = {
    "cvr": "10000009",
    "name": "Nordgartneriet",
    "address": "Havevej 1, 9000 Aalborg",
    "contacts": [
        {"name": "Grethe Eksempel", "role": "driftsleder", "phone": "+45 98 00 00 00", "email": "g@nord.example"}
    ],
    "opportunities": [
        {
            "text": "Mangler hænder fra marts, gerne formiddage.",
            "tasks": ["plante", "pakke"],
            "hours": 7.5,
            "since": "2026-02-16",
            "until": "2026-06-30",
            "by": "bo",
        }
    ],
    "ratios": [{"month": "2026-02", "ordinary_fte": 12.5, "supported_fte": 1}],
}


def _cvr(value: str) -> str:
    if READERS[FactType.CVR](value) is None:
        raise wrong_value(ApiCode.WRONG_TYPE, "type-cvr")
    return value


def _only_number(value: object) -> object:
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return value
    raise wrong_value(ApiCode.WRONG_TYPE, "type-decimal")


_Amount = Annotated[Decimal, BeforeValidator(_only_number), Field(ge=0, decimal_places=_DECIMALS, allow_inf_nan=False)]
"""A JSON number that is not negative, with two decimals at most."""
Fte = Annotated[_Amount, Field(le=_MOST_FTE), WithJsonSchema({"type": "number", "minimum": 0, "maximum": _MOST_FTE})]
"""Full-time equivalents."""
Hours = Annotated[
    _Amount, Field(le=_MOST_HOURS), WithJsonSchema({"type": "number", "minimum": 0, "maximum": _MOST_HOURS})
]
"""Hours a week."""

Month = Annotated[StrictStr, StringConstraints(pattern=_MONTH)]
"""A month as `2026-02`."""


class ContactBody(Body):
    """Somebody at the company who is spoken with about work; nothing of the citizen belongs here."""

    name: OneLine
    role: OneLine | None = None
    phone: Phone | None = None
    email: Email | None = None

    model_config = examples(_COMPANY_EXAMPLE["contacts"][0])

    @property
    def as_contact(self) -> Contact:
        """Return the contact as it is kept."""
        return Contact(**self.model_dump())


class OpportunityBody(Body):
    """Work that the company could give; nothing of the citizen belongs here."""

    text: PersonalText
    tasks: Annotated[tuple[OneLine, ...], Field(max_length=_MOST_TASKS)] = ()
    hours: Hours | None = Field(default=None, description="Paid hours a week.")
    since: Day
    until: Day | None = None
    by: PersonId | None = Field(default=None, description="Who reported it; the caller when it is left out.")
    by_name: AsRead = None

    model_config = examples(_COMPANY_EXAMPLE["opportunities"][0])

    def as_opportunity(self, by: str) -> Opportunity:
        """Return the opportunity as it is kept, reported by the caller `by` where nobody else is named."""
        return Opportunity(by=self.by or by, **self.model_dump(exclude={"by"}))


class RatioBody(Body):
    """The staff of the workplace in one month, in full-time equivalents."""

    month: Month
    ordinary_fte: Annotated[Fte, Field(description="Without subsidised staff and those under 18.")]
    supported_fte: Annotated[Fte, Field(description="Trials, wage subsidies and community work.")]

    model_config = examples(_COMPANY_EXAMPLE["ratios"][0])

    @property
    def as_ratio(self) -> Ratio:
        """Return the ratio as it is kept."""
        staff = self.model_dump(exclude={"month"})
        return Ratio(month=date.fromisoformat(f"{self.month}-01"), **staff)


class CompanyBody(Body):
    """All that is known of a company; what is left out is taken back."""

    cvr: Annotated[StrictStr, AfterValidator(_cvr), Field(description="Formally valid, that is with its check digit.")]
    name: OneLine
    address: OneLine | None = None
    contacts: Annotated[tuple[ContactBody, ...], Field(max_length=MOST)] = ()
    opportunities: Annotated[tuple[OpportunityBody, ...], Field(max_length=MOST)] = ()
    ratios: Annotated[tuple[RatioBody, ...], Field(max_length=MOST_MONTHS)] = ()

    model_config = examples(_COMPANY_EXAMPLE)

    def details(self, by: str) -> CompanyDetails:
        """Return the company as it is stored, reported by the caller `by` where nobody else is named."""
        return CompanyDetails(
            cvr=self.cvr,
            name=self.name,
            address=self.address,
            contacts=tuple(contact.as_contact for contact in self.contacts),
            opportunities=tuple(opportunity.as_opportunity(by) for opportunity in self.opportunities),
            ratios=tuple(sorted((body.as_ratio for body in self.ratios), key=lambda ratio: ratio.month)),
        )


def expect_period(opportunity: OpportunityBody) -> None:
    """Raise ProblemError for an opportunity that ends before it begins."""
    expect_no(period_issues(opportunity))


def period_issues(opportunity: OpportunityBody, path: str = "") -> Iterator[Issue]:
    """Yield an issue for an opportunity that ends before it begins."""
    if opportunity.until is not None and opportunity.until < opportunity.since:
        yield Issue(ApiCode.NOT_IN_RANGE, f"{path}until", {"expected": "≥ since"})


class ContactRead(BaseModel):
    """Somebody at the company."""

    name: str
    role: str | None
    phone: str | None
    email: str | None


class OpportunityRead(ReadModel):
    """Work that the company could give, and who reported it."""

    text: str
    tasks: list[str]
    hours: float | None
    since: date
    until: date | None
    by: str
    by_name: Annotated[str | None, NameOf("by")] = None


class RatioRead(BaseModel):
    """The staff of the workplace in one month, in full-time equivalents."""

    month: str
    ordinary_fte: float
    supported_fte: float


class CompanyLine(ReadModel):
    """A company as lists show it."""

    p_number: str
    cvr: str
    name: str
    address: str | None
    version: int
    changed_at: datetime


class CompanyRead(CompanyLine):
    """A company, and the courses there that the caller may see, the last changed first and 100 at most."""

    contacts: list[ContactRead]
    opportunities: list[OpportunityRead]
    ratios: list[RatioRead]
    changed_by: str
    courses: list[CourseThere]
    changed_by_name: Annotated[str | None, NameOf("changed_by")] = None

    model_config = examples(
        {
            "p_number": "1000000001",
            **_COMPANY_EXAMPLE,
            "opportunities": [{**_COMPANY_EXAMPLE["opportunities"][0], "by_name": "Bo Eksempel"}],
            "version": 3,
            "changed_at": "2026-03-02T08:00:00Z",
            "changed_by": "bo",
            "changed_by_name": "Bo Eksempel",
            "courses": [],
        }
    )


def line(company: Company) -> CompanyLine:
    """Return a company as lists show it."""
    return CompanyLine(**company.model_dump(include=set(CompanyLine.model_fields)))


def read(company: Company, courses: list[CourseThere]) -> CompanyRead:
    """Return a company as it is read."""
    fields = company.model_dump()
    ratios = [{**ratio, "month": f"{ratio['month']:%Y-%m}"} for ratio in fields["ratios"]]
    return CompanyRead(**{**fields, "ratios": ratios}, courses=courses)
