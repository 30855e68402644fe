"""Closing the plant: what a stack that is destroyed leaves running, and what it answers."""

import datetime as dt
from dataclasses import replace

import pytest

from functions.close_plant import LONGEST, STEP
from functions.cloudformation import PHYSICAL_ID
from punchclock.decisions import Trouble
from punchclock.errors import NotYet, Refused, ServiceSilent, Throttled
from punchclock.observations import State
from punchclock.ports import Closure, Incident
from punchclock.timecards import Origin, Timecard
from tests.functions.hall import MINUTE, Hall, Hosting, asked, at, idle, model, named


class Pressed(Hall):
    """A hall whose clock goes on while a function pauses; what is stopped is soon gone."""

    def __init__(self, *models, **more) -> None:
        super().__init__(*models, **more)
        self.gone_after = 3 * MINUTE
        self._stopping: dict[str, dt.datetime] = {}

    def rest(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)
        for key, seen in self.lookout.hosted.items():
            if seen.state is State.STOPPING:
                since = self._stopping.setdefault(key, self.now)
                if self.now - since >= self.gone_after:
                    self.lookout.set(key, State.STOPPED)

    def file(self, *models, **more) -> None:
        super().file(*models, **more)
        self.site = replace(self.site, pause=self.rest)


def answered(hall):
    """Return status and reason of the only answer."""
    [(url, document)] = hall.formation.answers
    assert url == asked("Delete")["ResponseURL"]
    return document["Status"], document["Reason"]


def keep_hosted(hall, *names):
    """Let no stop have an effect."""
    for name in names:
        hall.lookout.errors[f"stop {name}/1"] = NotYet("it is updating")


def take_steps(hall):
    """Let invocations follow each other until there is an answer, as many as Lambda would allow."""
    for _ in range(15):
        if not hall.formation.answers:
            hall.close(hall.now, hall.formation.steps[-1][1])


# Making and changing the stack


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_making_or_changing_the_stack_does_nothing_to_any_model(kind):
    hall = Pressed(model("paint"), model("glue")).at_work()
    hall.lookout.set("glue/1", State.STOPPED)
    hall.lookout.described.clear()
    told = {"Create": "the plant is open", "Update": "a change of the stack changes no model"}
    said = hall.close(at("20:00"), asked(kind))
    assert said == {"status": "SUCCESS", "reason": told[kind]}
    assert answered(hall) == ("SUCCESS", told[kind])
    assert (hall.lookout.stopped, hall.lookout.described) == ([], [])
    assert hall.ledger.book().closure is None


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_every_answer_has_the_same_physical_id_and_repeats_what_was_asked(kind):
    hall = Pressed()
    hall.close(at("20:00"), asked(kind))
    [(_, document)] = hall.formation.answers
    assert document["PhysicalResourceId"] == PHYSICAL_ID
    for name in ("StackId", "RequestId", "LogicalResourceId"):
        assert document[name] == asked(kind)[name]


def test_a_stack_that_takes_over_the_ledger_of_a_destroyed_one_opens_the_plant():
    hall = Pressed().at_work()
    hall.close(at("09:00"))
    hall.close(at("09:30"), asked("Create"))
    assert hall.start(at("09:30:30"))["acted"] == ["paint"]


def test_a_role_that_has_its_permissions_only_in_a_while_fails_no_deployment():
    hall = Pressed()
    reopen = hall.ledger.reopen
    failing = iter([Refused("not allowed")] * 3)

    def settling():
        for error in failing:
            raise error
        reopen()

    hall.ledger.reopen = settling
    hall.close(at("20:00"), asked("Create"))
    assert answered(hall)[0] == "SUCCESS"


def test_a_role_that_never_gets_its_permissions_fails_the_deployment_within_minutes():
    hall = Pressed()

    def refusing():
        raise Refused("not allowed")

    hall.ledger.reopen = refusing
    hall.close(at("20:00"), asked("Create"))
    assert answered(hall) == ("FAILED", "not allowed")
    assert hall.now == at("20:02")


# Destroying it


def test_what_was_started_is_stopped_and_confirmed():
    hall = Pressed(model("paint"), model("glue")).at_work()
    hall.close(at("09:00"))
    assert answered(hall) == ("SUCCESS", "all that was started is stopped")
    assert sorted(key for key, _ in hall.lookout.stopped) == ["glue/1", "paint/1"]
    for name in ("paint", "glue"):
        assert hall.card(name).stopped is not None


