"""Both roles are informed of the same content before a visit is advanced (P1, P3, P4)."""

from datetime import timedelta

import pytest

from domain import commands as cmd
from domain import events as ev
from domain.errors import Code, RefusedError
from domain.identity import GATE_ROLES, Actor, Role
from domain.state.briefing import OnBehalfReason
from domain.state.waiting import WaitingKind
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, SARA, Story
from tests.domain.wider import wider


@pytest.fixture
def ready() -> Story:
    """A course whose gate is met but for the informing."""
    story = Story().starts()
    story.reports(ANNA, agreed=True, way="again")
    return story


def test_the_briefing_is_issued_when_the_gate_is_otherwise_met(ready: Story) -> None:
    assert ready.version == 1
    assert ready.recipients_of("acknowledgement") == ["person/anna", "person/bo"]


def test_a_visit_is_advanced_when_both_have_acknowledged(ready: Story) -> None:
    ready.acknowledges(ANNA)
    assert ready.holds(1)

    ready.acknowledges(BO)

    assert not ready.holds(1)
    assert ready.visit.ordinal == 2


def test_one_role_alone_never_advances_a_visit(ready: Story) -> None:
    ready.acknowledges(ANNA)
    ready.acknowledges(ANNA)

    assert ready.holds(1)


def test_acknowledging_twice_changes_nothing(ready: Story) -> None:
    ready.acknowledges(ANNA)
    revision = ready.state.revision

    ready.acknowledges(ANNA)

    assert ready.state.revision == revision


def test_a_material_change_makes_a_version_and_voids_the_old_receipts(ready: Story) -> None:
    ready.acknowledges(ANNA)

    ready.reports(BO, way="work")

    assert ready.version == 2
    assert ready.missing == (Role.CASEWORKER, Role.COMPANY_CONSULTANT)


def test_an_acknowledgement_of_an_outdated_version_is_refused(ready: Story) -> None:
    ready.reports(ANNA, way="both")

    refused = ready.refusal(cmd.Acknowledge, BO, briefing=1, version=1)

    assert refused is Code.VERSION_OUTDATED


def test_what_is_not_material_makes_no_version() -> None:
    story = wider()
    story.reports(ANNA, agreed=True, way="again")
    story.acknowledges(ANNA)

    story.reports(ANNA, target_group="b")

    assert story.version == 1
    assert story.missing == (Role.COMPANY_CONSULTANT,)


def test_a_note_that_changes_the_agreement_makes_a_version(ready: Story) -> None:
    ready.notes(BO, "agreement", changes_the_agreement=True)

    assert ready.version == 2


def test_the_same_fact_said_again_makes_no_version(ready: Story) -> None:
    ready.reports(ANNA, agreed=True)

    assert ready.version == 1


def test_who_reports_from_the_full_version_may_acknowledge_in_the_same_command(ready: Story) -> None:
    ready.command(cmd.ReportFacts, BO, facts={"way": "work"}, acknowledge=1)

    assert ready.version == 2
    assert ready.missing == (Role.CASEWORKER,)


def test_who_reports_from_an_outdated_version_reports_nothing(ready: Story) -> None:
    ready.reports(ANNA, way="both")

    refused = ready.refusal(cmd.ReportFacts, BO, facts={"contract": True}, acknowledge=1)

    assert refused is Code.VERSION_OUTDATED


def test_a_briefing_asked_for_early_is_issued_before_the_gate_is_met() -> None:
    story = Story().starts()

    story.command(cmd.BriefNow, ANNA)
    story.acknowledges(ANNA)
    story.acknowledges(BO)

    assert story.version == 1
    assert story.holds(1)


def test_nobody_acknowledges_what_was_never_issued() -> None:
    story = Story().starts()

    assert story.refusal(cmd.Acknowledge, ANNA, briefing=1, version=1) is Code.BRIEFING_MISSING


