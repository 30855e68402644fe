"""IAM's answer to a call, from the role's own policy."""

import pytest

from rehearsal.permissions import Need, Place, allows, needs
from rehearsal.template import Role, Statement
from tests.rehearsal.days import unused_permissions

HERE = Place("eu-central-1", "123456789012")
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/ledger"


def role(*statements: tuple[str, str, str]) -> Role:
    return Role(
        name="sweep",
        statements=tuple(
            Statement(effect=effect, actions=(action,), resources=(resource,))
            for effect, action, resource in statements
        ),
    )


def test_nothing_allowed_is_denied():
    assert not allows(role(), Need(action="dynamodb:Query", resource=TABLE))


@pytest.mark.parametrize("action", ["dynamodb:Query", "dynamodb:Q*", "DYNAMODB:query", "*"])
def test_an_action_matches_whatever_its_case_and_with_wildcards(action):
    assert allows(role(("Allow", action, TABLE)), Need(action="dynamodb:Query", resource=TABLE))


@pytest.mark.parametrize(
    "resource", [f"{TABLE}2", TABLE.upper(), "arn:aws:dynamodb:*:*:table/[l]*"]
)
def test_a_resource_matches_to_the_letter(resource):
    need = Need(action="dynamodb:Query", resource=TABLE)
    assert not allows(role(("Allow", "dynamodb:Query", resource)), need)


def test_an_explicit_deny_wins():
    allowed = role(("Allow", "*", "*"), ("Deny", "dynamodb:*", "*"))
    assert not allows(allowed, Need(action="dynamodb:Query", resource=TABLE))


def test_a_transaction_needs_what_each_of_its_parts_needs():
    items = [{"Put": {"TableName": "ledger"}}, {"Delete": {"TableName": "ledger"}}]
    found = needs("dynamodb", "TransactWriteItems", {"TransactItems": items}, HERE)
    assert [need.action for need in found] == ["dynamodb:PutItem", "dynamodb:DeleteItem"]


def test_a_model_of_lookout_is_named_by_project_and_version():
    params = {"ProjectName": "circuit-boards", "ModelVersion": "1"}
    [need] = needs("lookoutvision", "StartModel", params, HERE)
    assert need.resource == (
        "arn:aws:lookoutvision:eu-central-1:123456789012:model/circuit-boards/1"
    )


def test_an_action_that_aws_does_not_have_is_an_error_not_a_denial():
    with pytest.raises(LookupError):
        list(needs("dynamodb", "Kweri", {"TableName": "ledger"}, HERE))


def test_a_resource_of_another_kind_is_an_error_not_a_denial():
    params = {"ProjectVersionArn": "arn:aws:sqs:eu-central-1:123456789012:queue"}
    with pytest.raises(LookupError, match="does not apply"):
        list(needs("rekognition", "StartProjectVersion", params, HERE))


def test_a_resource_that_no_call_needs_is_an_unused_permission():
    wide = Statement(effect="Allow", actions=("dynamodb:Query",), resources=(TABLE, f"{TABLE}2"))
    needed = [("sweep", Need(action="dynamodb:Query", resource=TABLE))]
    unused = unused_permissions([Role(name="sweep", statements=(wide,))], needed)
    assert unused == [("sweep", "dynamodb:Query", f"{TABLE}2")]
