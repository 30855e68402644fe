"""What the catalog says of every service, held against sources that are not ours."""

import json
import re
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import cfnlint
import pytest
from botocore.client import BaseClient

from functions.services import catalog, clients
from functions.services.spec import Account
from tests.functions.services.worlds import KEYS, session, target

AT = Account(partition="aws", region="eu-central-1", account="123456789012")
POLICIES = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
VERBS = ("observe", "start", "stop")
SCOPES = ("model", "project", "account")


@pytest.fixture(scope="module")
def iam():
    return json.loads(POLICIES.read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(catalog.SPECS))
def spec(request):
    return catalog.SPECS[request.param]


@pytest.mark.parametrize("verb", VERBS)
def test_every_action_exists_and_takes_the_arns_that_it_is_granted_on(spec, iam, verb):
    grants = getattr(spec, verb)
    for action in grants.actions:
        service, _, name = action.partition(":")
        kinds = iam[service]["Actions"][name.lower()]["Resources"]
        shapes = [
            shape for kind in kinds for shape in iam[service]["Resources"][kind]["ARNFormats"]
        ]
        for scope in SCOPES:
            arn = grants.arn(target(spec.name), scope, AT)
            assert any(matches(shape, arn) for shape in shapes), (action, arn)


@pytest.mark.parametrize("verb", VERBS)
def test_a_wider_scope_covers_the_narrower_one(spec, verb):
    arn = getattr(spec, verb).arn
    model, project, account = (arn(target(spec.name), scope, AT) for scope in SCOPES)
    assert "*" not in model
    assert fnmatchcase(model, project)
    assert fnmatchcase(project, account)
    assert arn(None, "account", AT) == account


@pytest.mark.parametrize(
    ("service", "verb", "arns"),
    [
        (
            "lookoutvision",
            "start",
            [
                "arn:aws:lookoutvision:eu-central-1:123456789012:model/circuit-boards/1",
                "arn:aws:lookoutvision:eu-central-1:123456789012:model/circuit-boards/*",
                "arn:aws:lookoutvision:eu-central-1:123456789012:model/*/*",
            ],
        ),
        (
            "rekognition",
            "start",
            [
                KEYS["rekognition"](1)["project_version_arn"],
                "arn:aws:rekognition:eu-central-1:123456789012:project/paint/version/*",
                "arn:aws:rekognition:eu-central-1:123456789012:project/*/version/*",
            ],
        ),
        (
            "rekognition",
            "observe",
            [
                KEYS["rekognition"](1)["project_arn"],
                KEYS["rekognition"](1)["project_arn"],
                "arn:aws:rekognition:eu-central-1:123456789012:project/*/*",
            ],
        ),
    ],
)
def test_the_arns_are_those_of_the_guides(service, verb, arns):
    grants = getattr(catalog.SPECS[service], verb)
    assert [grants.arn(target(service), scope, AT) for scope in SCOPES] == arns


def test_no_verb_may_do_what_another_does(spec):
    granted = [set(getattr(spec, verb).actions) for verb in VERBS]
    assert sum(map(len, granted)) == len(set.union(*granted))


def test_the_metric_is_the_services_own():
    metrics = {name: spec.metric(target(name)) for name, spec in catalog.SPECS.items()}
    assert {metric.name for metric in metrics.values()} == {"InServiceInferenceUnits"}
    found = {name: (metric.namespace, metric.dimensions) for name, metric in metrics.items()}
    assert found == {
        "lookoutvision": (
            "AWS/LookoutVision",
            {"ProjectName": "circuit-boards", "ModelVersion": "1"},
        ),
        "rekognition": ("AWS/Rekognition", {"ProjectName": "paint", "VersionName": "paint.1"}),
    }


