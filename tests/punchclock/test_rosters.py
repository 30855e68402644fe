"""Whose a hosted model is, from what a plant held before and what other plants' stacks claim."""

import datetime as dt
from dataclasses import replace

import pytest

from punchclock import codec
from punchclock.plants import Target
from punchclock.rosters import CLAIMS, STACK, Claimed, Roster, claim

NOW = dt.datetime(2026, 3, 2, 5, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=5)
NOBODY = Claimed(stacks={})


def target(name: str) -> Target:
    return Target(service="lookoutvision", key=name, batch=name, address={})


PAINT, GLUE, WIRE = (target(name) for name in ("paint/1", "glue/1", "wire/1"))


def theirs(*targets: Target, stack: str = "punchclock-other", final: bool = True) -> Claimed:
    """Return that another plant claims models."""
    return Claimed(stacks={stack: {claim(each) for each in targets}}, final=final)


def held(*targets: Target) -> Roster:
    """Return the roster of a plant that holds all its models."""
    return Roster.of(targets, NOW).settled(targets, NOBODY, NOW)


def shown(roster: Roster, *targets: Target) -> list[str | None]:
    """Return what is known of models: held, who has claimed it, or None."""
    mine = roster.held or frozenset()
    return ["held" if claim(each) in mine else roster.claimant(each) for each in targets]


def test_a_roster_is_that_of_its_models_in_whatever_order():
    one, other = target("a/1"), target("b/1")
    assert Roster.of([one, other], NOW) == Roster.of([other, one], NOW)
    assert Roster.of([one, other], NOW).since == NOW
    assert Roster.of([one], NOW).digest != Roster.of([one, other], NOW).digest
    # Names that only run together are not the same models.
    together = Roster.of([target("a/1lookoutvision:b/1")], NOW)
    assert together.digest != Roster.of([one, other], NOW).digest


def test_a_claim_is_as_short_for_every_model_and_of_no_other():
    assert len(claim(PAINT)) == len(claim(target("x" * 500))) == 16
    assert len({claim(target(str(n))) for n in range(2000)}) == 2000


def test_what_releases_before_and_after_this_one_look_for_is_called_so():
    assert (CLAIMS, STACK) == ("punchclock:claims", "punchclock-")


def test_a_new_roster_holds_nothing_and_was_never_written():
    roster = Roster.of([PAINT], NOW)
    assert (roster.held, roster.claimed_by, roster.version) == (frozenset(), {}, 0)


def test_another_plant_file_makes_another_digest():
    assert held(PAINT).becoming([GLUE], LATER).digest == Roster.of([GLUE], NOW).digest


def test_of_a_roster_by_a_version_that_asked_nobody_nothing_is_settled():
    roster = replace(Roster.of([PAINT], NOW), held=None)
    assert not roster.is_settled([PAINT])
    assert shown(roster.settled([PAINT], theirs(GLUE), NOW), PAINT) == ["held"]


def test_a_plant_that_nobody_has_swept_holds_nothing_until_it_has_asked():
    new = Roster.of([PAINT, GLUE], NOW)
    assert not new.is_settled([PAINT, GLUE])
    assert shown(new, PAINT, GLUE) == [None, None]


def test_what_nobody_else_claims_is_held_and_what_another_claims_is_not():
    asked = Roster.of([PAINT, GLUE], NOW).settled([PAINT, GLUE], theirs(GLUE), NOW)
    assert asked.is_settled([PAINT, GLUE])
    assert shown(asked, PAINT, GLUE) == ["held", "punchclock-other"]


def test_what_is_held_is_kept_whatever_another_plant_claims_later():
    roster = (
        held(PAINT)
        .becoming([PAINT, GLUE], LATER)
        .settled([PAINT, GLUE], theirs(PAINT, GLUE), LATER)
    )
    assert shown(roster, PAINT, GLUE) == ["held", "punchclock-other"]


def test_a_model_that_another_plant_gives_up_is_held_and_swept_from_then_on():
    refused = Roster.of([PAINT], NOW).settled([PAINT], theirs(PAINT), NOW)
    still = refused.settled([PAINT], theirs(PAINT), LATER)
    assert still == refused
    freed = still.settled([PAINT], NOBODY, LATER)
    assert (shown(freed, PAINT), freed.since) == (["held"], LATER)


