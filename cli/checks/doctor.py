"""``punchclock doctor``: is what was deployed well? The step after a first deployment.

It reads, and changes nothing. What each check needs is in docs/doctor.md.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import typer

from cli.aws.reaching import Endpoint, desk_at
from cli.checks.findings import Level, Patient
from cli.checks.table import Looked, examined
from cli.columns import aligned
from cli.output import print_json, rfc3339
from cli.progress import working
from cli.reading import NO, AsJson, PlantFile, answering
from plantfile.reader import read
from punchclock.spellings import both


def doctor(plant: PlantFile, *, endpoint: Endpoint = None, as_json: AsJson = False) -> None:
    """Look whether PLANT, as it is deployed, is well; nothing is started, stopped or written.

    Account, stack, models, quotas, the roles' permissions, who is told, heartbeat, schedules, what
    nobody could handle, and yesterday's cards beside the services' metric. Exit code 1: something
    is wrong.
    """
    with answering(as_json=as_json):
        found = read(plant)
    with desk_at(found, endpoint) as desk:
        patient = Patient(plant=found, desk=desk, file=plant)
        now = patient.now
        with working(f"looking at {found.name}"):
            looked = list(examined(patient))
    if as_json:
        print_json({"plant": found.name, "at": rfc3339(now), **_document(looked)})
    else:
        typer.echo("\n".join(_lines(f"{found.name} at {both(now, found.zone)}", looked)))
    raise typer.Exit(NO if _worst(looked) is Level.WRONG else 0)


def _worst(looked: Sequence[Looked]) -> Level:
    return max((each.level for each in looked), key=list(Level).index)


def _document(looked: Sequence[Looked]) -> dict[str, object]:
    return {
        "level": _worst(looked).value,
        "checks": {
            each.check.name: {
                "question": each.check.question,
                "level": each.level.value,
                "findings": [
                    {"level": one.level.value, "said": one.said, "remedy": one.remedy or None}
                    for one in each.findings
                ],
            }
            for each in looked
        },
    }


def _lines(title: str, looked: Sequence[Looked]) -> Iterator[str]:
    rows = [
        (finding.level.value, each.check.name, said)
        for each in looked
        for finding in each.findings
        for said in [f"{finding.said}; {finding.remedy}" if finding.remedy else finding.said]
    ]
    yield from aligned(title, ("is", "check", "found"), rows)
    yield ""
    yield _summary(looked)


def _summary(looked: Sequence[Looked]) -> str:
    counts = Counter(each.level for each in looked)
    words = {
        Level.WRONG: "wrong",
        Level.UNSEEN: "could not be looked at",
        Level.NOTE: "with a note",
        Level.OK: "well",
    }
    said = ", ".join(f"{counts[level]} {text}" for level, text in words.items() if counts[level])
    return f"{len(looked)} checks: {said}"
