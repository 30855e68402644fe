"""What was true of one hosted model, moment by moment? The service's and the plan's side of it.

A moment is a stretch of time in which nothing changes: not the plan, not the model's phase, not
the faults that are afoot, not whose run it is.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from punchclock.localtime import DAY, MINUTE
from punchclock.overrides import Kind
from punchclock.plants import Model
from punchclock.timetables import Run
from rehearsal.emulator.hosting import Phase
from rehearsal.faults.history import NEVER, Edition, History
from rehearsal.faults.kinds import KINDS, Duty

LONGEST_START = 45 * MINUTE
"""A start that takes longer must be told of; see the law of action. Not taken from the code that is
looked at, nor is the next one."""

LONGEST_STOP = 10 * MINUTE

HOSTED = frozenset({Phase.STARTING, Phase.RUNNING, Phase.UPDATING})
IDLE = frozenset({Phase.NEW, Phase.STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of time in which nothing changes."""

    begin: dt.datetime
    end: dt.datetime
    edition: Edition
    model: Model | None
    """The model of the file that is deployed, or None."""
    run: Run | None
    """The run that is on by that file."""
    phase: Phase
    since: dt.datetime
    """When that phase began."""
    units: int
    afoot: frozenset[str]
    """Kinds of the faults that this model can feel."""
    persons: bool
    """Whether it is hosted by a person's start and in no run since."""
    seen: dt.datetime | None
    """When a sweep first saw it hosted, or None."""
    found: bool
    """Whether that sweep was one of the first minute after its model was deployed: it is then left
    alone."""
    over: dt.datetime | None
    """When the last run of the file that is deployed ended, or its model was taken out of the file;
    None where none has."""
    served: bool = False
    """Whether it has been in service in the run that is on."""
    held_off: bool = False
    """Whether somebody has said that it is to be off, whoever has started it."""

    @property
    def excused(self) -> frozenset[Duty]:
        """What cannot be asked for while these faults last."""
        return frozenset[Duty]().union(*(KINDS[kind].excuses for kind in self.afoot))

    @property
    def acting(self) -> bool:
        """Whether the plant is not only watched."""
        return self.edition.plant.mode == "act"

    @property
    def hosted(self) -> bool:
        """Whether it is in service, or about to be."""
        return self.phase in HOSTED


def moments(history: History, target: str) -> list[Moment]:
    """Return the moments of one hosted model, ascending and without gaps."""
    return list(_Teller(history, target).tell())


def moment_at(story: Sequence[Moment], at: dt.datetime) -> Moment:
    """Return the moment of an instant; the first one where that is before all of them."""
    place = bisect_right(story, at, key=lambda moment: moment.begin)
    return story[max(place - 1, 0)]


def moments_between(
    story: Sequence[Moment], begin: dt.datetime, end: dt.datetime
) -> Sequence[Moment]:
    """Return the moments that share an instant with an interval; the first, where none does yet."""
    first = bisect_right(story, begin, key=lambda moment: moment.begin) - 1
    last = bisect_right(story, end, key=lambda moment: moment.begin)
    return story[max(first, 0) : max(last, 1)]


def overdue(
    told: Sequence[Moment],
    obliged: Callable[[Moment], bool],
    bound: Callable[[dt.datetime, Moment], dt.timedelta],
    resets: Collection[dt.datetime] = (),
) -> Iterator[tuple[dt.datetime, Moment]]:
    """Yield when something was owed for longer than its bound: once for each time it was owed.

    ``resets`` are the instants, ascending, at which it was done; the bound then begins anew.
    """
    since: dt.datetime | None = None
    done = sorted(resets)
    for moment in told:
        if not obliged(moment):
            since = None
            continue
        since = since or moment.begin
        inside = done[bisect_right(done, moment.begin) : bisect_right(done, moment.end)]
        before = done[: bisect_right(done, moment.begin)]
        since = max(since, before[-1]) if before else since
        for until in [*inside, moment.end]:
            due = since + bound(since, moment)
            if until > due:
                yield due, moment
                # The same omission is not told of again.
                since = NEVER - DAY
                break
            since = until if until is not moment.end else since


