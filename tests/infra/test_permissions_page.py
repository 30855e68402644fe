"""The page that explains every permission says what the templates grant."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from infra.deployment import Bootstrap, deployment_statements
from infra.pieces import ROOT
from infra.synth import Synthesis
from tests.infra.templates import many, of_type, statements

PAGE = ROOT / "docs" / "permissions.md"


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| `")]
    return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in table]


def granted(synthesis: Synthesis) -> Mapping[str, list[str]]:
    """Return the actions of everybody, one for each statement and action."""
    found: dict[str, list[str]] = defaultdict(list)
    owners = owners_of(synthesis)
    for key, role in of_type(synthesis, "AWS::IAM::Role").items():
        found[owners[key]] += [action for actions, _ in statements(role) for action in actions]
    for policy in of_type(synthesis, "AWS::IAM::Policy").values():
        [role_] = policy["Roles"]
        found[owners[role_["Ref"]]] += actions_of(policy)
    for policy in of_type(synthesis, "AWS::IAM::ManagedPolicy").values():
        found["people"] += actions_of(policy)
    for each in deployment_statements("springfield", Bootstrap(qualifier="hnb659fds")):
        found["pipeline"] += each["Action"]
    return found


def owners_of(synthesis: Synthesis) -> Mapping[str, str]:
    """Return who has each role, by the role's logical id."""
    functions = of_type(synthesis, "AWS::Lambda::Function").values()
    owners = {each["Role"]["Fn::GetAtt"][0]: each["Handler"].split(".")[1] for each in functions}
    callers = {
        each["Target"]["RoleArn"]["Fn::GetAtt"][0]: "scheduler"
        for each in of_type(synthesis, "AWS::Scheduler::Schedule").values()
    }
    return {**owners, **callers}


def actions_of(policy: Mapping[str, Any]) -> list[str]:
    return [
        action for each in policy["PolicyDocument"]["Statement"] for action in many(each["Action"])
    ]


def test_every_permission_is_on_the_page_and_nothing_else_is(small, rows):
    told: dict[str, list[str]] = defaultdict(list)
    for action, _, holders, _ in rows:
        for holder in holders.split(", "):
            told[holder].append(action)
    there = granted(small)
    assert {who: sorted(actions) for who, actions in told.items()} == {
        who: sorted(actions) for who, actions in there.items()
    }


def test_every_permission_is_explained(rows):
    assert len(rows) > 20
    assert all(why for _, _, _, why in rows)
