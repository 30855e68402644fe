"""``punchclock deploy``: deploy a plant, look whether it can work, and go back where it cannot.

A wrong account, and a model that another plant has claimed, are refused before anything changes.
CloudFormation rolls back by itself where a resource fails or the heartbeat stops within ten
minutes. The rest shows only when the new functions are asked: they look at every model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from cli.aws.reaching import Desk, desk_of
from cli.aws.stacks import Stack, Stacks
from cli.deploying.cdk import ROOT, Cdk, CdkFailed, as_it_was, installed
from cli.deploying.checkup import Checkup, asked
from cli.reading import NO, PlantFile, answering
from functions.neighbours import LIVING
from infra.names import HEARTBEAT_ALARM, PLANT_TAG, SWEEP_FUNCTION, stack_name
from plantfile.reader import read
from punchclock.rosters import claim

MONITORED_MINUTES = 10
"""How long CloudFormation watches the heartbeat once everything is deployed: its alarm needs five
minutes without a sweep, and one or two to notice."""

UNWATCHED = ("--rollback-trigger-alarm-arns", "none")
"""CloudFormation remembers the triggers of the last deployment, until it is told there are none."""


def deploy(plant: PlantFile) -> None:
    """Deploy PLANT's stack, and take it back to what ran before where that cannot see its models.

    With the credentials of the plant's account. Exit code 1: it was refused, or rolled back.
    """
    with answering(as_json=False):
        found = read(plant)
    with desk_of(found, None, None) as desk:
        try:
            Deployment(desk=desk, cdk=installed(), file=plant).run()
        except (CdkFailed, Refused) as error:
            typer.echo(f"punchclock: {found.name}: {error}", err=True)
            raise typer.Exit(NO) from error


class Refused(Exception):
    """It will not be deployed, or did not stay deployed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment of one plant."""

    desk: Desk
    cdk: Cdk
    file: Path
    folder: Path = ROOT / "build" / "deploy"
    """Where assemblies are written."""

    @property
    def stack(self) -> str:
        """The name of the plant's stack."""
        return stack_name(self.desk.plant)

    def run(self) -> None:
        """Deploy. Raises ``CdkFailed``, ``Unreachable``, or a refusal."""
        stacks = Stacks(self.desk.client("cloudformation"))
        before = stacks.find(self.stack)
        self._require_unclaimed(stacks, before)
        new, old = (self.folder / self.desk.plant.name / each for each in ("new", "old"))
        self.cdk.synthesize(self.file, new)
        if before is None or not before.outputs:
            self.cdk.deploy(new, self.stack, UNWATCHED)
            self._require_sight(stacks, known={})
            return
        as_it_was(old, before, stacks.template(self.stack), new)
        known = self._look(before).troubles
        self.cdk.deploy(new, self.stack, self._watch(before))
        try:
            self._require_sight(stacks, known)
        except Refused:
            typer.echo(f"{self.desk.plant.name}: going back to what ran before", err=True)
            self.cdk.deploy(old, self.stack, UNWATCHED)
            raise

    def _require_unclaimed(self, stacks: Stacks, before: Stack | None) -> None:
        """Refuse what another plant's stack has claimed, in whatever repository its file lies.

        What our stack claims already is not new to it: which of the two was first, its sweep knows,
        and nobody who claims a model later keeps its plant from being deployed.
        """
        there = before is not None and before.status in LIVING
        claimed = stacks.claims(self.stack) if there else frozenset()
        wanted = {claim(model.target): model.name for model in self.desk.plant.models}
        new = wanted.keys() - claimed
        for other in stacks.ours():
            if other.name != self.stack and other.status in LIVING:
                for each in sorted(new & stacks.claims(other.name)):
                    plant = other.tags.get(PLANT_TAG, other.name)
                    raise Refused(
                        f"models.{wanted[each]} is a model of plant {plant} already (stack"
                        f" {other.name}): remove it here, or there and deploy that first"
                    )

    def _require_sight(self, stacks: Stacks, known: Mapping[str, str]) -> None:
        """Refuse what the deployment has made worse; what was so before is only told."""
        deployed = stacks.find(self.stack)
        if deployed is None:
            raise Refused(f"the stack {self.stack} is gone")
        troubles = self._look(deployed).troubles
        for name, trouble in troubles.items():
            typer.echo(f"{self.desk.plant.name}: {name}: {trouble}", err=True)
        worse = [name for name in troubles if name not in known]
        if worse:
            raise Refused(f"what was deployed cannot look after {', '.join(worse)}")

    def _look(self, stack: Stack) -> Checkup:
        function = stack.outputs.get(SWEEP_FUNCTION)
        if function is None:
            # It was deployed by a version that knows no checkups.
            return Checkup(models={})
        return asked(self.desk, function)

    def _watch(self, stack: Stack) -> Sequence[str]:
        """Let CloudFormation roll back on the heartbeat, unless that has stopped already.

        A deployment that mends it would be rolled back for what it mends.
        """
        alarm = stack.outputs.get(HEARTBEAT_ALARM)
        if alarm is None or self._rings(alarm):
            typer.echo(f"{self.desk.plant.name}: deploying without a look at the heartbeat")
            return UNWATCHED
        minutes = ("--monitoring-time-minutes", str(MONITORED_MINUTES))
        return ("--rollback-trigger-alarm-arns", alarm, *minutes)

    def _rings(self, alarm: str) -> bool:
        name = alarm.rpartition(":alarm:")[2]
        found = self.desk.client("cloudwatch").describe_alarms(AlarmNames=[name])
        return any(each["StateValue"] == "ALARM" for each in found["MetricAlarms"])
