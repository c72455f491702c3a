"""The first schema, in PostgreSQL's own words: what runs is what is read, whatever the code looks like by then."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_PIECES = Path(__file__).with_name("0001")

_DROP = """
    DROP FUNCTION fodslag_apply, fodslag_record, fodslag_settle, fodslag_list_notices, fodslag_stage, fodslag_enter,
        fodslag_moved, fodslag_municipalities, fodslag_findings, fodslag_sweep_texts, fodslag_absences_to_look_at,
        fodslag_data_key, fodslag_claim_bulk_items, fodslag_claim_errands, fodslag_claim_webhooks,
        fodslag_next_errand, fodslag_amending;
    DROP TABLE
        absence_cover, absence, audit, batch, bulk_item, bulk_act, command, company, counted_figure,
        counted_month, data_key, delivery, errand, finding, journal_copy, journal, measure, notice, observer, party,
        person, personal_text, receipt, removal, revision, session, story_told, unit, visit, waiting, webhook_event,
        webhook_secret, webhook, working_time, workplace, rule_set, document, course;
    DROP FUNCTION fodslag_only_blanked, fodslag_refuse_rewriting, fodslag_wake_courier;
    REVOKE USAGE ON SCHEMA public FROM fodslag_app;
"""


def upgrade() -> None:
    """Make tables, policies and functions."""
    for piece in sorted(_PIECES.glob("*.sql")):
        op.execute(piece.read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop them and all that they hold; the roles stay, because they belong to the server."""
    op.execute(_DROP)
