"""Is somebody told when something is wrong?"""

from collections.abc import Iterator

from cli.aws.subscriptions import Subscription, subscriptions
from cli.checks.findings import Finding, Patient, note, ok, wrong
from infra.names import NOTIFY_TOPIC


def told(patient: Patient) -> Iterator[Finding]:
    """Look whether everybody whom the plant file names has confirmed that they want to be told."""
    found = subscriptions(patient.plant, patient.outputs, patient.desk)
    if not found:
        yield note("nobody is told of incidents", "notify: [line-leads@example.com] would do")
    for each in found:
        yield _judged(each, patient)


def _judged(found: Subscription, patient: Patient) -> Finding:
    if found.state == "confirmed":
        return ok(f"{found.endpoint} is told")
    topic = patient.outputs.get(NOTIFY_TOPIC)
    if topic is None:
        return wrong(f"{found.endpoint} is in the plant file, not deployed", patient.deploy)
    again = (
        f"aws sns subscribe --topic-arn {topic} --protocol email"
        f" --notification-endpoint {found.endpoint}"
    )
    if found.state == "pending":
        return wrong(
            f"{found.endpoint} has not confirmed: nothing is sent to it",
            f"follow the link in AWS's e-mail; for another one: {again}",
        )
    # AWS forgets who has not confirmed; a deployment does not bring them back by itself.
    return wrong(f"{found.endpoint} is not subscribed", f"{patient.deploy}, or {again}")
