"""Do the timecards say what the services' own metric says? Of the last whole local day."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from cli.checks.findings import Finding, Patient, note, ok, wrong
from functions.meter import CloudWatchMeter
from punchclock import localtime
from punchclock.costs import Usage, two_decimals
from punchclock.localtime import DAY, MIDNIGHT
from punchclock.plants import Model
from punchclock.ports import Reading
from punchclock.spellings import both
from punchclock.timecards import SETTLE
from punchclock.totals import entries, on

TOLERANCE = Decimal("0.01")
"""How far the cards may be from the metric, as a part of the larger."""


def metering(patient: Patient) -> Iterator[Finding]:
    """Compare the unit-hours of each model on the last whole day by its cards and by its metric."""
    plant, zone = patient.plant, patient.plant.zone
    day = localtime.day_of(patient.now, zone) - DAY
    begin = localtime.starting(day, MIDNIGHT, zone)
    end = localtime.starting(day + DAY, MIDNIGHT, zone)
    since = patient.book.since
    if since is None:
        yield note("no sweep was completed yet, so there is no card", "ask again in two days")
        return
    if since > begin:
        yield note(
            f"the first sweep was at {both(since, zone)}: no whole day is over",
            f"ask again from {localtime.day_of(since, zone) + 2 * DAY}",
        )
        return
    filed = patient.desk.ledger().entries(f"{day:%Y-%m}")
    going_on = [entry for card in patient.book.cards.values() for entry in entries(card)]
    carded = on([*filed, *going_on], day)
    readings = {
        model.name: Reading(target=model.target, begin=begin, end=end) for model in plant.models
    }
    points = CloudWatchMeter(patient.desk.client("cloudwatch")).read(list(readings.values()))
    for model in plant.models:
        metered = Usage.of(sum(points[model.target.id].values(), Decimal(0)), model.rate)
        used = carded.get(model.name, Usage())
        yield _compared(model, day, used, metered, unsettled=_unsettled(patient, model, end))


def _unsettled(patient: Patient, model: Model, end: dt.datetime) -> bool:
    """Whether a card of the model may still learn something of the day."""
    return any(
        card.target.id == model.target.id and (card.read is None or card.read < end + SETTLE)
        for card in patient.book.cards.values()
        if card.opened < end
    )


def _compared(
    model: Model, day: dt.date, used: Usage, metered: Usage, *, unsettled: bool
) -> Finding:
    both_said = (
        f"{model.name} on {day}: {two_decimals(used.unit_hours)} unit-hours on its cards,"
        f" {two_decimals(metered.unit_hours)} by its metric"
    )
    apart = abs(used.unit_minutes - metered.unit_minutes)
    if apart <= TOLERANCE * max(used.unit_minutes, metered.unit_minutes):
        return ok(both_said)
    if unsettled:
        return note(f"{both_said}; a card is not settled yet", "ask again in half an hour")
    return wrong(both_said, _remedy(used, metered))


def _remedy(used: Usage, metered: Usage) -> str:
    if used.unit_minutes < metered.unit_minutes:
        return "something runs that no card has: look at it in the service's console"
    return "look whether the metric has gaps: a minute without a datapoint counts as observed"
