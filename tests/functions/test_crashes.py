"""The timekeeper dies at any single call of a closing: the ledger has one record with one cost."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from moto import mock_aws

from functions.ledger import DynamoLedger
from tests.functions.hall import Hall, at
from tests.functions.ledgers import TABLE, client, in_dynamodb


class Died(BaseException):
    """The execution environment is gone: no function of ours can catch this."""


class Mortal:
    """A DynamoDB client that dies at its n-th call, before the call has its effect or after."""

    def __init__(self) -> None:
        self.client = client()
        self.calls: list[str] = []
        self.dies_at: int | None = None
        self.after = False
        self.client.meta.events.register("before-call", self._before)
        self.client.meta.events.register("after-call", self._after)

    def _before(self, model, **_) -> None:
        self.calls.append(model.name)
        if len(self.calls) == self.dies_at and not self.after:
            raise Died

    def _after(self, **_) -> None:
        if len(self.calls) == self.dies_at and self.after:
            raise Died


@contextmanager
def settled_hall() -> Iterator[tuple[Hall, Mortal]]:
    """A run of eight hours on two units is over; its card was read once and is about to close."""
    with mock_aws():
        in_dynamodb()
        mortal = Mortal()
        hall = Hall()
        hall.live_with(DynamoLedger(mortal.client, TABLE))
        hall.worked_day()
        hall.meter.count("paint", at("05:00"), at("13:00"))
        hall.keep_time(at("13:15"))
        mortal.calls.clear()
        yield hall, mortal


PLACES = range(1, 6)


def test_every_call_of_a_closing_is_died_at():
    with settled_hall() as (hall, mortal):
        hall.keep_time(at("15:00"))
        assert "TransactWriteItems" in mortal.calls
        assert len(mortal.calls) == PLACES[-1]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("place", PLACES)
def test_dying_at_any_call_leaves_one_exact_record(place, after):
    with settled_hall() as (hall, mortal):
        mortal.dies_at, mortal.after = place, after
        with suppress(Died):
            hall.keep_time(at("15:00"))
        mortal.dies_at = None
        for minute in ("15:15", "15:30", "15:45"):
            hall.keep_time(at(minute))
        [card] = hall.closed()
        assert card.usage.cost == 64
        assert hall.cards() == []
        [entry] = hall.ledger.entries("2026-03")
        assert entry.usage == card.usage
