"""What does a plant use while it works? Its schedules fire at its functions, all else is in memory.

Schedules, inputs and memory are those of the synthesized template and the functions are the real
ones; ports count instead of calling AWS, because 1,000 models on the wire would take hours.
"""

import contextlib
import datetime as dt
import heapq
import importlib
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.counters import CountedLedger, Host, Metered, Post, Street, Telephone, Toll
from bench.tally import Standing, Tally
from functions.cloudformation import CloudFormation
from functions.journal import PowertoolsJournal
from functions.site import Site
from infra.synth import Synthesis
from punchclock.plants import Plant
from punchclock.timetables import timetables
from rehearsal.clocks import VirtualClock
from rehearsal.emulator.emulator import Emulator
from rehearsal.schedules import firings
from rehearsal.standing import deployed
from rehearsal.template import Deployment, Schedule, rendered
from rehearsal.world import Mail

ACCOUNT = "123456789012"

OVERHEAD_SECONDS = 0.02
"""What an invocation takes beside its calls and pauses, assumed."""

COLD_SECONDS = 2.5
"""What it takes to begin anew, assumed: of all functions but the sweep, every time. Lambda keeps
nothing ready for a quarter of an hour, and has charged for this since August 2025."""

MODEL_SECONDS = 0.0005
"""What the sweep thinks about each model of the file, assumed: 50 µs of a whole processor
(measured)."""

LINE_OVERHEAD = 26
"""Bytes that CloudWatch Logs adds to each line. Source: its API reference, PutLogEvents."""

SWEEP = "sweep"

OPERATIONS = {
    "lookoutvision": ("DescribeModel", "StartModel", "StopModel"),
    "rekognition": ("DescribeProjectVersions", "StartProjectVersion", "StopProjectVersion"),
}
"""What each service calls describe, start and stop."""


@dataclass(slots=True, kw_only=True)
class Works:
    """A plant at work."""

    site: Site
    clock: VirtualClock
    tally: Tally
    deployment: Deployment
    mail: Mail

    def live(
        self,
        begin: dt.datetime,
        end: dt.datetime,
        progress: Callable[[dt.datetime], None] = lambda _: None,
    ) -> None:
        """Let time pass in [``begin``, ``end``)."""
        for at, _, schedule, due in self._fired(begin, end):
            self._deliver(at)
            self.clock.set(at)
            progress(at)
            event = rendered(schedule, f"{due:%Y-%m-%dT%H:%M:%SZ}")
            self.tally.amounts["Scheduler"] += 1
            self._invoke(self._module(schedule.target), event)
        self._deliver(end)

    def _fired(
        self, begin: dt.datetime, end: dt.datetime
    ) -> Iterator[tuple[dt.datetime, str, Schedule, dt.datetime]]:
        chance = Random(1)  # noqa: S311 - the same delays in every run
        return heapq.merge(
            *(self._late(each, chance, begin, end) for each in self.deployment.schedules)
        )

    def _late(
        self, schedule: Schedule, chance: Random, begin: dt.datetime, end: dt.datetime
    ) -> Iterator[tuple[dt.datetime, str, Schedule, dt.datetime]]:
        for due in firings(schedule.expression, schedule.timezone, begin, end):
            # The scheduler is precise to the minute.
            at = due + dt.timedelta(seconds=chance.randrange(60))
            yield at, schedule.name, schedule, due

    def _deliver(self, until: dt.datetime) -> None:
        for at, module, event in self.mail.collect(until):
            self.clock.set(at)
            self._invoke(module, event)

    def _invoke(self, module: str, event: object) -> None:
        begun = self.clock.now()
        written = io.StringIO()
        with contextlib.redirect_stdout(written):
            importlib.import_module(f"functions.{module}").handler.__wrapped__(self.site, event)
        thought = MODEL_SECONDS * len(self.site.plant.models)
        more = OVERHEAD_SECONDS + thought + (0 if module == SWEEP else COLD_SECONDS)
        self.tally.work(module, (self.clock.now() - begun).total_seconds() + more)
        self._log(written.getvalue())

    def _log(self, written: str) -> None:
        for text in written.splitlines():
            self.tally.amounts["Logs: taken in"] += len(text.encode()) + LINE_OVERHEAD
            for name in metrics_of(json.loads(text)):
                self.tally.metric_hours[name].add(f"{self.clock.now():%Y-%m-%dT%H}")

    def _module(self, arn: str) -> str:
        return self.deployment.functions[arn].handler.split(".")[-2]


def works(plant: Plant, synthesis: Synthesis, begin: dt.datetime, month: float = 1.0) -> Works:
    """Build a plant that begins to work at an instant, as its template deploys it.

    ``month`` says how much more there is to read of a month on the average of its days.
    """
    clock, tally = VirtualClock(begin), Tally()
    mail = Mail(clock.now)
    toll = Toll(tally=tally, clock=clock)
    emulator = Emulator(now=clock.now, region=plant.region, account=ACCOUNT, seed=1, quotas={})
    models = {model.target.id: emulator.add(model.target) for model in plant.models}
    site = Site(
        plant=plant,
        timetables=timetables(plant),
        services={
            service: Host(
                toll=toll, fleet=emulator.fleet, models=models, operations=_named(service)
            )
            for service in OPERATIONS
        },
        ledger=CountedLedger(toll, month),
        meter=Metered(toll=toll, models=models),
        journal=PowertoolsJournal(plant.name, clock.now),
        colleagues=Telephone(toll=toll, mail=mail),
        notices=Post(toll=toll),
        neighbours=Street(toll=toll),
        # Nobody destroys it.
        stack=CloudFormation(None),
        now=clock.now,
        pause=clock.pause,
    )
    deployment = deployed(plant, synthesis)
    return Works(site=site, clock=clock, tally=tally, deployment=deployment, mail=mail)


def standing(synthesis: Synthesis) -> Standing:
    """Return what a template deploys that is paid for whether anything happens or not."""
    resources = list(synthesis.template["Resources"].values())
    functions = [each for each in resources if each["Type"] == "AWS::Lambda::Function"]
    handlers = [each["Properties"] for each in functions if "MemorySize" in each["Properties"]]
    alarms = [each["Properties"] for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
    return Standing(
        memory_mib={each["Handler"].split(".")[-2]: each["MemorySize"] for each in handlers},
        alarm_metrics=sum(_looked_at(alarm) for alarm in alarms),
        dashboards=sum(each["Type"] == "AWS::CloudWatch::Dashboard" for each in resources),
    )


def metrics_of(line: Mapping[str, Any]) -> Iterator[str]:
    """Yield the custom metrics that a line in the embedded metric format sends, by full name."""
    for directive in line.get("_aws", {}).get("CloudWatchMetrics", ()):
        for dimensions, metric in itertools.product(directive["Dimensions"], directive["Metrics"]):
            values = ",".join(str(line[name]) for name in dimensions)
            yield f"{directive['Namespace']}/{metric['Name']} {values}"


def _looked_at(alarm: Mapping[str, Any]) -> int:
    metrics = [each for each in alarm.get("Metrics", ()) if "MetricStat" in each]
    return len(metrics) or 1


def _named(service: str) -> tuple[str, str, str]:
    describe, start, stop = (f"{service}:{operation}" for operation in OPERATIONS[service])
    return describe, start, stop
