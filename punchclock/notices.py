"""What is people's message about incidents? In plain words, with what to type and where to read.

However many incidents begin and are over at once, they are one message.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from punchclock.actions import Trouble
from punchclock.costs import two_decimals
from punchclock.plants import CURRENCY, Plant
from punchclock.ports import Incident, Notice

SUBJECT_LENGTH = 100
BODY_BYTES = 256 * 1024
"""The longest subject and body. Source: the API reference of SNS, Publish."""

MOST = 100
"""So many incidents are told of one by one; whoever wants to know the others asks ``status``."""

REASON_LENGTH = 400
"""What AWS says of a refusal may be long."""

RUNBOOK = "docs/runbook.md"
"""It has a section for each trouble, by its name."""

STATUS = "punchclock status {file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How people are told of a trouble."""

    says: str
    """What is wrong, behind the name of what it is about."""
    type_: str = STATUS
    """The command that mends it, or shows more; what a person must fill in is in capitals."""
    if_watched: str = STATUS
    """The same where Punchclock only watches and would stop and start nothing."""


_HOLD_OFF = 'punchclock hold {file} {model} off --until HH:MM --why "WHY"'

WORDS: Mapping[Trouble, Words] = {
    Trouble.LATE: Words(says="is not ready although its shift has begun"),
    Trouble.STUCK: Words(says="has been starting for too long", type_=_HOLD_OFF),
    Trouble.FAILED: Words(says="has failed"),
    Trouble.SHORT: Words(says="runs on fewer units than planned", type_=_HOLD_OFF),
    Trouble.OVERDUE: Words(says="is still hosted although it was to stop"),
    Trouble.UNSCHEDULED: Words(
        says="is hosted although no shift wants it",
        type_=_HOLD_OFF,
    ),
    Trouble.UNTOUCHABLE: Words(says="is in a state in which it cannot be started or stopped"),
    Trouble.REFUSED: Words(
        says="is refused by its service",
        type_="punchclock checkup {file}",
        if_watched="punchclock checkup {file}",
    ),
    Trouble.SILENT: Words(
        says="cannot be seen: its service does not answer",
        type_="punchclock checkup {file}",
        if_watched="punchclock checkup {file}",
    ),
    Trouble.UNREADABLE: Words(
        says="cannot be read and has no effect",
        type_="punchclock overrides {file}",
        if_watched="punchclock overrides {file}",
    ),
    Trouble.UNPLANNED: Words(
        says="has no plan any more and is off",
        type_="punchclock deploy {file}",
        if_watched="punchclock deploy {file}",
    ),
    Trouble.CLAIMED: Words(
        says="is another plant's: it is neither started nor stopped here",
        type_="punchclock deploy {file}",
        if_watched="punchclock deploy {file}",
    ),
    Trouble.UNHEARD: Words(
        says="do not arrive",
        type_="punchclock deploy {file}",
        if_watched="punchclock deploy {file}",
    ),
    Trouble.EXPIRING: Words(
        says="has holidays for a few more weeks only",
        type_="punchclock deploy {file}",
        if_watched="punchclock deploy {file}",
    ),
}
"""By trouble."""


def notice_of(plant: Plant, news: Sequence[Incident], now: dt.datetime) -> Notice:
    """Return the message about incidents that have begun, or are over, by now."""
    begun = [each for each in news if each.closed is None]
    over = [each for each in news if each.closed is not None]
    told = [
        f"{plant.name} at {_at(now, plant.zone)}, on the clocks of {plant.timezone}",
        *(_begun(each, plant) for each in begun[:MOST]),
        *(_over(each, plant.zone) for each in over[:MOST]),
        *_more(len(begun[MOST:]) + len(over[MOST:]), plant),
    ]
    body = "\n\n".join(told).encode()[:BODY_BYTES].decode(errors="ignore")
    return Notice(subject=_subject(plant.name, begun, over), body=body)


def _subject(plant: str, begun: Sequence[Incident], over: Sequence[Incident]) -> str:
    parts = [*_counted(begun, ""), *_counted(over, "over: ")]
    text = f"{plant}: {'; '.join(parts)}".encode("ascii", "replace").decode()
    return text if len(text) <= SUBJECT_LENGTH else f"{text[: SUBJECT_LENGTH - 3]}..."


def _counted(found: Sequence[Incident], word: str) -> Iterator[str]:
    if len(found) == 1:
        yield f"{word}{_headline(found[0])}"
    elif found:
        yield f"{word}{len(found)} incidents"


def _headline(incident: Incident) -> str:
    return f"{incident.model} {WORDS[incident.trouble].says}"


def _begun(incident: Incident, plant: Plant) -> str:
    words = WORDS[incident.trouble]
    command = words.type_ if plant.mode == "act" else words.if_watched
    reason = incident.reason[:REASON_LENGTH]
    return _paragraph(
        _headline(incident),
        since=_at(incident.opened, plant.zone),
        costs=_costs(incident),
        why=reason,
        type=command.format(file=_file(plant), model=incident.model),
        read=f"{RUNBOOK}#{incident.trouble}",
    )


def _over(incident: Incident, zone: ZoneInfo) -> str:
    until = "" if incident.closed is None else _at(incident.closed, zone)
    return _paragraph(f"over: {_headline(incident)}", since=_at(incident.opened, zone), until=until)


def _more(count: int, plant: Plant) -> Iterable[str]:
    if count:
        yield f"and {count} more: {STATUS.format(file=_file(plant))}"


def _costs(incident: Incident) -> str:
    if not incident.cost_per_hour:
        return "nothing that is not planned"
    return f"{CURRENCY} {two_decimals(incident.cost_per_hour)} per hour"


def _paragraph(headline: str, **lines: str) -> str:
    return "\n".join([headline, *(f"  {name:<6} {text}" for name, text in lines.items())])


def _file(plant: Plant) -> str:
    return f"plants/{plant.name}.yaml"


def _at(instant: dt.datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M} ({instant:%Y-%m-%dT%H:%MZ})"
