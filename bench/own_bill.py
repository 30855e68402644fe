"""What does Punchclock itself cost a month at list price?

A plant works through a week in virtual time, with its own template, functions and schedules; what
it asks of AWS is counted, scaled to a month and priced. The bounds: USD 3 for 20 models, USD 12 for
1,000. Run it as ``python -m bench.own_bill [--models 20 1000] [--hours N]``.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from bench.factory import plant
from bench.prices import HOURS_A_MONTH, PRICES
from bench.tally import Line, Tally, bill, total
from bench.working import standing, works
from infra.synth import synthesize

BEGIN = dt.datetime(2026, 2, 28, 23, tzinfo=dt.UTC)
"""Midnight in Berlin, the beginning of a Sunday and of a month."""

WARM_UP = dt.timedelta(days=1)
"""Sunday, so that the counted week begins amid its night shift."""

WEEK = 168
HOUR = dt.timedelta(hours=1)

BOUNDS = {20: Decimal(3), 1000: Decimal(12)}
"""USD a month, by models."""


def main() -> None:
    """Let plants work, and print what each would cost a month."""
    asked = argparse.ArgumentParser(description="what Punchclock itself costs a month")
    asked.add_argument("--models", type=int, nargs="+", default=list(BOUNDS))
    asked.add_argument("--hours", type=int, default=WEEK)
    options = asked.parse_args()
    for models in options.models:
        _print(models, options.hours)


def _print(models: int, hours: int) -> None:
    began = time.perf_counter()
    tally, lines = month_of(models, hours, _progress)
    seconds = time.perf_counter() - began
    print(f"\n{models} models, three shifts each, some of them on Saturdays")
    print(f"rehearsed: {_sample(hours)}, after a Sunday to warm up; {seconds:.0f} s")
    calls = ", ".join(f"{name} {count:,}" for name, count in sorted(tally.calls.items()))
    print(f"in these hours: {_times(tally)}; {calls}\n")
    whole = total(lines)
    for line in lines:
        amount = f"{line.amount:>16,.2f} {PRICES[line.item].unit}"
        print(f"{line.item:<34}{amount:<40}{line.usd:>8.2f}{line.usd / whole:>7.1%}")
    bound = f" (bound {BOUNDS[models]:.2f})" if models in BOUNDS else ""
    print(f"{'USD a month, list price':<74}{whole:>8.2f}{bound}")


def month_of(
    models: int, hours: int, progress: Callable[[dt.datetime], None] = lambda _: None
) -> tuple[Tally, Sequence[Line]]:
    """Return what a plant used in some hours from a Monday on, and its bill for a month."""
    # With all that a plant may have: the alarm of a budget, a topic for it.
    factory = replace(plant(models), budget=Decimal(10**6), notify=("line-leads@example.com",))
    synthesis = synthesize(factory)
    counted = BEGIN + WARM_UP
    at_work = works(factory, synthesis, BEGIN, month=_rest_of_month(hours))
    at_work.live(BEGIN, counted, progress)
    at_work.tally.clear()
    at_work.live(counted, counted + hours * HOUR, progress)
    return at_work.tally, bill(at_work.tally, standing(synthesis), Decimal(hours))


def _rest_of_month(hours: int) -> float:
    """How much more there is to read of a month in its middle than in the middle of the sample."""
    middle = WARM_UP / HOUR + hours / 2
    return max(1.0, float(HOURS_A_MONTH) / 2 / middle)


def _sample(hours: int) -> str:
    if hours == WEEK:
        return "a whole week from Monday on, weekdays and weekend as they are"
    return f"only {hours} hours from Monday on, taken for all hours of a month"


def _times(tally: Tally) -> str:
    return ", ".join(
        f"{name} {count:,} times, {tally.seconds[name] / count:.1f} s each,"
        f" {tally.longest[name]:.0f} s at most"
        for name, count in sorted(tally.invocations.items())
    )


def _progress(at: dt.datetime) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{at:%a %H:%M}")


if __name__ == "__main__":
    main()