class _Teller:
    """Walks through the history of one model."""

    def __init__(self, history: History, target: str) -> None:
        self.history = history
        self.target = target
        service = target.partition(":")[0]
        self.faults = [each for each in history.script if each.victim in {None, target, service}]
        self.stages = history.hosted[target].stages
        self.enrolled = list(_enrolled(history))
        self.observed, self.rests = history.observed.get(target, []), history.rests(target)

    def tell(self) -> Iterator[Moment]:
        """Yield the moments."""
        marks = self._marks()
        begun: dt.datetime | None = None
        persons = failed = carded = False
        for begin, end in pairwise(marks):
            edition = self.history.edition(begin)
            model, run = self._plan(edition, begin)
            stage = self.stages[max(bisect_right(self._begins, begin) - 1, 0)]
            hosted = stage.phase in HOSTED
            if not hosted:
                # Whoever starts again what has failed of ours starts what has an open card.
                failed = stage.phase is Phase.FAILED and (
                    failed or (begun is not None and not persons)
                )
                begun, persons, carded = None, False, False
            elif begun is None:
                begun = begin
                persons = not failed and any(
                    abs(begin - at) < _INSTANT for at in self.history.persons.get(self.target, ())
                )
            seen = self._seen(begun, end) if begun is not None else None
            if persons and self._seen(begin, end) is not None:
                # What is still starting becomes a run's own only where it has a card from before.
                carded = carded or run is None
                persons = run is None or not (carded or stage.phase is Phase.RUNNING)
            yield Moment(
                begin=begin,
                end=end,
                edition=edition,
                model=model,
                run=run,
                phase=stage.phase,
                since=stage.begin,
                units=stage.units,
                afoot=frozenset(f.kind for f in self.faults if f.begin <= begin < f.end),
                persons=persons,
                seen=seen,
                found=seen is not None and self._found(seen),
                over=self._over(begin),
                served=run is not None and self._served(run, begin),
                held_off=run is None and self._is_held_off(model, begin),
            )

    def _plan(self, edition: Edition, at: dt.datetime) -> tuple[Model | None, Run | None]:
        runs = self.history.runs(self.target, at)
        place = bisect_right(runs, at, key=lambda run: run.start)
        run = runs[place - 1] if place and at < runs[place - 1].stop else None
        return edition.model(self.target), run

    def _served(self, run: Run, at: dt.datetime) -> bool:
        first = max(bisect_right(self._begins, run.start) - 1, 0)
        last = bisect_right(self._begins, at)
        return any(stage.phase is Phase.RUNNING for stage in self.stages[first:last])

    def _is_held_off(self, model: Model | None, at: dt.datetime) -> bool:
        if model is None or not model.enabled:
            return False
        word = self.history.orders(at).last_word(model.name, at)
        return word is not None and word.kind is Kind.HOLD_OFF

    def _over(self, at: dt.datetime) -> dt.datetime | None:
        runs = self.history.runs(self.target, at)
        place = bisect_right(runs, at, key=lambda run: run.stop)
        # What an edit has ended, it has ended when it was deployed.
        deployed = max(since for since, _ in self.history.editions if since <= at)
        if self.history.edition(at).model(self.target) is None:
            return deployed
        return max(runs[place - 1].stop, deployed) if place else None

    def _seen(self, begin: dt.datetime, end: dt.datetime) -> dt.datetime | None:
        """Return when a sweep, made or left out as needless, first saw it in [begin, end)."""
        place = bisect_right(self.observed, begin)
        if place < len(self.observed) and self.observed[place] < end:
            return self.observed[place]
        rested = any(since < end and begin < until for since, until in self.rests)
        return begin if rested else None

    def _found(self, seen: dt.datetime) -> bool:
        enrolled = max(each for each in self.enrolled if each <= seen)
        place = bisect_left(self.observed, enrolled)
        return place == len(self.observed) or self.observed[place] + MINUTE > seen

    def _marks(self) -> list[dt.datetime]:
        self._begins = [stage.begin for stage in self.stages]
        marks = {self.history.began, self.history.ended, *self._begins}
        for since, _ in self.history.editions:
            marks |= {since, since + LONGEST_STOP}
        marks |= {begin + LONGEST_START for begin in self._begins}
        for fault in self.faults:
            marks |= {fault.begin, fault.end}
        for word in self.history.said:
            marks |= {word.made, word.until}
        for since in [since for since, _ in self.history.editions] + [
            word.made for word in self.history.said
        ]:
            for run in self.history.runs(self.target, since):
                lead = run.ready - run.start
                marks |= {run.start, run.ready, run.stop - lead, run.stop, run.stop + LONGEST_STOP}
        for at in self.history.persons.get(self.target, ()):
            seen = self._seen(at, self.history.ended)
            model = self.history.edition(at).model(self.target)
            if seen is not None and model is not None and model.manual_runs is not None:
                marks.add(seen + model.manual_runs)
        return sorted(at for at in marks if self.history.began <= at <= self.history.ended)


def _enrolled(history: History) -> Iterator[dt.datetime]:
    """Yield when models were deployed, or taken away: the sweep then begins with all anew."""
    yield history.began
    for (_, before), (since, edition) in pairwise(history.editions):
        if {m.target.id for m in before.plant.models} != {
            m.target.id for m in edition.plant.models
        }:
            yield since


_INSTANT = dt.timedelta(seconds=1)