def test_a_plant_file_with_the_same_models_changes_nothing():
    roster = held(PAINT, GLUE)
    assert roster.becoming([GLUE, PAINT], LATER) is roster


def test_a_model_that_leaves_is_given_up_and_is_new_when_it_comes_back():
    without = held(PAINT, GLUE).becoming([PAINT], LATER)
    assert without.since == LATER
    assert without.is_settled([PAINT])
    back = without.becoming([PAINT, GLUE], LATER)
    assert not back.is_settled([PAINT, GLUE])
    assert shown(back, PAINT, GLUE) == ["held", None]
    asked = back.settled([PAINT, GLUE], theirs(PAINT, GLUE), LATER)
    assert shown(asked, PAINT, GLUE) == ["held", "punchclock-other"]


def test_a_model_that_is_anothers_stays_so_while_others_come_and_leaves_with_its_file():
    refused = Roster.of([PAINT], NOW).settled([PAINT], theirs(PAINT), NOW)
    assert shown(refused.becoming([PAINT, GLUE], LATER), PAINT) == ["punchclock-other"]
    gone = refused.becoming([GLUE], LATER)
    assert gone.claimed_by == {}


def test_what_a_version_that_asked_nobody_has_swept_is_held():
    old = replace(Roster.of([PAINT], NOW), held=None)
    kept = old.becoming([PAINT], LATER)
    assert (shown(kept, PAINT), kept.since) == (["held"], NOW)
    # Which of them are new, such a version has not written down.
    more = old.becoming([PAINT, GLUE], LATER)
    assert (shown(more, PAINT, GLUE), more.since) == (["held", "held"], LATER)


def test_an_answer_that_is_not_final_refuses_but_gives_nothing():
    new = Roster.of([PAINT, GLUE], NOW)
    asked = new.settled([PAINT, GLUE], theirs(GLUE, final=False), NOW)
    assert shown(asked, PAINT, GLUE) == [None, "punchclock-other"]
    assert not asked.is_settled([PAINT, GLUE])


def test_an_answer_that_is_not_final_frees_nothing_of_a_stack_that_it_does_not_tell_of():
    refused = Roster.of([PAINT, GLUE], NOW).settled([PAINT, GLUE], theirs(PAINT), NOW)
    unread = refused.settled([PAINT, GLUE], Claimed(stacks={}, final=False), LATER)
    assert shown(unread, PAINT, GLUE) == ["punchclock-other", "held"]
    # What does tell of itself, and claims it no more, has given it up.
    read = refused.settled([PAINT, GLUE], theirs(final=False), LATER)
    assert shown(read, PAINT, GLUE) == [None, "held"]
    # And who is not there at all in a final answer, is gone.
    gone = refused.settled([PAINT, GLUE], NOBODY, LATER)
    assert shown(gone, PAINT, GLUE) == ["held", "held"]


def test_of_several_that_claim_a_model_the_same_one_is_always_named():
    both = {"punchclock-b": {claim(PAINT)}, "punchclock-a": {claim(PAINT)}}
    for names in (["punchclock-a", "punchclock-b"], ["punchclock-b", "punchclock-a"]):
        claimed = Claimed(stacks={name: both[name] for name in names})
        roster = Roster.of([PAINT], NOW).settled([PAINT], claimed, NOW)
        assert roster.claimant(PAINT) == "punchclock-a"


@pytest.mark.parametrize(
    "roster",
    [
        Roster.of([PAINT], NOW),
        replace(Roster.of([PAINT], NOW), held=None),
        held(PAINT, GLUE),
        Roster.of([PAINT], NOW).settled([PAINT], theirs(PAINT), NOW),
    ],
)
def test_a_roster_is_read_as_it_was_written(roster):
    assert codec.load(Roster, codec.dump(roster)) == roster


def test_a_roster_of_two_thousand_models_stays_small():
    targets = [target(f"{n}/1") for n in range(2000)]
    assert len(str(codec.dump(held(*targets)))) < 45_000
