"""What has a rehearsal to show beside its plan?"""

from cli.output import rfc3339
from cli.page.happened import Happened
from cli.page.sheet import Verdict
from rehearsal.bills import account_of
from rehearsal.rehearsing import Rehearsed
from rehearsal.verdicts import Violation, violations


def happened(rehearsed: Rehearsed, replay: str) -> Happened:
    """Return what a page shows of a rehearsal; ``replay`` is the command that shows it again."""
    models = rehearsed.plant.models
    return Happened(
        counted={model.name: account_of(rehearsed, model).cards for model in models},
        cards=rehearsed.cards,
        ended=rehearsed.ended,
        verdict=Verdict(
            replay=replay, violations=tuple(_told(each) for each in violations(rehearsed))
        ),
    )


def _told(found: Violation) -> str:
    return f"{found.name}: {found.model or '-'}: {rfc3339(found.at)}: {found.reason}"
