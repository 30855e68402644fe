"""How is something said at a plant's desk? Checked, written once, answered with what it changes.

Nothing is written before everything is checked that can be: the plant file, the model, the reason,
the time, whose credentials these are, and what was said before.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.aws.reaching import Desk, desk_of
from cli.documents import override_json, run_json
from cli.output import print_json
from cli.reading import NO, answering, model_of
from plantfile.reader import read
from punchclock.costs import two_decimals
from punchclock.effects import Effect, effect
from punchclock.errors import InvalidOverride
from punchclock.overrides import Cancellation, Kind, Override, require_reason
from punchclock.plants import CURRENCY, Model, Plant
from punchclock.spellings import both

IN_TIME = "in effect within two minutes"
"""The bound of the law of action."""


def a_reason(text: str) -> str:
    """Read a reason as it is typed."""
    try:
        require_reason(text)
    except InvalidOverride as error:
        raise typer.BadParameter(str(error)) from error
    return text.strip()


Why = Annotated[
    str,
    typer.Option("--why", parser=a_reason, metavar="TEXT", help="The reason; others will read it."),
]


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Somebody at a plant's desk, who speaks of a model."""

    desk: Desk
    model: Model
    before: Sequence[Override]
    """What counts of the model until now, in the order in which it does."""
    as_json: bool

    @property
    def plant(self) -> Plant:
        """Whose desk it is."""
        return self.desk.plant

    @property
    def now(self) -> dt.datetime:
        """When it is said."""
        return self.desk.caller.at

    def told(self, instant: dt.datetime) -> str:
        """Write an instant in local time and UTC."""
        return both(instant, self.plant.zone)

    def override(
        self,
        kind: Kind,
        until: dt.datetime,
        why: str,
        day: dt.date | None = None,
        shift: str | None = None,
    ) -> Override:
        """Put what is said into words of the domain; nothing is written."""
        try:
            return Override(
                model=self.model.name,
                kind=kind,
                made=self.now,
                until=until,
                who=self.desk.caller.who,
                why=why,
                day=day,
                shift=shift,
            )
        except InvalidOverride as error:
            raise typer.BadParameter(str(error)) from error

    def effect(self, said: Override) -> Effect:
        """Return what it would change."""
        return effect(self.plant, self.model, self.before, [*self.before, said], self.now)

    def write(self, said: Override | Cancellation) -> bool:
        """Append it to the ledger; False where that is said already."""
        return self.desk.ledger().order(said)

    def answer(self, said: Override, found: Effect, sentences: Sequence[str]) -> None:
        """Tell what was said, and what it changes."""
        if self.as_json:
            print_json(self._document(said, found, sentences))
        else:
            typer.echo("\n".join(sentences))

    def refuse(self, *sentences: str) -> NoReturn:
        """Say no: nothing was written."""
        if self.as_json:
            print_json(self._document(None, None, sentences))
        else:
            typer.echo("\n".join(f"punchclock: {each}" for each in sentences), err=True)
        raise typer.Exit(NO)

    def _document(
        self, said: Override | None, found: Effect | None, sentences: Sequence[str]
    ) -> dict[str, object]:
        return {
            "plant": self.plant.name,
            "model": self.model.name,
            "written": said is not None,
            "override": None if said is None else override_json(said),
            "effect": None if found is None else effect_json(found),
            "sentences": list(sentences),
        }


@contextmanager
def speaking(
    plant: Path, model: str, endpoint: str | None, table: str | None, *, as_json: bool
) -> Iterator[Speaker]:
    """Go to a plant's desk, to speak of one of its models, for as long as the block lasts."""
    with answering(as_json=as_json):
        read_plant = read(plant)
        spoken_of = model_of(read_plant, model)
        with desk_of(read_plant, endpoint, table) as desk:
            orders = desk.ledger().orders(desk.caller.at)
            speaker = Speaker(
                desk=desk,
                model=spoken_of,
                before=orders.overrides.get(spoken_of.name, ()),
                as_json=as_json,
            )
            if read_plant.mode == "watch":
                speaker.refuse(
                    f"{read_plant.name} is only watched (mode: watch), so nothing starts or stops"
                    " its models; nothing is written"
                )
            if not spoken_of.enabled:
                speaker.refuse(
                    f"{spoken_of.name} is disabled in the plant file (enabled: false), so it is"
                    " always off; nothing is written"
                )
            yield speaker


def effect_json(found: Effect) -> dict[str, object]:
    """Return an effect as JSON has it."""
    return {
        **found.usage.as_json(),
        "uncovered_minutes": found.uncovered // dt.timedelta(minutes=1),
        "run": None if found.after is None else run_json(found.after),
        "next_run": None if found.coming is None else run_json(found.coming),
    }


def money_sentence(found: Effect) -> str:
    """Say what something costs or saves, by the plan."""
    usage = found.usage
    if not usage.unit_minutes:
        return "by the plan it costs and saves nothing"
    verb = "costs" if usage.unit_minutes > 0 else "saves"
    hours, cost = two_decimals(abs(usage.unit_hours)), two_decimals(abs(usage.cost))
    return f"by the plan it {verb} {CURRENCY} {cost}, {hours} unit-hours"


def overlapping(speaker: Speaker, until: dt.datetime) -> Iterator[str]:
    """Say what was said before of the same time: the later word counts."""
    for each in speaker.before:
        if each.kind is not Kind.SKIP and each.in_force(speaker.now):
            yield (
                f"this counts before {each.kind.value} by {each.who_shortly} until"
                f" {speaker.told(each.until)} ({each.why}), which"
                + (" counts again after it" if each.until > until else " ends before it")
            )


def back_sentence(said: Override) -> str:
    """Say how it is taken back."""
    return f"to take it back: punchclock cancel PLANT {said.id}"


def cancelled(before: Sequence[Override], back: Cancellation) -> list[Override]:
    """Return what counts when one of them is taken back."""
    return [replace(each, cancelled=back) if each.id == back.override else each for each in before]
