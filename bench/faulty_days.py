"""How many days of a plant under faults does one core live through in a second?

The bound: at least 5 for a plant of two models. Beside it, in the same run, the same seeds with
every sweep made, those too in which nothing can happen; both must come to the same.

Run it as ``python -m bench.faulty_days``.
"""

import datetime as dt
import time

from plantfile.reader import parse
from rehearsal.faults.history import History
from rehearsal.faults.invariants import violations
from rehearsal.faults.kinds import KINDS
from rehearsal.faults.running import Stage, live, stage_of

PLANT = b"""
plant: bench
timezone: Europe/Berlin
region: eu-central-1
shifts:
  early: {days: Mon-Fri, start: 06:00, end: 14:00}
  late: {days: Mon-Fri, start: 14:00, end: 22:00}
models:
  boards: {service: lookoutvision, project: boards, version: "1", shifts: [early, late]}
  joints: {service: lookoutvision, project: joints, version: "1", shifts: [early]}
"""

FIRST, END = dt.date(2026, 3, 23), dt.date(2026, 4, 6)
SEEDS = range(1, 6)
BOUND = 5.0


def main() -> None:
    """Live through some seeds, with and without needless sweeps, and print days per second."""
    stage = stage_of(parse(PLANT, "bench.yaml"), FIRST, END, tuple(KINDS))
    resting, rested = measured(stage, rests=True)
    sweeping, swept = measured(stage, rests=False)
    same = all(alike(one, other) for one, other in zip(rested, swept, strict=True))
    print(f"{len(SEEDS)} seeds of {len(stage.days)} days, two models, every kind of fault")
    print(f"days per second and core: {resting:.1f} (bound {BOUND:.0f})")
    print(f"with every sweep made: {sweeping:.1f}")
    print(f"what was asked and what was billed is {'the same' if same else 'NOT the same'}")
    print(f"violations: {sum(len(violations(each)) for each in rested)}")


def measured(stage: Stage, *, rests: bool) -> tuple[float, list[History]]:
    """Return days per second of processor time, and what happened."""
    before = time.process_time()
    histories = [live(stage, seed, tuple(KINDS), rests=rests) for seed in SEEDS]
    for history in histories:
        violations(history)
    days = len(SEEDS) * len(stage.days)
    return days / (time.process_time() - before), histories


def alike(one: History, other: History) -> bool:
    """Whether the same was asked of the services, and the same was billed on the cards."""
    asks = [[(ask.at, ask.target, ask.action) for ask in each.asks] for each in (one, other)]
    cards = [sorted((card.id, card.usage) for card in each.cards) for each in (one, other)]
    return asks[0] == asks[1] and cards[0] == cards[1]


if __name__ == "__main__":
    main()
