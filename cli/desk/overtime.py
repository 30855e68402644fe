"""``punchclock overtime`` and ``punchclock hold``: on, or off, until an instant."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from cli.aws.reaching import Endpoint, Table
from cli.desk.speaking import (
    IN_TIME,
    Speaker,
    Why,
    back_sentence,
    money_sentence,
    overlapping,
    speaking,
)
from cli.desk.until import Until, resolved
from cli.output import local
from cli.reading import AsJson, ModelName, PlantFile
from punchclock.effects import Effect
from punchclock.localtime import MINUTE
from punchclock.overrides import Kind, Override
from punchclock.plans import shown_end
from punchclock.spellings import listed, spelled
from punchclock.timetables import Run


class Way(StrEnum):
    """Which way a model is held."""

    ON = "on"
    OFF = "off"


Held = Annotated[Way, typer.Argument(help="On, as overtime does; or off, from now on.")]


def overtime(
    plant: PlantFile,
    model: ModelName,
    until: Until,
    why: Why,
    *,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """Keep MODEL of PLANT on until TIME, or start it now. It ends by itself.

    A run that is on goes on, on its own units and without a restart. Where none is on, the model is
    started at once and is ready a lead later. Needs the policy that the stack's output DeskPolicy
    names: the ledger is read (dynamodb:Query), and written where overrides are (dynamodb:PutItem).
    """
    with speaking(plant, model, endpoint, table, as_json=as_json) as speaker:
        _keep_on(speaker, Kind.OVERTIME, resolved(until, speaker.now, speaker.plant.zone), why)


def hold(
    plant: PlantFile,
    model: ModelName,
    way: Held,
    until: Until,
    why: Why,
    *,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """Hold MODEL of PLANT on or off until TIME, whatever its shifts say. It ends by itself.

    Off stops it now, also where a person has started it; nothing is started before TIME. Says how
    much production time that leaves without the model.
    """
    with speaking(plant, model, endpoint, table, as_json=as_json) as speaker:
        instant = resolved(until, speaker.now, speaker.plant.zone)
        if way is Way.ON:
            _keep_on(speaker, Kind.HOLD_ON, instant, why)
        else:
            _keep_off(speaker, instant, why)


def _keep_on(speaker: Speaker, kind: Kind, until: dt.datetime, why: str) -> None:
    name = speaker.model.name
    said = speaker.override(kind, until, why)
    found = speaker.effect(said)
    if found.after is None:
        speaker.refuse(
            f"{name} is off, and a start takes its lead of {spelled(speaker.model.lead)}: it would"
            f" not be ready before {speaker.told(until)}; nothing is written"
        )
    if found.before is not None and found.before.stop >= until:
        stop = local(shown_end(found.before.start, found.before.stop), speaker.plant.zone)
        speaker.refuse(f"{name} is on until {stop} anyway; nothing is written")
    sentences = [
        _begins(speaker, found.after) if found.before is None else _goes_on(speaker, found),
        *_for_the_next(speaker, found.after, until),
        *_too_few(found.before, found.after),
        *overlapping(speaker, until),
        f"{money_sentence(found)}; {IN_TIME}",
        back_sentence(said),
    ]
    speaker.write(said)
    speaker.answer(said, found, sentences)


def _goes_on(speaker: Speaker, found: Effect) -> str:
    before, after = found.before, found.after
    if before is None or after is None:
        raise LookupError("no run goes on")
    return (
        f"{speaker.model.name} stays on without a restart and stops at {speaker.told(after.stop)},"
        f" not at {local(before.stop, speaker.plant.zone)}"
    )


def _begins(speaker: Speaker, run: Run) -> str:
    return (
        f"{speaker.model.name} is started now on {run.units} units, is ready by"
        f" {speaker.told(run.ready)} and stops at {speaker.told(run.stop)}"
    )


def _for_the_next(speaker: Speaker, run: Run, until: dt.datetime) -> Iterator[str]:
    later = [window for window in run.windows if window.end > until]
    if later:
        yield (
            f"it is not stopped at {speaker.told(until)}, because {listed(later[0].shifts)} would"
            " need it again too soon"
        )


def _too_few(before: Run | None, after: Run) -> Iterator[str]:
    if before is not None and before.units < after.units:
        yield (
            f"it runs on {before.units} units, and what comes next plans {after.units}: a running"
            " model cannot be resized, so that is an incident until somebody restarts it"
        )


def _keep_off(speaker: Speaker, until: dt.datetime, why: str) -> None:
    said = speaker.override(Kind.HOLD_OFF, until, why)
    found = speaker.effect(said)
    sentences = [
        _stops(speaker, found, until),
        _uncovered(found),
        *_comes_back(speaker, said, found),
        *overlapping(speaker, until),
        f"{money_sentence(found)}; {IN_TIME}",
        back_sentence(said),
    ]
    speaker.write(said)
    speaker.answer(said, found, sentences)


def _stops(speaker: Speaker, found: Effect, until: dt.datetime) -> str:
    name, held = speaker.model.name, f"held off until {speaker.told(until)}"
    if found.before is None:
        return f"{name} is off by the plan and is {held}; what a person has started is stopped"
    return f"{name} is stopped now and is {held}"


def _uncovered(found: Effect) -> str:
    minutes = found.uncovered // MINUTE * MINUTE
    if not minutes:
        return "no production time is left without it"
    return (
        f"{spelled(minutes)} of production time is left without it,"
        " the start when it comes back included"
    )


def _comes_back(speaker: Speaker, said: Override, found: Effect) -> Iterator[str]:
    coming = found.coming
    if coming is None:
        yield "it does not start again within a year"
        return
    again = "it is started again at" if coming.start == said.until else "it starts next at"
    yield f"{again} {speaker.told(coming.start)} and is ready by {speaker.told(coming.ready)}"