@pytest.mark.parametrize("stranger", [CARL, Actor(person="dina", roles=(Role.COMPANY_CONSULTANT,)), SARA])
def test_only_a_party_acknowledges_for_itself(ready: Story, stranger: Actor) -> None:
    assert ready.refusal(cmd.Acknowledge, stranger, briefing=1, version=1) is Code.NOT_THE_PARTY


def test_a_system_informs_nobody(ready: Story) -> None:
    refused = ready.refusal(cmd.Acknowledge, CASE_SYSTEM, briefing=1, version=1)

    assert refused is Code.SYSTEM_CANNOT_ACKNOWLEDGE


def test_one_human_counts_once_even_on_behalf(ready: Story) -> None:
    ready.acknowledges_for(SARA, "anna")

    refused = ready.refusal(
        cmd.Acknowledge, SARA, briefing=1, version=1, on_behalf_of="bo", on_behalf_reason=OnBehalfReason.ABSENT
    )

    assert refused is Code.ONE_HUMAN_ONCE


def test_a_receipt_on_behalf_for_another_reason_takes_the_place_of_the_first(ready: Story) -> None:
    ready.acknowledges_for(SARA, "anna")
    same = {"briefing": 1, "version": 1, "on_behalf_of": "anna"}

    assert ready.command(cmd.Acknowledge, SARA, **same, on_behalf_reason=OnBehalfReason.ON_LEAVE) == ()
    ready.command(cmd.Acknowledge, SARA, **same, on_behalf_reason=OnBehalfReason.ABSENT)

    assert [receipt.on_behalf for receipt in ready.receipts] == [OnBehalfReason.ABSENT]


def test_a_substitute_who_holds_the_other_role_counts_once(ready: Story) -> None:
    cover = BO.model_copy(update={"covers": ("anna",), "roles": GATE_ROLES})
    ready.acknowledges_for(cover, "anna")

    assert ready.refusal(cmd.Acknowledge, BO, briefing=1, version=1) is Code.ONE_HUMAN_ONCE


def test_acting_on_behalf_needs_a_reason_and_a_right(ready: Story) -> None:
    def refused(actor: Actor) -> Code:
        return ready.refusal(cmd.Acknowledge, actor, briefing=1, version=1, on_behalf_of="anna")

    assert refused(SARA) is Code.REASON_MISSING
    assert refused(CARL) is Code.NOT_THE_PARTY


def test_a_registered_cover_acknowledges_as_such_without_saying_it(ready: Story) -> None:
    ready.acknowledges(CARL.model_copy(update={"covers": ("anna",)}))

    (receipt,) = ready.receipts
    assert (receipt.role, receipt.person, receipt.by) == (Role.CASEWORKER, "anna", "carl")
    assert receipt.on_behalf is OnBehalfReason.ABSENT
    ready.acknowledges(BO)
    assert not ready.holds(1)


def test_a_registered_cover_acknowledges_what_is_reported_with_it(ready: Story) -> None:
    ready.notes(CARL.model_copy(update={"covers": ("anna",)}), "observation", acknowledge=1)

    assert ready.missing == (Role.COMPANY_CONSULTANT,)


def test_who_covers_both_says_for_whom(ready: Story) -> None:
    cover = CARL.model_copy(update={"covers": ("anna", "bo"), "roles": GATE_ROLES})
    assert ready.refusal(cmd.Acknowledge, cover, briefing=1, version=1) is Code.NOT_THE_PARTY

    ready.command(cmd.Acknowledge, cover, briefing=1, version=1, role=Role.CASEWORKER)

    assert [(receipt.person, receipt.by) for receipt in ready.receipts] == [("anna", "carl")]


def test_nothing_stops_while_a_cover_acts_for_who_is_away(ready: Story) -> None:
    cover = CARL.model_copy(update={"covers": ("anna",)})
    for visit in (1, 2, 3):
        assert ready.visit.number == visit
        ready.reports(ANNA, agreed=True, way="again")
        ready.acknowledges_for(cover, "anna")
        ready.acknowledges(BO)

    assert ready.visit.number == 4
    assert not [waiting for waiting in ready.state.waiting if waiting.kind is WaitingKind.ACKNOWLEDGEMENT]


