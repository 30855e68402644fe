"""Whether people are told, by messages that go the whole way to SNS."""

import datetime as dt
from dataclasses import replace

import pytest

from infra.synth import synthesize
from rehearsal.rehearsing import Happening, rehearse
from rehearsal.verdicts import violations
from tests.rehearsal import days

MONDAY = dt.date(2026, 3, 2)
TUESDAY = dt.date(2026, 3, 3)
ELSEWHERE = "210987654321"
"""Another account than the one that moto takes everybody for."""
PLANT = replace(days.plant(days.EIGHT_HOURS), account=ELSEWHERE, notify=("line-leads@example.com",))
BY_HAND = Happening(
    at=dt.datetime(2026, 3, 2, 18, 0, 10, tzinfo=dt.UTC),
    model="boards",
    happen=lambda model: model.start(2),
)


def test_a_model_started_by_hand_is_one_message_when_it_begins_and_one_when_it_is_over():
    rehearsed = rehearse(PLANT, synthesize(PLANT), MONDAY, TUESDAY, happenings=[BY_HAND])
    assert "denied" not in {each.name for each in violations(rehearsed)}
    begun, over = rehearsed.world.cloud.published
    assert begun.subject == "seed: boards is hosted although no shift wants it"
    assert "  since  Mon 2026-03-02 18:0" in begun.body
    assert "  costs  USD 8.00 per hour" in begun.body
    assert "  type   punchclock hold plants/seed.yaml boards off" in begun.body
    assert over.subject == "seed: over: boards is hosted although no shift wants it"
    assert "  until  Mon 2026-03-02 19:0" in over.body
    there = rehearsed.world.deployment
    [sweep] = (each.role for each in there.functions.values() if "sweep" in each.handler)
    unused = days.unused_permissions([sweep], rehearsed.world.cloud.needed)
    assert "sns:Publish" not in {action for _, action, _ in unused}


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("lookoutvision:StartModel", "start was refused"),
        ("lookoutvision:StopModel", "stop was refused"),
    ],
)
def test_who_may_not_act_tells_of_it_and_who_may_not_tell_is_denied(action, reason):
    synthesis = synthesize(PLANT)
    for edit in (
        lambda template: days.without_schedules(template, days.SWEEPING),
        days.without_action(action),
    ):
        synthesis = days.edited(synthesis, edit)
    rehearsed = rehearse(PLANT, synthesis, MONDAY, TUESDAY)
    [notice] = rehearsed.world.cloud.published
    assert notice.subject == "seed: boards is refused by its service"
    assert reason in notice.body
    mute = days.edited(synthesis, days.without_action("sns:Publish"))
    reasons = [each.reason for each in violations(rehearse(PLANT, mute, MONDAY, TUESDAY))]
    assert any("sns:Publish" in each for each in reasons)
