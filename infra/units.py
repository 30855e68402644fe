"""How many units does each model have in service? AWS's own metrics of the plant's models, drawn.

Few models are drawn one by one, under their names in the plant file. Of many, only the searches for
their projects are written down, so that neither the template nor the graph outgrows CloudWatch.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from aws_cdk import aws_cloudwatch as cloudwatch

from functions.services.catalog import SPECS
from functions.services.spec import Metric
from infra.metrics import AVERAGE, MINUTE
from punchclock.plants import Model, Plant

BY_NAME = 50
"""The most models that are drawn one by one: more names than this nobody reads in one graph."""

LINES = 500
"""The most lines that CloudWatch draws in a graph."""

SEARCHES = 100
"""The most searches that CloudWatch takes in a graph."""

SEARCH_LENGTH = 1024
"""The most characters of a search. Source of all three: CloudWatch, "search expression syntax"."""


def title(plant: Plant) -> str:
    """Return what the graph of a plant shows."""
    drawn, all_ = len(_drawn(plant)), len(plant.models)
    return "Units in service" if drawn == all_ else f"Units in service, {drawn} of {all_} models"


def lines(plant: Plant) -> Sequence[cloudwatch.IMetric]:
    """Return the metrics of one graph: of each model, or the searches that find them."""
    if len(plant.models) <= BY_NAME:
        return [_line(model) for model in plant.models]
    return [
        cloudwatch.MathExpression(expression=search, label="", period=MINUTE, using_metrics={})
        for search in searches(plant)
    ]


def searches(plant: Plant) -> Sequence[str]:
    """Return search expressions that find the projects of a plant's models."""
    projects: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for model in _drawn(plant):
        metric = _metric(model)
        dimension, project = next(iter(metric.dimensions.items()))
        schema = (metric.namespace, *metric.dimensions)
        projects[(metric.name, dimension, *schema)].append(project)
    found = [
        search
        for (name, dimension, *schema), names in projects.items()
        for search in _searches(name, dimension, schema, sorted(set(names)))
    ]
    return found[:SEARCHES]


def _drawn(plant: Plant) -> Sequence[Model]:
    return plant.models[:LINES]


def _metric(model: Model) -> Metric:
    return SPECS[model.target.service].metric(model.target)


def _line(model: Model) -> cloudwatch.Metric:
    metric = _metric(model)
    return cloudwatch.Metric(
        namespace=metric.namespace,
        metric_name=metric.name,
        dimensions_map=dict(metric.dimensions),
        # The only statistic that the services publish it for.
        statistic=AVERAGE,
        period=MINUTE,
        label=model.name,
    )


def _searches(
    name: str, dimension: str, schema: Sequence[str], projects: Sequence[str]
) -> Iterator[str]:
    """Yield searches for projects, each with as many as there is room for."""
    some: list[str] = []
    for project in projects:
        if some and len(_search(name, dimension, schema, [*some, project])) > SEARCH_LENGTH:
            yield _search(name, dimension, schema, some)
            some = []
        some.append(project)
    yield _search(name, dimension, schema, some)


def _search(name: str, dimension: str, schema: Sequence[str], projects: Sequence[str]) -> str:
    wanted = " OR ".join(f'{dimension}="{project}"' for project in projects)
    return f"SEARCH('{{{','.join(schema)}}} MetricName=\"{name}\" ({wanted})', 'Average', 60)"