def test_rates_and_quotas_are_those_of_a_new_account():
    found = {
        name: (spec.rate, spec.quota.running_models, spec.quota.units_per_model)
        for name, spec in catalog.SPECS.items()
    }
    assert found == {
        "lookoutvision": (Decimal("4.00"), None, 5),
        "rekognition": (Decimal("4.00"), 2, 5),
    }


def test_the_quotas_of_a_service_that_ended_cannot_be_asked_for_any_more():
    assert {name: spec.quota_codes for name, spec in catalog.SPECS.items()} == {
        "lookoutvision": {},
        "rekognition": {"running_models": "L-5E225387", "units_per_model": "L-4FA65ECB"},
    }


def test_services_can_be_keys():
    """What a plant file may say is worked out once for each collection of them."""
    assert len({*catalog.SPECS.values()}) == len(catalog.SPECS)


def test_what_is_stopped_can_be_started_again_as_it_was(spec):
    assert spec.reversible_stop


def test_only_the_service_that_ended_warns_and_names_its_successors():
    warnings = {name: spec.warning for name, spec in catalog.SPECS.items()}
    assert warnings["rekognition"] is None
    for word in ("2025-10-31", "Rekognition", "SageMaker"):
        assert word in (warnings["lookoutvision"] or "")


class Noting:
    """A session that writes down how patient its clients are."""

    def __init__(self) -> None:
        self.made = session()
        self.given: list[object] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.made, name)

    def create_client(self, name: str, **more: Any) -> BaseClient:
        self.given.append(more["config"])
        return self.made.create_client(name, **more)


def test_a_service_is_asked_patiently_and_told_once(spec):
    noting: Any = Noting()
    catalog.service(spec.name, noting, "eu-central-1")
    assert noting.given == [clients.PATIENT, clients.ONCE]


def test_every_target_is_told_from_its_neighbours(spec):
    models = [target(spec.name, number) for number in range(1, 4)]
    assert len({model.id for model in models}) == 3


@pytest.mark.parametrize(
    ("service", "key", "text", "fits"),
    [
        ("lookoutvision", "project", "circuit-boards", True),
        ("lookoutvision", "project", "-boards", False),
        ("lookoutvision", "project", "circuit boards", False),
        ("lookoutvision", "project", "*", False),
        ("lookoutvision", "project", "x" * 256, False),
        ("lookoutvision", "version", "12", True),
        ("lookoutvision", "version", "0", False),
        ("lookoutvision", "version", "01", False),
        ("lookoutvision", "version", "latest", False),
        ("lookoutvision", "version", "1" * 11, False),
        ("rekognition", "project_version_arn", KEYS["rekognition"](1)["project_arn"], False),
        ("rekognition", "project_arn", KEYS["rekognition"](1)["project_version_arn"], False),
        ("rekognition", "project_arn", KEYS["rekognition"](1)["project_arn"], True),
        (
            "rekognition",
            "project_version_arn",
            KEYS["rekognition"](1)["project_version_arn"],
            True,
        ),
        (
            "rekognition",
            "project_arn",
            "arn:aws:rekognition:eu-central-1:123456789012:project/*/1",
            False,
        ),
        (
            "rekognition",
            "project_arn",
            "arn:aws:rekognition:eu-central-1:12345678901٢:project/paint/1",
            False,
        ),
    ],
)
def test_a_key_fits_or_not(service, key, text, fits):
    pattern = next(each.pattern for each in catalog.SPECS[service].keys if each.name == key)
    assert bool(pattern.fullmatch(text)) == fits


def test_an_example_in_a_hint_fits(spec):
    for key in spec.keys:
        said = re.search(r'for example "?([^";]+)', key.hint)
        assert said is not None
        assert key.pattern.fullmatch(said[1])


def matches(shape: str, arn: str) -> bool:
    """Whether an ARN has the shape that IAM's reference gives, for example ``…:model/.*``."""
    pattern = re.sub(r"\$\{\w+\}", "[^:]+", shape)
    return re.fullmatch(pattern, arn) is not None
