"""``punchclock overrides`` and ``punchclock cancel``: what was said lately, and taking it back."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from cli import completion
from cli.aws.reaching import Desk, Endpoint, Table, desk_of
from cli.columns import aligned
from cli.desk.speaking import (
    IN_TIME,
    Speaker,
    a_reason,
    cancelled,
    effect_json,
    money_sentence,
    speaking,
)
from cli.documents import override_json
from cli.output import local, print_json
from cli.reading import AsJson, PlantFile, answering
from plantfile.reader import read
from punchclock.costs import two_decimals
from punchclock.effects import Effect, effect
from punchclock.overrides import MEMORY, Cancellation, Kind, Orders, Override, order
from punchclock.plants import CURRENCY, Plant

WhyBack = Annotated[
    str | None,
    typer.Option("--why", parser=a_reason, metavar="TEXT", help="The reason; others will read it."),
]
Which = Annotated[
    str,
    typer.Argument(
        metavar="WHICH",
        help="Its id, as overrides lists it, or its model.",
        autocompletion=completion.models,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One override with what it changes by the plan, all others as they are."""

    said: Override
    effect: Effect | None
    """None where the file has forgotten its model."""


def overrides(
    plant: PlantFile,
    *,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """List what people said of the models of PLANT lately, with what it costs by the plan.

    All that was not over a week ago, in the order in which it counts: of what overlaps, the later
    word does. What each costs or saves is the difference that it makes while the others count.
    """
    with answering(as_json=as_json):
        read_plant = read(plant)
        with desk_of(read_plant, endpoint, table) as desk:
            now = desk.caller.at
            orders = desk.ledger().orders(now)
            rows = list(_rows(read_plant, orders))
    if as_json:
        print_json(
            {
                "plant": read_plant.name,
                "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "overrides": [_json(row, now) for row in rows],
                "unreadable": list(orders.unreadable),
            }
        )
        return
    typer.echo("\n".join(_lines(read_plant, rows, now)))
    for key in orders.unreadable:
        typer.echo(f"punchclock: {key} is not as punchclock writes it: no effect", err=True)


def cancel(
    plant: PlantFile,
    which: Which,
    why: WhyBack = None,
    *,
    as_json: AsJson = False,
    endpoint: Endpoint = None,
    table: Table = None,
) -> None:
    """End an override of PLANT early: WHICH is its id, or a model that has only one.

    What was said stays in the ledger; that it was taken back is a record of its own. A model that
    a hold kept off is started again, and one that only overtime kept on is stopped.
    """
    with answering(as_json=as_json):
        read_plant = read(plant)
        with desk_of(read_plant, endpoint, table) as desk:
            said = _meant(desk, which)
        with speaking(plant, said.model, endpoint, table, as_json=as_json) as speaker:
            _take_back(speaker, said, why or "")


def _meant(desk: Desk, which: str) -> Override:
    orders = desk.ledger().orders(desk.caller.at)
    every = [each for said in orders.overrides.values() for each in said]
    found = [each for each in every if which in {each.id, each.model}]
    lasting = [each for each in found if desk.caller.at < each.ends]
    if len(lasting) == 1:
        return lasting[0]
    if not found:
        hint = "; punchclock overrides PLANT lists what was said"
        raise typer.BadParameter(f"{which!r} is neither the id nor the model of an override{hint}")
    if not lasting:
        raise typer.BadParameter(f"{which!r}: what was said is over, or was taken back")
    ids = ", ".join(f"{each.id} ({each.kind.value})" for each in lasting)
    raise typer.BadParameter(f"{which!r} has several overrides; name one of {ids}")


def _take_back(speaker: Speaker, said: Override, why: str) -> None:
    back = Cancellation(
        override=said.id,
        until=said.until,
        made=speaker.now,
        who=speaker.desk.caller.who,
        why=why,
    )
    after = cancelled(speaker.before, back)
    found = effect(speaker.plant, speaker.model, speaker.before, after, speaker.now)
    what = f"{said.kind.value} of {said.model} by {said.who_shortly}"
    sentences = [
        f"{what} until {speaker.told(said.until)} is taken back",
        _becomes(speaker, found),
        f"{money_sentence(found)}; {IN_TIME}",
    ]
    if not speaker.write(back):
        speaker.refuse(f"{said.id} was taken back by somebody else just now")
    speaker.answer(next(each for each in after if each.id == said.id), found, sentences)


def _becomes(speaker: Speaker, found: Effect) -> str:
    name, after = speaker.model.name, found.after
    if after is None:
        return f"{name} is stopped now" if found.before is not None else f"{name} stays off"
    if found.before is not None:
        return f"{name} stays on until {speaker.told(after.stop)}"
    return f"{name} is started now and is ready by {speaker.told(after.ready)}"


def _rows(plant: Plant, orders: Orders) -> Iterator[_Row]:
    every = sorted((each for said in orders.overrides.values() for each in said), key=order)
    for each in every:
        model = plant.model(each.model)
        if model is None:
            yield _Row(said=each, effect=None)
            continue
        said = orders.overrides[each.model]
        others = [one for one in said if one.id != each.id]
        yield _Row(said=each, effect=effect(plant, model, others, said, each.made))


def _state(said: Override, now: dt.datetime) -> str:
    if said.cancelled is not None and said.cancelled.made < said.until:
        return f"taken back by {said.cancelled.who.rpartition('/')[2]}"
    if now >= said.until:
        return "over"
    return "to come" if said.kind is Kind.SKIP else "in force"


def _json(row: _Row, now: dt.datetime) -> dict[str, object]:
    return {
        **override_json(row.said),
        "in_force": now < row.said.ends,
        "effect": None if row.effect is None else effect_json(row.effect),
    }


def _lines(plant: Plant, rows: Sequence[_Row], now: dt.datetime) -> Iterator[str]:
    if not rows:
        yield f"{plant.name}: nobody said anything in the last {MEMORY.days} days"
        return
    columns = ("id", "model", "what", "said", "until", "by", "unit-hours", CURRENCY, "", "why")
    cells = [
        (
            row.said.id,
            row.said.model,
            _what(row.said),
            local(row.said.made, plant.zone),
            local(row.said.ends, plant.zone),
            row.said.who_shortly,
            *_figures(row.effect),
            _state(row.said, now),
            row.said.why,
        )
        for row in rows
    ]
    title = f"{plant.name}: what was said lately, on the clocks of {plant.timezone}"
    yield from aligned(title, columns, cells, ("unit-hours", CURRENCY))


def _what(said: Override) -> str:
    if said.day is None:
        return said.kind.value
    return f"{said.kind.value} {said.day}" + (f" {said.shift}" if said.shift else "")


def _figures(found: Effect | None) -> tuple[str, str]:
    if found is None:
        return "-", "-"
    usage = found.usage
    return _signed(two_decimals(usage.unit_hours)), _signed(two_decimals(usage.cost))


def _signed(text: str) -> str:
    return text if text.startswith(("-", "0.00")) else f"+{text}"
