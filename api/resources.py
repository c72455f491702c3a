"""The resources under /v1, in the order in which they are described."""

from typing import Final

from api.absences import hand_over as absence_hand_over
from api.absences import led as led_absences
from api.absences import since_last
from api.appointments import routes as appointments
from api.board import routes as board
from api.briefings import report_previews
from api.briefings import routes as briefings
from api.bulk import chosen, hand_overs, re_pins
from api.bulk import routes as bulk_acts
from api.companies import ratio
from api.companies import routes as companies
from api.companies import writing as company_writing
from api.company_sheets import commands as sheet_commands
from api.company_sheets import routes as company_sheets
from api.courses.commands import appointments as meetings
from api.courses.commands import (
    clock,
    course,
    facts,
    informing,
    notes,
    parties,
    proposals,
    several_courses,
    texts,
    visits,
    waits,
)
from api.courses.read import as_of, listing
from api.courses.read import routes as reading
from api.courses.start import routes as start
from api.data_protection import removals
from api.directory import absences, office_hours, people, units
from api.event_log import routes as event_log
from api.feed import changes, stream
from api.figures import routes as statistics
from api.inbox import escalations, forecast, person_forecast
from api.inbox import routes as inbox
from api.journal import copies as journal_copies
from api.journal import routes as journal
from api.operations import findings
from api.rulesets import followers, otherwise, proved, publishing, staff_news, trying, what_if
from api.rulesets import routes as rulesets
from api.search import routes as search
from api.stories import commands as story_commands
from api.stories import listing as story_listing
from api.webhooks import deliveries as webhook_deliveries
from api.webhooks import routes as webhooks

RESOURCES: Final = (
    start,
    listing,
    reading,
    as_of,
    briefings,
    report_previews,
    forecast,
    person_forecast,
    journal,
    journal_copies,
    facts,
    notes,
    proposals,
    several_courses,
    hand_overs,
    chosen,
    re_pins,
    bulk_acts,
    informing,
    course,
    parties,
    clock,
    texts,
    visits,
    waits,
    meetings,
    appointments,
    companies,
    company_writing,
    ratio,
    company_sheets,
    sheet_commands,
    inbox,
    since_last,
    escalations,
    board,
    findings,
    story_commands,
    story_listing,
    statistics,
    search,
    rulesets,
    followers,
    what_if,
    proved,
    otherwise,
    publishing,
    staff_news,
    trying,
    people,
    absences,
    absence_hand_over,
    led_absences,
    units,
    office_hours,
    changes,
    stream,
    webhooks,
    webhook_deliveries,
    removals,
    event_log,
)
"""The resources under /v1, in the order of the description."""