def test_the_plant_is_closed_before_anything_is_stopped():
    hall = Pressed()
    closures = []

    class Watching(Hosting):
        def stop(self, target, token):
            closures.append(hall.ledger.book().closure)
            super().stop(target, token)

    hall.lookout = Watching()
    hall.file(model("paint"))
    hall.at_work().close(at("09:00"))
    assert [each.at for each in closures] == [at("09:00")]


def test_nothing_is_started_in_a_plant_that_is_closed_by_whatever_event():
    hall = Pressed(model("paint"), model("glue")).at_work()
    hall.close(at("09:00"))
    for event in (None, named("paint"), {"scheduled_at": "2026-03-03T04:40:00Z"}):
        assert hall.start(at("04:40", day=3), event)["acted"] == []
    hall.sweep(at("04:41", day=3))
    assert hall.lookout.started[2:] == []
    assert hall.colleagues.calls == []


def test_a_late_stop_in_a_plant_that_is_closed_still_stops():
    hall = Pressed().at_work()
    hall.ledger.shut(Closure(at=at("09:00"), on_destroy="stop"))
    assert hall.stop(at("09:00"))["acted"] == ["paint"]


def test_a_persons_run_is_left_to_them():
    hall = Pressed(model("paint"), idle("spare")).at_work()
    hall.lookout.set("spare/1", State.RUNNING)
    hall.sweep(at("08:00"))
    hall.close(at("12:00"))
    assert answered(hall)[0] == "SUCCESS"
    assert [key for key, _ in hall.lookout.stopped] == ["paint/1"]


def test_a_model_that_the_file_has_forgotten_is_stopped_by_its_card():
    hall = Pressed().at_work()
    hall.file(model("glue"))
    hall.close(at("09:00"))
    assert [key for key, _ in hall.lookout.stopped] == ["paint/1"]


def test_a_plant_that_leaves_what_runs_is_closed_at_once():
    hall = Pressed(on_destroy="leave").at_work()
    hall.close(at("09:00"))
    assert answered(hall) == ("SUCCESS", "the plant is closed; what runs is left")
    assert hall.now == at("09:00")
    hall.stop(at("09:01"), named("paint"))
    hall.stop(at("13:00"))
    hall.sweep(at("13:01"))
    assert (hall.lookout.stopped, hall.colleagues.calls) == ([], [])
    assert hall.start(at("04:40", day=3))["acted"] == []


def test_a_plant_that_is_only_watched_leaves_what_runs():
    hall = Pressed(mode="watch")
    hall.lookout.set("paint/1", State.RUNNING)
    hall.sweep(at("06:00"))
    hall.close(at("09:00"))
    assert answered(hall)[0] == "SUCCESS"
    assert hall.lookout.stopped == []
    assert hall.ledger.book().closure.on_destroy == "leave"


def test_a_start_that_was_on_its_way_is_waited_for_and_stopped():
    hall = Pressed()
    rest = hall.rest

    def arriving(seconds):
        rest(seconds)
        if not hall.ledger.book().cards and hall.now >= at("04:41"):
            # It had read the ledger before the plant was closed.
            paint = hall.site.plant.models[0]
            [run] = hall.site.timetables["paint"].runs(hall.now, hall.now + MINUTE)
            card = Timecard.planned(paint, run, hall.now, Origin.PLANNED)
            hall.ledger.write(card.ask(hall.now))
            hall.lookout.set("paint/1", State.STARTING)

    hall.site = replace(hall.site, pause=arriving)
    hall.close(at("04:40"))
    assert answered(hall)[0] == "SUCCESS"
    assert [key for key, _ in hall.lookout.stopped] == ["paint/1"]


def test_a_start_that_was_asked_for_and_not_seen_yet_may_come_true_and_is_stopped():
    hall = Pressed()
    hall.start(at("04:40"))
    hall.lookout.set("paint/1", State.STOPPED)
    rest = hall.rest

    def slow(seconds):
        rest(seconds)
        if hall.now >= at("04:45") and len(hall.lookout.started) == 1:
            hall.lookout.started.append(("paint/1", 2, "seen at last"))
            hall.lookout.set("paint/1", State.STARTING)

    hall.site = replace(hall.site, pause=slow)
    hall.close(at("04:41"))
    take_steps(hall)
    assert answered(hall)[0] == "SUCCESS"
    assert [key for key, _ in hall.lookout.stopped] == ["paint/1"]