def test_who_took_a_role_over_is_asked_of_an_early_version_once_nothing_else_is_missing() -> None:
    story = Story().starts()
    story.command(cmd.BriefNow, ANNA)
    story.acknowledges(ANNA)
    story.acknowledges(BO)
    story.now += timedelta(minutes=1)

    story.hand_over(Role.CASEWORKER, "carl")
    assert not story.waits(WaitingKind.ACKNOWLEDGEMENT), "the version is known to Bo, and nothing is asked of Carl yet"
    story.reports(ANNA, agreed=True, way="again")

    assert {waiting.persons for waiting in story.waits(WaitingKind.ACKNOWLEDGEMENT)} == {("carl",), ("bo",)}


def test_a_person_back_in_time_acknowledges_in_person(ready: Story) -> None:
    ready.acknowledges_for(SARA, "anna")

    ready.acknowledges(ANNA)

    assert ready.missing == (Role.COMPANY_CONSULTANT,)
    assert [receipt.by for receipt in ready.receipts] == ["anna"]


def test_a_hand_over_voids_that_role_s_receipt_only(ready: Story) -> None:
    ready.acknowledges(ANNA)
    ready.hand_over(Role.CASEWORKER, "carl")

    ready.acknowledges(BO)
    assert ready.holds(1)

    ready.acknowledges(CARL)
    assert not ready.holds(1)


def test_who_has_handed_over_is_no_longer_the_party(ready: Story) -> None:
    ready.hand_over(Role.CASEWORKER, "carl")

    assert ready.refusal(cmd.Acknowledge, ANNA, briefing=1, version=1) is Code.NOT_THE_PARTY


def test_one_person_in_both_roles_acknowledges_once() -> None:
    story = Story().starts(shared_role=True, company_consultant=cmd.PartyClaim())
    story.reports(ANNA, agreed=True, way="again")

    story.acknowledges(ANNA)

    assert story.visit.number == 2


def test_the_same_person_in_both_roles_must_be_said() -> None:
    with pytest.raises(RefusedError) as refused:
        Story().starts(company_consultant=cmd.PartyClaim(person="anna"))

    assert refused.value.problems[0].code is Code.SAME_PERSON


def test_the_second_role_cannot_be_handed_to_the_first(ready: Story) -> None:
    refused = ready.refusal(
        cmd.AssignParty, SARA, role=Role.COMPANY_CONSULTANT, to=cmd.PartyClaim(person="anna"), reason=COURSE
    )

    assert refused is Code.SAME_PERSON


def test_sent_and_seen_do_not_inform(ready: Story) -> None:
    notice = next(event for event in ready.events if isinstance(event, ev.NoticeRaised))

    ready.command(cmd.MarkSeen, ANNA, notice=notice.notice)

    assert ready.missing == (Role.CASEWORKER, Role.COMPANY_CONSULTANT)


@pytest.mark.parametrize("kind", [cmd.Acknowledge, cmd.Dispute])
def test_who_has_not_the_role_by_the_token_is_not_informed_in_it(ready: Story, kind: type) -> None:
    ready.hand_over(Role.COMPANY_CONSULTANT, "xenia")
    xenia = Actor(person="xenia", roles=(Role.CASEWORKER,))
    reason = {"reason": COURSE} if kind is cmd.Dispute else {}

    assert ready.refusal(kind, xenia, briefing=1, version=1, **reason) is Code.ROLE_NOT_YOURS


def test_a_cover_without_the_role_by_the_token_acknowledges_for_nobody(ready: Story) -> None:
    carl = Actor(person="carl", roles=(Role.CASEWORKER,), covers=("bo",))
    named = {"briefing": 1, "version": 1, "on_behalf_of": "bo", "on_behalf_reason": OnBehalfReason.ABSENT}

    assert ready.refusal(cmd.Acknowledge, carl, **named) is Code.ROLE_NOT_YOURS
