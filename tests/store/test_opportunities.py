from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from infra.store import tables as t
from infra.store.queries import opportunities
from infra.store.registers import companies
from tests.store.vocabulary import MONDAY, RecordedCourse


async def test_the_worker_counts_the_opportunities_of_a_week_and_reads_of_a_company_no_more_but_its_name(
    stored: RecordedCourse,
) -> None:
    today = MONDAY.date()
    days = [today - timedelta(days=age) for age in (0, 6, 7, 30)]
    offered = [{"text": "Plante og pakke", "since": day, "by": "bo"} for day in days]
    details = companies.CompanyDetails.model_validate(
        {"cvr": "10000009", "name": "Nordgartneriet", "opportunities": offered}
    )
    async with stored.store.municipality(stored.municipality) as connection:
        await companies.put(connection, "1000000001", details, companies.Write(None, MONDAY, "bo"))

    async with stored.stores.worker.municipality(stored.municipality) as connection:
        assert await opportunities.since(connection, today - timedelta(days=7)) == 2
    async with stored.stores.worker.municipality("6999") as connection:
        assert await opportunities.since(connection, today - timedelta(days=7)) == 0
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with stored.stores.worker.municipality(stored.municipality) as connection:
            await connection.execute(select(t.company.c.contacts))