def test_nothing_that_runs_is_no_reason_to_wait_longer_than_a_start_is_on_its_way():
    hall = Pressed()
    hall.close(at("20:00"))
    assert hall.now == at("20:02")


# Steps, and what goes wrong


def test_a_stop_that_is_not_taken_yet_is_repeated():
    hall = Pressed().at_work()
    keep_hosted(hall, "paint")
    rest = hall.rest

    def relenting(seconds):
        rest(seconds)
        if hall.now >= at("09:02"):
            hall.lookout.errors.clear()

    hall.site = replace(hall.site, pause=relenting)
    hall.close(at("09:00"))
    assert answered(hall)[0] == "SUCCESS"


def test_one_invocation_hands_over_to_the_next_and_leaves_the_answer_to_it():
    hall = Pressed().at_work()
    keep_hosted(hall, "paint")
    hall.close(at("09:00"))
    assert hall.formation.answers == []
    [(function, event)] = hall.formation.steps
    assert function == "close-plant"
    assert STEP <= hall.now - at("09:00") < STEP + 2 * MINUTE
    hall.lookout.errors.clear()
    hall.close(hall.now, event)
    assert answered(hall)[0] == "SUCCESS"


def soon(until):
    """Return the event of a deletion that is to be given up at a time."""
    return {**asked("Delete"), "until": at(until).isoformat()}


def busy(*_):
    raise Throttled("the ledger is busy")


def test_a_step_takes_eight_minutes_with_a_look_every_twenty_seconds():
    hall = Pressed()
    hall.ledger.book = busy
    looks = []

    def counting(seconds):
        looks.append(seconds)
        hall.rest(seconds)

    hall.site = replace(hall.site, pause=counting)
    assert hall.close(at("09:00")) == {"status": None, "reason": "to be continued"}
    assert hall.now == at("09:08")
    assert looks == [20] * 24


def test_it_gives_up_before_the_last_look_would_be_too_late():
    hall = Pressed()
    hall.ledger.book = busy
    hall.close(at("09:00"), soon("09:01"))
    assert hall.now == at("09:00:40")
    status, reason = answered(hall)
    assert status == "FAILED"
    assert reason == (
        "after 50 minutes the ledger is busy. Delete the stack again to try again, or stop by hand"
        " what runs and delete it with --deletion-mode FORCE_DELETE_STACK"
    )


def test_each_model_that_is_left_is_told_with_what_is_wrong_with_it_now():
    hall = Pressed(model("paint"), model("glue")).at_work()
    late = Incident(
        target_id="lookoutvision:paint/1",
        model="paint",
        trouble=Trouble.LATE,
        reason="is not ready",
        opened=at("05:00"),
    )
    hall.ledger.report(late)
    hall.ledger.report(replace(late, closed=at("05:01")))
    keep_hosted(hall, "paint")
    hall.lookout.errors["stop glue/1"] = Refused("not allowed")
    hall.close(at("09:00"), soon("09:01"))
    told = answered(hall)[1].partition(". Delete")[0]
    assert told == (
        "after 50 minutes paint (lookoutvision:paint/1) was last seen running;"
        " glue (lookoutvision:glue/1) was last seen running, stop was refused: not allowed"
    )


