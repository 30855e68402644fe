"""``punchclock skip``: no start on a day, of one shift or of all."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

import typer

from cli import completion
from cli.aws.reaching import Endpoint, Table
from cli.desk.speaking import Speaker, Why, back_sentence, money_sentence, speaking
from cli.reading import AsJson, ModelName, PlantFile, a_date
from plantfile.suggestions import did_you_mean
from punchclock import localtime
from punchclock.effects import Skippable, skippable
from punchclock.overrides import LONGEST, Kind
from punchclock.shiftdays import shift_day
from punchclock.spellings import listed

Day = Annotated[
    dt.date,
    typer.Argument(parser=a_date, metavar="DATE", help="The day on which shifts start."),
]
ShiftName = Annotated[
    str | None,
    typer.Argument(
        metavar="SHIFT",
        help="One of the model's shifts.  [all of them]",
        autocompletion=completion.shifts,
    ),
]


def skip(
    plant: PlantFile,
    model: ModelName,
    day: Day,
    why: Why,
    shift: ShiftName = None,
    *,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """Do not start MODEL of PLANT for its shifts, or for SHIFT, of a day.

    A run that has been asked for is left alone: ``hold off`` is the way to stop it. At most 7 days
    ahead; longer closures belong in the plant file.
    """
    with speaking(plant, model, endpoint, table, as_json=as_json) as speaker:
        _require_shift(speaker, shift)
        _require_day(speaker, day)
        hours = _hours(speaker, day, shift)
        if not hours.skipped:
            speaker.refuse(*_why_nothing(speaker, day, shift, hours))
        if hours.until > speaker.now + LONGEST:
            raise typer.BadParameter(
                f"{day} ends more than {LONGEST.days} days ahead; a closure belongs in the plant"
                " file, under closed of its calendar"
            )
        said = speaker.override(Kind.SKIP, hours.until, why, day, shift)
        found = speaker.effect(said)
        names = listed([each.shift for each in hours.skipped])
        sentences = [
            f"{speaker.model.name} is not started for {names} on {day:%a} {day}",
            *_left(speaker, hours),
            money_sentence(found),
            back_sentence(said),
        ]
        speaker.write(said)
        speaker.answer(said, found, sentences)


def _require_shift(speaker: Speaker, shift: str | None) -> None:
    known = [each.shift.name for each in speaker.model.assignments]
    if shift is not None and shift not in known:
        hint = did_you_mean(shift, known)
        raise typer.BadParameter(f"{shift!r} is not a shift of {speaker.model.name}{hint}")


def _require_day(speaker: Speaker, day: dt.date) -> None:
    today = localtime.day_of(speaker.now, speaker.plant.zone)
    if day < today:
        raise typer.BadParameter(f"{day} is over; it is {speaker.told(speaker.now)} now")
    if day > today + LONGEST:
        raise typer.BadParameter(
            f"{day} is more than {LONGEST.days} days ahead; a closure belongs in the plant file,"
            " under closed of its calendar"
        )


def _hours(speaker: Speaker, day: dt.date, shift: str | None) -> Skippable:
    return skippable(
        speaker.plant, speaker.model, speaker.before, day=day, shift=shift, now=speaker.now
    )


def _left(speaker: Speaker, hours: Skippable) -> Iterator[str]:
    for occurrence, run in hours.left:
        yield (
            f"{occurrence.shift} is left alone: its run was asked for at"
            f" {speaker.told(run.start)} and stops at {speaker.told(run.stop)}"
        )


def _why_nothing(
    speaker: Speaker, day: dt.date, shift: str | None, hours: Skippable
) -> Iterator[str]:
    name = speaker.model.name
    if hours.left:
        yield from _left(speaker, hours)
        yield (
            "nothing is written; to stop it now:"
            f" punchclock hold PLANT {name} off --until TIME --why TEXT"
        )
        return
    yield f"{name} has nothing left to skip on {day:%a} {day}; nothing is written"
    for each in speaker.model.assignments:
        if shift in {None, each.shift.name}:
            told = shift_day(
                each.shift, day, speaker.model.calendar, speaker.now, speaker.plant.zone
            )
            yield f"{told.shift}: {told.because}"
