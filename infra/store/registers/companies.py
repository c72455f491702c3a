"""The companies that all courses of a municipality share, by P-number; nobody overwrites an unseen version."""

from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.model import Model
from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.rows import StoredRow

Cursor = tuple[str, str]
"""The name and the P-number of the last company of a page."""

_CREATE: Final = insert(t.company).on_conflict_do_nothing(constraint=t.company.primary_key).returning(t.company)
ANY_VERSION: Final = range(1, 10**9)
"""What somebody has seen who writes over whatever there is."""

_LISTS: Final = ("contacts", "opportunities", "ratios")


class Contact(Model):
    """Somebody at the company who is spoken with about work."""

    name: str
    role: str | None = None
    phone: str | None = None
    email: str | None = None


class Opportunity(Model):
    """Work that the company could give: in words, as tasks and as hours a week; `by` is who reported it."""

    text: str
    tasks: tuple[str, ...] = ()
    hours: Decimal | None = None
    since: date
    until: date | None = None
    by: str


class Ratio(Model):
    """Ordinary and supported staff in full-time equivalents, as they were in the month that begins on `month`."""

    month: date
    ordinary_fte: Decimal
    supported_fte: Decimal


class CompanyDetails(Model):
    """What a person reports of a company; the ratios by rising months."""

    cvr: str
    name: str
    address: str | None = None
    contacts: tuple[Contact, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    ratios: tuple[Ratio, ...] = ()


class Company(CompanyDetails, StoredRow):
    """A company as it is kept; `version` counts its changes."""

    p_number: str
    version: int
    changed_at: datetime
    changed_by: str

    @property
    def details(self) -> CompanyDetails:
        """Return the company without its number and version."""
        return CompanyDetails.model_validate(self.model_dump(include=set(CompanyDetails.model_fields)))


class OtherVersionError(Exception):
    """The company is not at the version that the writer has seen; `current` is None when nobody knows it."""

    def __init__(self, current: int | None) -> None:
        super().__init__(current)
        self.current = current


class UnseenError(Exception):
    """The writer would write over what others know of a company, and does not say that he has seen it."""


class Write(NamedTuple):
    """Who writes, when, and the versions of which one must be there; None when the writer names none."""

    seen: Collection[int] | None
    now: datetime
    by: str

    def expect_seen(self, stored: Company | None) -> None:
        """Raise OtherVersionError when the stored version is none of those that the writer names."""
        current = stored.version if stored else None
        # A range would compare itself number by number with what is no number.
        if self.seen is not None and (current is None or current not in self.seen):
            raise OtherVersionError(current)


async def get(connection: Connection, p_number: str) -> Company | None:
    """Return a company, or None when this municipality does not know it."""
    row = (await connection.execute(select(t.company).where(t.company.c.p_number == p_number))).one_or_none()
    return Company.read(row) if row else None


async def put(connection: Connection, p_number: str, details: CompanyDetails, write: Write) -> Company:
    """Write a company as given over one of the versions that the writer has `seen`, or make it, and return it.

    What changes nothing makes no version. Raises OtherVersionError for another version, UnseenError when the
    writer names none and would write over what others know.
    """
    stored = await _locked(connection, p_number)
    if stored is not None and stored.details == details:
        return stored
    write.expect_seen(stored)
    if stored is not None and write.seen is None:
        raise UnseenError
    if stored is not None:
        return await _update(connection, stored, details, write)
    made = await connection.execute(_CREATE, {**_values(details, write), "p_number": p_number, "version": 1})
    row = made.one_or_none()
    if row is None:  # Somebody else has made it meanwhile.
        return await put(connection, p_number, details, write)
    return Company.read(row)


async def change(
    connection: Connection, p_number: str, change: Callable[[CompanyDetails], CompanyDetails], write: Write
) -> Company | None:
    """Change a part of a company as it stands, whatever others wrote meanwhile, or return None when it is not known.

    What changes nothing makes no version. Raises OtherVersionError when the writer has `seen` another version.
    """
    stored = await _locked(connection, p_number)
    if stored is None:
        return None
    details = change(stored.details)
    if stored.details == details:
        return stored
    write.expect_seen(stored)
    return await _update(connection, stored, details, write)


async def _locked(connection: Connection, p_number: str) -> Company | None:
    locked = select(t.company).where(t.company.c.p_number == p_number).with_for_update()
    row = (await connection.execute(locked)).one_or_none()
    return Company.read(row) if row else None


async def _update(connection: Connection, stored: Company, details: CompanyDetails, write: Write) -> Company:
    over = update(t.company).where(t.company.c.p_number == stored.p_number)
    values = {**_values(details, write), "version": stored.version + 1}
    return Company.read((await connection.execute(over.values(values).returning(t.company))).one())


def _values(details: CompanyDetails, write: Write) -> dict[str, Any]:
    columns = {**details.model_dump(exclude=set(_LISTS)), **details.model_dump(mode="json", include=set(_LISTS))}
    return {**columns, "changed_at": write.now, "changed_by": write.by}


async def find(connection: Connection, q: str | None, limit: int, after: Cursor | None = None) -> Page[Company, Cursor]:
    """Return the companies by name, from the one that follows `after`; `q` is in the name or begins a number."""
    c = t.company.c
    statement = select(t.company)
    if q is not None:
        begins = (number.startswith(q, autoescape=True) for number in (c.cvr, c.p_number))
        statement = statement.where(or_(c.name.icontains(q, autoescape=True), *begins))
    return await read_page(
        connection, statement, Company, [c.name, c.p_number], lambda row: (row.name, row.p_number), limit, after
    )


async def names(connection: Connection, p_numbers: Collection[str]) -> dict[str, str]:
    """Return the names of some companies, without the unknown ones; asks nothing when there are none."""
    if not p_numbers:
        return {}
    c = t.company.c
    stored = await connection.execute(select(c.p_number, c.name).where(c.p_number.in_(p_numbers)))
    return {row.p_number: row.name for row in stored}