def test_a_model_that_was_never_seen_is_told_so():
    hall = Pressed()
    hall.start(at("04:40"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.close(at("04:41"), soon("04:42"))
    assert (
        "paint (lookoutvision:paint/1) was never seen, could not be observed: no answer"
        in answered(hall)[1]
    )


def test_a_card_that_cannot_be_written_is_told():
    hall = Pressed().at_work()
    hall.lookout.set("paint/1", State.STOPPED)
    hall.ledger.errors["paint"] = Throttled("the ledger is busy")
    hall.close(at("09:00"), soon("09:01"))
    assert "paint: the ledger is busy" in answered(hall)[1]


def test_what_may_be_on_its_way_is_told_where_nothing_else_is_left():
    hall = Pressed()
    hall.close(at("20:00"), soon("20:01"))
    assert "starts may be on their way" in answered(hall)[1]


def test_what_cannot_be_stopped_is_told_after_fifty_minutes_by_name_and_reason():
    hall = Pressed(model("paint"), model("glue")).at_work()
    hall.lookout.errors["stop paint/1"] = Refused("not allowed")
    event = asked("Delete")
    hall.close(at("09:00"), event)
    take_steps(hall)
    status, reason = answered(hall)
    assert status == "FAILED"
    assert "paint (lookoutvision:paint/1) was last seen running" in reason
    assert "not allowed" in reason
    assert "glue" not in reason
    assert LONGEST - MINUTE <= hall.now - at("09:00") <= LONGEST + MINUTE
    # A second attempt has fifty minutes of its own, and succeeds once the reason is mended.
    hall.lookout.errors.clear()
    hall.formation.answers.clear()
    hall.close(at("11:00"))
    assert answered(hall)[0] == "SUCCESS"


def test_a_silent_service_ends_in_an_answer_and_keeps_no_other_from_being_stopped():
    hall = Pressed(model("paint"), model("wire", service="rekognition")).at_work()
    hall.rekognition.set("wire/1", State.RUNNING)
    hall.sweep(at("05:00"))
    hall.lookout.errors["observe"] = ServiceSilent("no answer")
    hall.close(at("09:00"))
    assert [key for key, _ in hall.rekognition.stopped] == ["wire/1"]
    take_steps(hall)
    status, reason = answered(hall)
    assert (status, "no answer" in reason) == ("FAILED", True)


def test_a_ledger_that_is_silent_for_a_while_is_waited_for():
    hall = Pressed().at_work()
    book = hall.ledger.book
    failing = iter([Throttled("the ledger is busy")] * 3)

    def busy():
        for error in failing:
            raise error
        return book()

    hall.ledger.book = busy
    hall.close(at("09:00"))
    assert answered(hall)[0] == "SUCCESS"


def test_a_next_invocation_that_cannot_be_called_is_an_answer():
    hall = Pressed().at_work()
    keep_hosted(hall, "paint")
    hall.formation.error = Throttled("too many calls")
    hall.close(at("09:00"))
    assert answered(hall) == ("FAILED", "too many calls")


def test_whatever_goes_wrong_cloudformation_gets_an_answer():
    hall = Pressed().at_work()

    def broken():
        raise ZeroDivisionError("nobody expects that")

    hall.ledger.book = broken
    with pytest.raises(ZeroDivisionError):
        hall.close(at("09:00"))
    status, reason = answered(hall)
    assert (status, "its log says why" in reason) == ("FAILED", True)


def test_an_invocation_that_died_is_taken_up_where_it_was():
    hall = Pressed(model("paint"), model("glue")).at_work()
    hall.lookout.errors["stop glue/1"] = SystemExit("the execution environment is gone")
    with pytest.raises(SystemExit):
        hall.close(at("09:00"))
    hall.lookout.errors.clear()
    hall.formation.answers.clear()
    hall.close(at("09:02"))
    assert answered(hall)[0] == "SUCCESS"
    assert {key for key, _ in hall.lookout.stopped} == {"paint/1", "glue/1"}


@pytest.mark.parametrize("until", [None, 3, "soon", "2099-01-01T00:00:00Z"])
def test_an_odd_time_to_give_up_is_none(until):
    hall = Pressed().at_work()
    keep_hosted(hall, "paint")
    event = {**asked("Delete"), "until": until}
    hall.close(at("09:00"), event)
    [(_, step)] = hall.formation.steps
    assert step["until"] == (at("09:00") + LONGEST).isoformat()


@pytest.mark.parametrize(
    "event",
    [
        [],
        "text",
        {"RequestType": "Delete"},
        {**asked("Delete"), "RequestType": "Destroy"},
        {**asked("Delete"), "RequestType": ["Delete"]},
        {**asked("Delete"), "ResponseURL": None},
        {**asked("Delete"), "ResponseURL": "nowhere"},
        {"scheduled_at": "2026-03-02T04:40:00Z"},
    ],
)
def test_what_cloudformation_has_not_sent_closes_nothing(event):
    hall = Pressed().at_work()
    said = hall.close(at("09:00"), event)
    assert said == {"status": None, "reason": "not a request of CloudFormation"}
    assert hall.ledger.book().closure is None
    assert (hall.formation.answers, hall.lookout.stopped) == ([], [])
