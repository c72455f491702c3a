"""Observers: who follows a course without holding a role in it, and gates nothing (P1)."""

from enum import StrEnum

from domain.model import Instant, Model


class ObserverKind(StrEnum):
    """As what somebody observes."""

    MENTOR = "mentor"
    UNEMPLOYMENT_FUND = "unemployment_fund"
    GRANT_CLERK = "grant_clerk"
    OTHER = "other"


class Observer(Model):
    """One who reads, notes, and reports the facts that the rules let an observer report."""

    person: str
    kind: ObserverKind
    since: Instant
