"""Close the plant when its stack is destroyed: start nothing more, and stop what was started.

CloudFormation calls it by the custom resource that every stack has. When the stack is made or
changed, nothing happens to any model. When it is destroyed the schedules are gone by then, so
nobody else compares what should be with what is: this function does, until nothing of ours is left.
It always answers, with FAILED and the reason where something may still run: a stack that has not
gone is seen, a model that runs on unseen is paid for.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from functions import compose
from functions.action import carry_out
from functions.cloudformation import Asked, Request, Status
from functions.failures import Failures
from functions.site import Site, instant
from functions.stop_models import STOP
from functions.sweep import Sweep
from punchclock.decisions import Action
from punchclock.errors import PunchclockError
from punchclock.plants import OnDestroy
from punchclock.ports import CLAIM, Book, Closure
from punchclock.timecards import Timecard

LONGEST = dt.timedelta(minutes=50)
"""How long it tries. CloudFormation waits an hour for an answer, at most."""

STEP = dt.timedelta(minutes=8)
"""How long one invocation goes on before the next takes over. Lambda ends it after 15 minutes, and
what was begun may take some of them; it takes a chain of 16 calls for a runaway loop."""

PAUSE = dt.timedelta(seconds=20)
"""From one look to the next."""

SETTLING = dt.timedelta(minutes=2)
"""How long a role that was just made may be without its permissions. IAM promises no time."""

UNTIL = "until"
"""The key by which an invocation tells the next when to give up."""

Answer = tuple[Status, str]


@compose.function
def handler(site: Site, event: object) -> object:
    """Do what CloudFormation asks and answer it, or leave the answer to the next invocation."""
    request = Request.of(event)
    if request is None:
        return {"status": None, "reason": "not a request of CloudFormation"}
    answer: Answer | None = (Status.FAILED, "close_plant ended unexpectedly; its log says why")
    try:
        answer = _DOES[request.asked](site, request, event)
    except PunchclockError as error:
        answer = (Status.FAILED, str(error))
    finally:
        if answer is not None:
            site.stack.answer(request.url, request.answer(*answer))
    status, reason = answer or (None, "to be continued")
    return {"status": status, "reason": reason}


def _open(site: Site, request: Request, event: object) -> Answer:
    # A ledger that was taken over from an earlier stack says that it is closed.
    del request, event
    settled = site.now() + SETTLING
    while True:
        try:
            site.ledger.reopen()
        except PunchclockError:
            if site.now() >= settled:
                raise
            site.pause(PAUSE.total_seconds())
        else:
            return Status.SUCCESS, "the plant is open"


def _let_be(site: Site, request: Request, event: object) -> Answer:
    del site, request, event
    return Status.SUCCESS, "a change of the stack changes no model"


def _close(site: Site, request: Request, event: object) -> Answer | None:
    now = site.now()
    step, until = now + STEP, min(_until(event) or now + LONGEST, now + LONGEST)
    while left := _wind_up(site):
        if site.now() + PAUSE >= until:
            return Status.FAILED, _gave_up(left)
        if site.now() >= step:
            begun = event if isinstance(event, Mapping) else {}
            site.stack.go_on(request.function, {**begun, UNTIL: until.isoformat()})
            return None
        site.pause(PAUSE.total_seconds())
    return Status.SUCCESS, _END[_on_destroy(site)]


def _wind_up(site: Site) -> list[str]:
    """Compare and stop once; return what is still to be waited for, empty when all is done."""
    try:
        closure = _shut(site)
        if closure.on_destroy == "leave":
            return []
        _stop(site)
        book = site.ledger.book()
    except PunchclockError as error:
        return [str(error)]
    left = [_told(card, book) for card in book.cards.values() if card.ours]
    if not left and site.now() - closure.at < CLAIM:
        # A function that had read the ledger before may just be starting something.
        return ["starts may be on their way"]
    return left


def _shut(site: Site) -> Closure:
    """Note in the ledger that the plant is closed, before anything else."""
    known = site.ledger.book().closure
    if known is not None:
        return known
    closure = Closure(at=site.now(), on_destroy=_on_destroy(site))
    site.ledger.shut(closure)
    return closure


def _stop(site: Site) -> None:
    """Do a sweep's work, and at once what it would call for."""
    now = site.now()
    orders = site.ledger.orders(now)
    failures = Failures()
    alone = replace(site, colleagues=_InPerson(site))
    sweep = Sweep(alone, site.ledger.book(), orders, now, failures)
    sweep.call(sweep.compare_all())
    failures.tell()


@dataclass(frozen=True, slots=True)
class _InPerson:
    """Whom a sweep calls when nobody else is left: nothing is started in a plant that is closed."""

    site: Site

    def call(self, action: Action, target_ids: Sequence[str]) -> None:
        carry_out(self.site, {"targets": list(target_ids)}, _VERBS[action])


def _on_destroy(site: Site) -> OnDestroy:
    """Return what becomes of running models; who may only watch stops nothing."""
    return site.plant.on_destroy if site.plant.mode == "act" else "leave"


def _until(event: object) -> dt.datetime | None:
    return instant(event.get(UNTIL)) if isinstance(event, Mapping) else None


def _told(card: Timecard, book: Book) -> str:
    why = [
        each.reason
        for each in book.incidents.values()
        if each.target_id == card.target.id and each.closed is None
    ]
    seen = f"was last seen {card.state}" if card.state else "was never seen"
    return ", ".join((f"{card.model} ({card.target.id}) {seen}", *why))


def _gave_up(left: Sequence[str]) -> str:
    return (
        f"after {LONGEST // dt.timedelta(minutes=1)} minutes {'; '.join(left)}."
        " Delete the stack again to try again, or stop by hand what runs and delete it"
        " with --deletion-mode FORCE_DELETE_STACK"
    )


_VERBS = {Action.STOP: STOP}

_END: Mapping[OnDestroy, str] = {
    "stop": "all that was started is stopped",
    "leave": "the plant is closed; what runs is left",
}

_DOES: Mapping[Asked, Callable[[Site, Request, object], Answer | None]] = {
    Asked.CREATE: _open,
    Asked.UPDATE: _let_be,
    Asked.DELETE: _close,
}
