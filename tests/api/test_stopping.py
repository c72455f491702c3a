"""That a trial stopped is one request: both facts and the words, in the other's inbox at once."""

from clients.caller import Caller
from tests.api.vocabulary import case, expect, inbox
from tests.journeys.vocabulary import reach_trial
from tools.town.town import Town

STOP = {"last_day": "2026-03-24", "by": "citizen", "note": "Ryggen kunne ikke holde til de tunge kasser."}


def test_a_trial_that_stopped_is_said_in_one_request_and_in_the_other_inbox_at_once(
    town: Town, system: Caller, anna: Caller, bo: Caller
) -> None:
    started = system.does("/v1/courses", **case())["course"]
    course = f"/v1/courses/{started}"
    expect(bo.sends(f"{course}/visits/1/stop", **STOP), 409, "nothing-to-stop", "visit")
    reach_trial(course, anna, bo)
    expect(bo.sends(f"{course}/visits/3/stop", **{**STOP, "by": "nobody"}), 422, "fact-value", "by")
    expect(
        town.speaks("sara", "supervisor").sends(f"{course}/visits/3/stop", **STOP), 403, "fact-not-yours", "last_day"
    )

    done = bo.does(f"{course}/visits/3/stop", **STOP)

    again = bo.does(f"{course}/visits/3/stop", **STOP)
    assert again == done, "said in the same words it is done already"
    for other in ({"last_day": "2026-03-23"}, {"by": "company"}, {"note": "En anden grund."}):
        expect(anna.sends(f"{course}/visits/3/stop", **STOP | other), 409, "already-stopped", "visit")

    assert done["applied_revision"] == anna.get(course)["revision"]
    items = [item for item in inbox(anna) if item["course"]["id"] == started]
    (news,) = [item["text"] for item in items if "stopped the trial? The citizen" in item["text"]]
    assert "24 March 2026" in news
    assert STOP["note"] in [note["text"] for note in anna.get(course)["notes"] if note["kind"] == "why_stopped"]
