"""One screen: what is on, what it costs, what comes next, on whose word, and who is told."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cli.desk import status
from punchclock.actions import Trouble
from punchclock.observations import State
from punchclock.ports import Incident
from punchclock.timecards import Origin, Timecard
from punchclock.timetables import timetables
from rehearsal.emulator.wire import Reply, Request
from rehearsal.server import serving
from tests.cli.desks import Counter, Prepared, counter, prepared
from tests.cli.standins import subscribed
from tests.cli.typed import typed

PLANT = """
plant: demo
timezone: Europe/Berlin
region: eu-central-1
notify: [line-leads@example.com]
shifts: {late: {days: daily, start: 14:00, end: 22:00}}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [late]}
  paint: {service: lookoutvision, project: paint, version: "1", shifts: [late]}
"""
TEN_TO_TEN = dt.datetime(2026, 3, 2, 20, 50, tzinfo=dt.UTC)
ASKED = dt.datetime(2026, 3, 2, 12, 40, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Prepared:
    file = tmp_path_factory.mktemp("plant") / "plant.yaml"
    file.write_text(PLANT)
    return prepared(file)


@pytest.fixture
def desk(demo: Prepared) -> Iterator[Counter]:
    """At ten to ten, with boards in service."""
    with counter(demo, TEN_TO_TEN) as found:
        (run,) = timetables(demo.plant)["boards"].runs(ASKED, TEN_TO_TEN)
        card = Timecard.planned(demo.plant.models[0], run, ASKED, Origin.PLANNED)
        found.ledger.begin(ASKED)
        found.ledger.write(
            replace(card, state=State.RUNNING, since=ASKED + dt.timedelta(minutes=9))
        )
        yield found


def row(desk: Counter, name: str) -> list[str]:
    lines = desk.said("status").splitlines()
    (line,) = (line for line in lines if line.startswith(f"{name} "))
    return line.split()


def test_a_model_is_shown_with_what_is_wanted_and_seen_and_what_comes_next(desk):
    assert row(desk, "boards") == [
        *("boards", "on:", "late", "running", "Mon", "03-02", "13:49", "2", "8.00"),
        *("stop", "Mon", "03-02", "22:00", "0h10m", "-", "-"),
    ]
    assert row(desk, "paint")[:5] == ["paint", "on:", "late", "stopped", "-"]
    assert "2 wanted, 1 in service, USD 8.00 an hour" in desk.said("status")


def test_what_was_said_is_shown_with_who_and_until_when(desk):
    desk.said("hold", "paint", "off", "--until", "23:00", "--why", "camera")
    assert row(desk, "paint")[1] == "off"
    assert "hold off until Mon 23:00 by moto" in desk.said("status")


def test_an_incident_is_shown_with_how_long_it_lasts_and_what_it_costs(desk, demo):
    incident = Incident(
        target_id=demo.plant.models[1].target.id,
        model="paint",
        trouble=Trouble.LATE,
        reason="wanted by 13:00Z and is stopped",
        opened=TEN_TO_TEN - dt.timedelta(minutes=90),
    )
    desk.ledger.report(incident)
    desk.ledger.report(replace(incident, target_id="calendar:works", model="works"))
    said = desk.said("status")
    assert row(desk, "paint")[-1] == "late"
    assert "late: paint, for 1h30m: wanted by 13:00Z and is stopped" in said
    assert "late: works, for 1h30m" in said


def test_json_has_all_that_the_screen_has(desk):
    found = desk.document("status")
    assert (found["plant"], found["at"]) == ("demo", "2026-03-02T20:50:00Z")
    assert found["swept_since"] == "2026-03-02T12:40:00Z"
    boards = found["models"]["boards"]
    assert (boards["seen"], boards["units"]) == ("running", 2)
    assert boards["next"] == {"what": "stop", "at": "2026-03-02T21:00:00Z", "seconds": 600}
    assert found["cost_per_hour"] == {"amount": "8.00", "currency": "USD"}
    assert found["subscriptions"] == [{"endpoint": "line-leads@example.com", "state": "pending"}]


def test_whoever_has_not_confirmed_a_subscription_is_named(desk):
    assert "told: line-leads@example.com, not confirmed: follow the link" in desk.said("status")


def test_an_address_that_is_not_deployed_yet_is_named(desk, tmp_path):
    more = tmp_path / "plant.yaml"
    more.write_text(PLANT.replace("[line-leads@example.com]", "[new@example.com]"))
    said = typed("status", more, "--endpoint", desk.address).stdout
    assert "told: new@example.com, not subscribed" in said


def _forms(desk: Counter, answer: Reply):
    """Answer forms about the topic otherwise than the deployment does."""

    def respond(request: Request) -> Reply | None:
        if b"ListSubscriptionsByTopic" in request.body:
            return answer
        return desk.life.respond(request)

    return respond


def test_a_confirmed_subscription_is_shown_as_that(desk):
    with serving(_forms(desk, subscribed("line-leads@example.com"))) as address:
        said = typed("status", desk.file, "--endpoint", address).stdout
    assert "told: line-leads@example.com, confirmed" in said


def test_who_may_not_see_the_subscriptions_sees_everything_else(desk):
    error = "<Error><Code>AuthorizationError</Code><Message>no</Message></Error>"
    body = f"<ErrorResponse>{error}</ErrorResponse>".encode()
    answer = Reply(status=403, content_type="text/xml", body=body)
    with serving(_forms(desk, answer)) as address:
        said = typed("status", desk.file, "--endpoint", address).stdout
    assert "2 wanted, 1 in service" in said
    assert "these credentials may not sns:ListSubscriptionsByTopic" in said


def test_who_names_the_table_alone_is_not_told_of_subscriptions(desk):
    found = desk.document("status", "--table", desk.life.table)
    assert found["subscriptions"] is None


def test_a_plant_that_no_sweep_has_seen_yet_says_so(demo):
    with counter(demo, TEN_TO_TEN) as desk:
        assert "no sweep has been completed yet" in desk.said("status")


def test_watching_looks_again_until_it_is_interrupted(capsys):
    pauses: list[float] = []
    drawn = iter(["first", "second"])

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    status.look_again(lambda: next(drawn), 7, pause)
    assert pauses == [7, 7]
    assert capsys.readouterr().out.split() == ["first", "second"]


def test_watching_prints_no_json(desk):
    assert "--watch is for people" in desk.refused(2, "status", "--watch", "--json")
