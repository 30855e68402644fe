"""How far are our unit-hours from the bill, over a month in which things go wrong?

A small plant lives through a month on the wire, with a clock change in it, models that autoscale,
people who start one on weekends, and starts that fail. The bound: at most 0.1 %. Run it as
``python -m bench.month [--from 2026-03-01] [--days 31]``; a month takes its time.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from infra.synth import synthesize
from plantfile.reader import parse
from punchclock.costs import Usage, two_decimals
from punchclock.localtime import DAY
from punchclock.plants import Plant
from rehearsal.bills import account_of
from rehearsal.emulator.hosting import HostedModel, Phase, Stage
from rehearsal.rehearsing import Happening, Rehearsed, rehearse

BOUND_PERCENT = 0.1

PLANT = """
plant: month
timezone: Europe/Berlin
region: eu-central-1
shifts:
  day: {days: Mon-Fri, start: 06:00, end: 14:00}
  night: {days: daily, start: 22:00, end: 06:00}
models:
  boards: {service: lookoutvision, project: circuit-boards, version: "1", shifts: [day]}
  paint:
    service: rekognition
    project_version_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/p/17680
    project_arn: arn:aws:rekognition:eu-central-1:123456789012:project/paint/17680
    shifts: [night]
    units: {min: 2, max: 4}
"""

SCALED = ((23, 10, 20, 3), (23, 40, 45, 4), (0, 50, 5, 2), (3, 15, 30, 3), (4, 5, 0, 2))
"""Every night: hour, minute and second at the plant, and the units in service from then on."""

BY_HAND = dt.time(10, 13, 20)
"""When somebody starts the boards' model on a Saturday or Sunday."""

FAILS = dt.time(5, 44, 10)
"""When the boards' model fails in its start on a Wednesday; it was asked at 05:40."""

WEDNESDAY, SATURDAY = 2, 5


def main() -> None:
    """Live through the month and print both bills."""
    asked = argparse.ArgumentParser(description="our timecards against the emulator's bill")
    asked.add_argument("--from", dest="first", type=dt.date.fromisoformat, default="2026-03-01")
    asked.add_argument("--days", type=int, default=31)
    options = asked.parse_args()
    plant = parse(PLANT.encode(), "month.yaml")
    end = options.first + options.days * DAY
    happenings = list(befalling(plant, options.first, end))
    began = time.perf_counter()
    rehearsed = rehearse(
        plant,
        synthesize(plant),
        options.first,
        end,
        happenings=happenings,
        progress=_progress(),
    )
    seconds = time.perf_counter() - began
    print(f"{options.first} to {end}, exclusive, on the clocks of {plant.timezone}")
    print(f"befell the models: {len(happenings)} changes of units, starts by hand, failed starts")
    _print(rehearsed)
    print(f"took {seconds:.0f} s")


def befalling(plant: Plant, first: dt.date, end: dt.date) -> Iterator[Happening]:
    """Yield what happens in these days that no schedule knows of."""
    day = first
    while day < end:
        for hour, minute, second, units in SCALED:
            # A run that began before the first day is the only one that is on in its early hours.
            at = _instant(plant, day, dt.time(hour, minute, second))
            yield Happening(at=at, model="paint", happen=partial(_scale, at=at, units=units))
        if day.weekday() >= SATURDAY:
            at = _instant(plant, day, BY_HAND)
            yield Happening(at=at, model="boards", happen=lambda model: model.start(2))
        if day.weekday() == WEDNESDAY:
            at = _instant(plant, day, FAILS)
            yield Happening(at=at, model="boards", happen=partial(_fail, at=at))
        day += DAY


def _scale(model: HostedModel, at: dt.datetime, units: int) -> None:
    if model.phase is Phase.RUNNING:
        model.enter(Stage(phase=Phase.RUNNING, begin=at, units=units))


def _fail(model: HostedModel, at: dt.datetime) -> None:
    if model.phase is Phase.STARTING:
        model.enter(Stage(phase=Phase.FAILED, begin=at))


def _instant(plant: Plant, day: dt.date, time_of_day: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time_of_day, plant.zone).astimezone(dt.UTC)


def _print(rehearsed: Rehearsed) -> None:
    print(f"\n{'model':<10}{'cards':>6}{'our hours':>12}{'billed':>12}{'USD':>12}{'apart':>10}")
    ours, theirs, cards = Usage(), Usage(), 0
    for model in rehearsed.plant.models:
        account = account_of(rehearsed, model)
        _row(model.name, len(account.cards), account.usage, account.billed)
        ours, theirs = ours + account.usage, theirs + account.billed
        cards += len(account.cards)
    _row("all", cards, ours, theirs)
    print(f"\nbound: {BOUND_PERCENT} %")


def _row(name: str, cards: int, ours: Usage, theirs: Usage) -> None:
    hours = f"{two_decimals(ours.unit_hours):>12}{two_decimals(theirs.unit_hours):>12}"
    cost = two_decimals(theirs.cost)
    print(f"{name:<10}{cards:>6}{hours}{cost:>12}{percent_apart(ours, theirs):>9.4f} %")


def percent_apart(ours: Usage, theirs: Usage) -> float:
    """Return the difference in percent of the bill; 0 where both are nothing."""
    if not theirs.unit_hours:
        return 100.0 if ours.unit_hours else 0.0
    return float((ours.unit_hours - theirs.unit_hours) / theirs.unit_hours * 100)


def _progress() -> Callable[[dt.datetime], None]:
    told: set[dt.date] = set()

    def tell(at: dt.datetime) -> None:
        if at.date() not in told:
            told.add(at.date())
            sys.stderr.write(f"{at:%Y-%m-%d}\n")

    return tell


if __name__ == "__main__":
    main()
