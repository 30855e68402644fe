"""What is special about Rekognition Custom Labels."""

import pytest
from botocore.stub import Stubber

from functions.services import rekognition
from punchclock.errors import InvalidPlant
from punchclock.observations import Observation, State
from rehearsal.emulator.refusals import Refusal
from tests.functions.services.worlds import KEYS, REGION, World, session, target


@pytest.fixture(scope="module")
def model():
    return session().get_service_model("rekognition")


def test_every_status_that_botocore_knows_means_something(model):
    assert set(model.shape_for("ProjectVersionStatus").enum) == set(rekognition.STATES)


@pytest.mark.parametrize(
    "operation", ["DescribeProjectVersions", "StartProjectVersion", "StopProjectVersion"]
)
def test_every_error_that_botocore_knows_means_something(model, operation):
    errors = {shape.name for shape in model.operation_model(operation).error_shapes}
    assert errors <= set(rekognition.MEANINGS)


def test_names_asked_for_at_once_are_as_many_as_the_service_takes(model):
    assert model.shape_for("VersionNames").metadata["max"] == rekognition.NAMES


def test_versions_of_a_project_are_described_ten_a_call():
    world = World("rekognition")
    models = [world.model, *(world.add(number) for number in range(2, 25))]
    world.service.observe(models)
    asked = [call.params["VersionNames"] for call in world.calls]
    assert asked == [
        [f"paint.{n}" for n in some] for some in (range(1, 11), range(11, 21), range(21, 25))
    ]


def test_a_description_of_several_pages_is_read_to_its_end():
    world = World("rekognition")
    models = [world.model, *(world.add(number) for number in range(2, 5))]

    # Pages of one: the service may cut them shorter than it was asked for.
    def one_a_page(call, act):
        call.params["MaxResults"] = 1
        return act()

    world.emulator.gate = one_a_page
    seen = world.service.observe(models)
    assert {each.state for each in seen.values()} == {State.STOPPED}
    assert len(world.calls) == 4


def test_a_verb_is_permitted_the_call_that_it_makes():
    spec = rekognition.SPEC
    actions = [grants.actions for grants in (spec.observe, spec.start, spec.stop)]
    assert actions == [
        ("rekognition:DescribeProjectVersions",),
        ("rekognition:StartProjectVersion",),
        ("rekognition:StopProjectVersion",),
    ]


def test_a_description_may_say_no_more_than_arn_and_status():
    client = session().create_client("rekognition", region_name=REGION)
    version = target("rekognition")
    said = {
        "ProjectVersionArn": version.address["project_version_arn"],
        "Status": "RUNNING",
    }
    with Stubber(client) as stubber:
        stubber.add_response("describe_project_versions", {"ProjectVersionDescriptions": [said]})
        seen = rekognition.Rekognition(client, client).observe([version])
    assert seen == {version.id: Observation(state=State.RUNNING, word="RUNNING")}


def test_of_a_project_that_has_gone_every_version_is_missing():
    world = World("rekognition")
    models = [world.model, world.add(2)]
    world.fail("ResourceNotFoundException", 404)
    seen = world.service.observe(models)
    assert [seen[each.id].state for each in models] == [State.MISSING] * 2
    assert len(world.calls) == 2


def test_one_deleted_version_does_not_hide_the_others():
    """As if the service refused the whole question when it does not know one of the names."""
    world = World("rekognition")
    neighbour, stranger = world.add(2), target("rekognition", 9)

    def strict(call, act):
        if "paint.9" in call.params.get("VersionNames", ()):
            raise Refusal("ResourceNotFoundException", "no such version", 400)
        return act()

    world.emulator.gate = strict
    states = {world.model: State.STOPPED, stranger: State.MISSING, neighbour: State.STOPPED}
    for asked in ([world.model, stranger], [world.model, stranger, neighbour]):
        world.calls.clear()
        seen = world.service.observe(asked)
        assert [seen[each.id].state for each in asked] == [states[each] for each in asked]
        assert len(world.calls) == 2


def test_a_version_of_that_name_under_another_arn_is_another_model():
    world = World("rekognition")
    keys = KEYS["rekognition"](1)
    again = rekognition.SPEC.target(
        {**keys, "project_version_arn": f"{keys['project_version_arn']}9"}
    )
    assert world.look(again).state is State.MISSING


@pytest.mark.parametrize(
    "project",
    [
        f"arn:aws:rekognition:{REGION}:123456789012:project/primer/1768035000000",
        f"arn:aws:rekognition:{REGION}:210987654321:project/paint/1768035000000",
        "arn:aws:rekognition:us-east-1:123456789012:project/paint/1768035000000",
    ],
)
def test_a_version_of_another_project_is_refused(project):
    keys = {**KEYS["rekognition"](1), "project_arn": project}
    with pytest.raises(InvalidPlant, match=project):
        rekognition.SPEC.target(keys)


def test_no_token_is_sent_because_the_service_has_none():
    world = World("rekognition")
    world.service.start(world.model, 2, None, "first")
    assert sorted(world.calls[0].params) == ["MinInferenceUnits", "ProjectVersionArn"]
