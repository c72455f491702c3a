"""What the figures count, thing by thing, for the activity that puts people together in groups of five (P10)."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import text

from domain.figures import CONVERTED_WITHIN, Figure, Series, Thing
from infra.store.engine import Connection

_THINGS: Final = text("""
WITH taken_up AS MATERIALIZED (
    -- What was entered by the command that started a course was entered elsewhere, if it is not the first step.
    SELECT v.*, v.entered_at > min(v.entered_at) OVER (PARTITION BY v.course_id) AS is_later,
        (v.left_at AT TIME ZONE 'Europe/Copenhagen')::date AS left_on
    FROM visit v
), silent AS (
    SELECT course_id, visit, min(queued_at) AS since, max(done_at) AS until, bool_and(done_at IS NOT NULL) AS is_over
    FROM notice
    WHERE recipient_kind = 'supervisors' AND waiting IS NOT NULL AND level IS NOT NULL
    GROUP BY course_id, visit, waiting, subject ->> 'since'
), thing (course_id, figure, step, happened_on, amount) AS (
    SELECT m.course_id, m.kind, '', min(m.begun_on), greatest(min(m.begun_on) - min(c.started_on), 0)
    FROM measure m JOIN course c USING (municipality, course_id)
    WHERE m.kind <> 'clarified'
    GROUP BY m.course_id, m.kind
  UNION ALL
    SELECT m.course_id, 'clarified', '', min(m.begun_on), greatest(min(m.begun_on) - min(c.started_on), 0)
    FROM measure m JOIN course c USING (municipality, course_id)
    WHERE m.kind IN ('clarified', 'paid_hours')
    GROUP BY m.course_id
  UNION ALL
    SELECT course_id, 'days_in_step', step, left_on, greatest(left_on - entered_on, 0)
    FROM taken_up WHERE left_at > entered_at AND NOT withdrawn
  UNION ALL
    SELECT m.course_id, 'days_between', m.step, n.begun_on, greatest(n.begun_on - m.ended_on, 0)
    FROM measure m JOIN LATERAL (
        SELECT min(begun_on) AS begun_on FROM measure
        WHERE municipality = m.municipality AND course_id = m.course_id AND visit > m.visit AND kind <> 'clarified'
    ) n ON n.begun_on IS NOT NULL
    WHERE m.ended_on IS NOT NULL
  UNION ALL
    SELECT course_id, 'both_present', '', begun_on, both_present::integer
    FROM measure WHERE kind = 'first_visit' AND both_present IS NOT NULL
  UNION ALL
    SELECT course_id, 'informed', step, (entered_at AT TIME ZONE 'Europe/Copenhagen')::date, (NOT went_ahead)::integer
    FROM taken_up WHERE is_later AND NOT withdrawn
  UNION ALL
    SELECT m.course_id, 'converted', '', m.ended_on, EXISTS (
        SELECT FROM measure p
        WHERE p.municipality = m.municipality AND p.course_id = m.course_id AND p.kind = 'paid_hours'
            AND p.begun_on BETWEEN m.begun_on AND m.ended_on + CAST(:converted_within AS integer)
    )::integer
    FROM measure m WHERE m.kind = 'trial' AND m.ended_on IS NOT NULL
  UNION ALL
    SELECT v.course_id, 'escalated', v.step, v.left_on, EXISTS (
        SELECT FROM silent s WHERE s.course_id = v.course_id AND s.visit = v.number
    )::integer
    FROM taken_up v WHERE v.left_at > v.entered_at AND NOT v.withdrawn
  UNION ALL
    SELECT s.course_id, 'days_of_escalation', '', (s.until AT TIME ZONE 'Europe/Copenhagen')::date,
        (s.until AT TIME ZONE 'Europe/Copenhagen')::date - (s.since AT TIME ZONE 'Europe/Copenhagen')::date
    FROM silent s WHERE s.is_over
)
SELECT t.figure, c.rules_id, t.step, date_trunc('month', t.happened_on)::date AS month, c.unit, t.amount, c.citizen,
    ARRAY(SELECT person FROM party p
        WHERE p.municipality = c.municipality AND p.course_id = c.course_id AND person IS NOT NULL) AS colleagues,
    c.rules_sha256
FROM thing t JOIN course c USING (course_id)
WHERE t.happened_on >= :since AND t.happened_on < :before
""")
"""Every thing that is counted, by its day: days are Danish, amounts calendar days or, for shares, 1 or 0."""

_FIRST_DAY: Final = text("SELECT coalesce(min(started_on), current_date) FROM course")

_BY_KIND: Final = {
    "first_visit": Figure.DAYS_TO_FIRST_VISIT,
    "trial": Figure.DAYS_TO_TRIAL,
    "paid_hours": Figure.DAYS_TO_PAID_HOURS,
    "clarified": Figure.DAYS_TO_CLARIFIED,
}


async def first_day(connection: Connection) -> date:
    """Return the day on which the first course started; a fact that names an earlier one is most often a slip."""
    day: date = (await connection.scalars(_FIRST_DAY)).one()
    return day


async def things(
    connection: Connection, since: date, before: date
) -> tuple[Mapping[Series, list[Thing]], Mapping[Series, str]]:
    """Return what happened in a municipality from a day until before another, and by which rules steps have names."""
    limits = {"since": since, "before": before, "converted_within": CONVERTED_WITHIN.days}
    found: defaultdict[Series, list[Thing]] = defaultdict(list)
    rules: dict[Series, str] = {}
    teams: dict[tuple[str, ...], frozenset[str]] = {}
    for row in await connection.execute(_THINGS, limits):
        series = Series(_BY_KIND.get(row.figure) or Figure(row.figure), row.rules_id, row.step)
        team = tuple(row.colleagues)
        colleagues = teams.setdefault(team, frozenset(team))
        found[series].append(Thing(row.month, row.unit, row.amount, row.citizen, colleagues))
        rules[series] = max(row.rules_sha256, rules.get(series, ""))
    return found, rules
