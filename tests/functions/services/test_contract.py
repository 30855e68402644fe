"""What every model service of the catalog promises, asked of real clients against the emulator."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from botocore.exceptions import NoCredentialsError, ReadTimeoutError

from functions.services import catalog
from punchclock.errors import (
    InvalidPlant,
    NotYet,
    PunchclockError,
    QuotaReached,
    Refused,
    ServiceSilent,
    Throttled,
)
from punchclock.observations import Observation, State
from tests.functions.services.answers import ERRORS, GENERAL, SILENCES, WORDS
from tests.functions.services.worlds import KEYS, REGION, World, session, target


def each(table: Mapping[str, Any]) -> list[ParameterSet]:
    return [
        pytest.param(service, *row, id=f"{service}-{row[0]}")
        for service, rows in table.items()
        for row in (rows.items() if isinstance(rows, dict) else rows)
    ]


@pytest.fixture(params=sorted(catalog.SPECS))
def world(request):
    return World(request.param)


def test_every_service_of_the_catalog_keeps_the_contract():
    for table in (KEYS, ERRORS, WORDS):
        assert set(table) == set(catalog.SPECS)


def test_a_model_goes_from_stopped_to_running_and_back(world):
    states = [world.look().state]
    world.service.start(world.model, 2, None, "first")
    states.append(world.look().state)
    world.finish()
    states.append(world.look().state)
    world.service.stop(world.model, "second")
    states.append(world.look().state)
    world.finish()
    states.append(world.look().state)
    assert states == [
        State.STOPPED,
        State.STARTING,
        State.RUNNING,
        State.STOPPING,
        State.STOPPED,
    ]


def test_a_model_starts_again_within_eight_hours(world):
    for turn in range(3):
        world.service.start(world.model, 2, None, f"start-{turn}")
        world.finish()
        assert world.look().state is State.RUNNING
        world.service.stop(world.model, f"stop-{turn}")
        world.finish()
        assert world.look().state is State.STOPPED


def test_a_running_model_is_seen_with_its_units_and_the_services_own_word(world):
    world.service.start(world.model, 3, None, "first")
    world.finish()
    seen = world.look()
    assert seen == Observation(
        state=State.RUNNING, word=seen.word, units=3, message="The model is running."
    )
    assert WORDS[world.name][seen.word] is State.RUNNING


@pytest.mark.parametrize("units", [1, 0, -1])
def test_a_start_with_fewer_than_two_units_is_refused_before_any_call(world, units):
    with pytest.raises(InvalidPlant, match=f"start of {world.model.id}: {units} units"):
        world.service.start(world.model, units, None, "first")
    assert world.calls == []


def test_the_most_units_are_sent_only_when_given(world):
    world.service.start(world.model, 2, None, "first")
    world.finish()
    world.service.stop(world.model, "second")
    world.finish()
    world.service.start(world.model, 2, 4, "third")
    starts = [call.params for call in world.calls if call.operation.startswith("Start")]
    assert [params.get("MaxInferenceUnits", "absent") for params in starts] == ["absent", 4]


def test_starting_what_runs_is_not_yet(world):
    world.service.start(world.model, 2, None, "first")
    world.finish()
    with pytest.raises(NotYet):
        world.service.start(world.model, 2, None, "second")


def test_stopping_what_is_stopped_is_not_yet(world):
    with pytest.raises(NotYet):
        world.service.stop(world.model, "first")


def test_more_units_than_the_account_has_are_the_quota(world):
    with pytest.raises(QuotaReached):
        world.service.start(world.model, 6, None, "first")


def test_an_unknown_model_is_missing_beside_its_neighbours(world):
    stranger = target(world.name, 9)
    seen = world.service.observe([world.model, stranger])
    assert {key: each.state for key, each in seen.items()} == {
        world.model.id: State.STOPPED,
        stranger.id: State.MISSING,
    }
    assert seen[stranger.id].word == "not found"
    assert seen[stranger.id].message


def test_an_unknown_model_can_be_neither_started_nor_stopped(world):
    stranger = target(world.name, 9)
    with pytest.raises(Refused):
        world.service.start(stranger, 2, None, "first")
    with pytest.raises(Refused):
        world.service.stop(stranger, "second")


def test_what_the_service_knows_nothing_of_at_all_is_missing(world):
    world.fail("ResourceNotFoundException", 404)
    assert world.look().state is State.MISSING
    assert len(world.calls) == 1


def test_many_models_are_all_observed(world):
    models = [world.model, *(world.add(number) for number in range(2, 25))]
    seen = world.service.observe(models)
    assert {key: each.state for key, each in seen.items()} == {
        model.id: State.STOPPED for model in models
    }


def test_observing_nothing_asks_nothing(world):
    assert world.service.observe([]) == {}
    assert world.calls == []


@pytest.mark.parametrize(("service", "word", "state"), each(WORDS))
def test_every_word_of_a_service_means_something(service, word, state):
    world = World(service)
    world.say(word)
    assert (world.look().state, world.look().word) == (state, word)


@pytest.mark.parametrize("word", ["HIBERNATING", None])
def test_a_word_that_nobody_knows_is_unknown(world, word):
    world.say(word)
    seen = world.look()
    assert (seen.state, seen.word) == (State.UNKNOWN, word or "no status")


@pytest.mark.parametrize("verb", ["start", "stop", "observe"])
@pytest.mark.parametrize(
    ("service", "code", "status", "expected"),
    [*each(ERRORS), *each(dict.fromkeys(sorted(catalog.SPECS), GENERAL))],
)
def test_an_error_says_what_its_caller_can_do(service, code, status, expected, verb):
    world = World(service)
    world.fail(code, status)
    with pytest.raises(expected, match=code) as caught:
        act(world, verb)
    assert type(caught.value) is expected
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("verb", ["start", "stop"])
@pytest.mark.parametrize(
    ("service", "code", "status", "_expected"),
    [*each(ERRORS), *each(dict.fromkeys(sorted(catalog.SPECS), GENERAL))],
)
def test_a_start_or_stop_is_sent_once_however_it_fails(service, code, status, _expected, verb):
    world = World(service)
    world.fail(code, status)
    with pytest.raises(PunchclockError):
        act(world, verb)
    assert len(world.calls) == 1


def test_a_read_is_sent_again_when_the_service_throttles(world):
    world.fail("ThrottlingException", 429)
    with pytest.raises(Throttled):
        world.look()
    assert len(world.calls) == 2


@pytest.mark.parametrize("verb", ["start", "stop", "observe"])
@pytest.mark.parametrize("silence", SILENCES, ids=lambda error: type(error).__name__)
def test_no_answer_is_silence(world, silence, verb):
    world.hinder(silence)
    with pytest.raises(ServiceSilent):
        act(world, verb)


@pytest.mark.parametrize("verb", ["start", "stop", "observe"])
def test_a_caller_without_credentials_is_refused(world, verb):
    world.hinder(NoCredentialsError())
    with pytest.raises(Refused):
        act(world, verb)


def test_a_service_is_asked_where_the_caller_says():
    for name in catalog.SPECS:
        asked: list[str] = []
        made = session()

        def note(request, asked=asked, **_):
            asked.append(request.url)
            raise ReadTimeoutError(endpoint_url=request.url)

        made.register("before-send", note)
        service = catalog.service(name, made, REGION, "http://127.0.0.1:9")
        with pytest.raises(ServiceSilent):
            service.stop(target(name), "first")
        assert asked[0].startswith("http://127.0.0.1:9/")


def act(world: World, verb: str) -> None:
    model = world.model
    verbs: dict[str, Callable[[], object]] = {
        "start": lambda: world.service.start(model, 2, None, "first"),
        "stop": lambda: world.service.stop(model, "first"),
        "observe": lambda: world.service.observe([model]),
    }
    verbs[verb]()
