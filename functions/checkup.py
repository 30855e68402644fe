"""Can what was just deployed see its models? Asked by the pipeline; it looks and does nothing else.

A sweep whose event says ``{"check": true}`` describes the models of the plant file and answers what
the services say, and which of them are another plant's. Nothing is started, stopped, written,
logged or measured.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.enrolment import asked
from functions.failures import Failures
from functions.rollcall import Answers, Pace, Subject, batch_of, observe, subjects
from functions.site import Site
from functions.turns import MOST_DESCRIBES


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What is to be looked at."""

    skip: int
    """So many calls have been made for the invocations before: a minute has room for 120."""

    @classmethod
    def of(cls, event: object) -> "Checkup | None":
        """Read an event; None where it asks for no checkup."""
        if not isinstance(event, Mapping) or event.get("check") is not True:
            return None
        skip = event.get("skip", 0)
        return cls(skip=skip if type(skip) is int and skip > 0 else 0)


def look(site: Site, wanted: Checkup) -> dict[str, Any]:
    """Return what the services say of each model, or why they say nothing.

    ``{"plant", "models": {NAME: {"state", "seen", "units"} or {"error"}}, "next"}``; ``next`` is
    what to skip in the next invocation, None where all are looked at. Raises what the ledger raises
    when it cannot be read.
    """
    now = site.now()
    # The first sweep of what was deployed may be still to come. Where nobody answers whose a model
    # is, that sweep fails over it; this is no reason to take a deployment back.
    book = asked(site, site.ledger.book(), now, Failures())
    found = subjects(site, book, site.ledger.orders(now), now)
    ours = [subject for subject in found if subject.model is not None]
    batches = list(dict.fromkeys(batch_of(subject.target) for subject in ours))
    end = wanted.skip + MOST_DESCRIBES
    turn = frozenset(batches[wanted.skip : end])
    looked_at = [subject for subject in ours if batch_of(subject.target) in turn]
    return {
        "plant": site.plant.name,
        "models": _said(looked_at, observe(site, looked_at, Pace(site))),
        "next": end if end < len(batches) else None,
    }


def _said(looked_at: Iterable[Subject], answers: Answers) -> dict[str, dict[str, Any]]:
    return {subject.name: _one(subject, answers) for subject in looked_at}


def _one(subject: Subject, answers: Answers) -> dict[str, Any]:
    if subject.claimed_by is not None:
        return {"error": f"stack {subject.claimed_by} has claimed it first"}
    seen = answers.seen.get(subject.target.id)
    if seen is None:
        return {"error": str(answers.failed[subject.target.id])}
    return {"state": seen.state.value, "seen": seen.word, "units": seen.units}
