"""What is special about Lookout for Vision."""

import pytest
from botocore.exceptions import EndpointConnectionError, UnknownServiceError
from botocore.stub import Stubber

from functions.services import clients, descriptions, lookoutvision
from punchclock.errors import NotYet
from punchclock.observations import Observation, State
from tests.functions.services.worlds import REGION, World, session, target


@pytest.fixture
def client():
    made = session()
    descriptions.add(made)
    return made.create_client("lookoutvision", region_name=REGION)


def test_botocore_no_longer_knows_the_service_by_itself():
    with pytest.raises(UnknownServiceError):
        session().create_client("lookoutvision", region_name=REGION)


def test_the_description_is_found_by_a_session_that_has_made_clients_before():
    made = session()
    made.create_client("rekognition", region_name=REGION)
    descriptions.add(made)
    assert made.create_client("lookoutvision", region_name=REGION)


def test_adding_the_description_again_changes_nothing():
    made = session()
    descriptions.add(made)
    loader = made.get_component("data_loader")
    descriptions.add(made)
    assert made.get_component("data_loader") is loader
    assert loader.search_paths.count(descriptions.DATA) == 1


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("eu-central-1", "https://lookoutvision.eu-central-1.amazonaws.com"),
        ("us-east-1", "https://lookoutvision.us-east-1.amazonaws.com"),
        ("cn-north-1", "https://lookoutvision.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_client_asks_the_services_address_in_its_region(region, endpoint):
    made = session()
    descriptions.add(made)
    client = made.create_client("lookoutvision", region_name=region, config=clients.ONCE)
    urls = []

    def unplug(request, **_):
        urls.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    client.meta.events.register("before-send", unplug)
    with pytest.raises(EndpointConnectionError):
        client.describe_model(ProjectName="circuit-boards", ModelVersion="1")
    assert urls == [f"{endpoint}/2020-11-20/projects/circuit-boards/models/1"]


@pytest.mark.parametrize("operation", ["DescribeModel", "ListModels", "StartModel", "StopModel"])
def test_every_error_of_the_description_means_something(client, operation):
    model = client.meta.service_model.operation_model(operation)
    described = {
        shape.name: shape.metadata["error"]["httpStatusCode"] for shape in model.error_shapes
    }
    assert set(described) <= set(lookoutvision.MEANINGS)
    assert described["ConflictException"] == 409
    assert ("ServiceQuotaExceededException" in described) == (operation == "StartModel")


def test_every_status_of_the_description_means_something(client):
    statuses = client.meta.service_model.shape_for("ModelStatus").enum
    assert set(statuses) == set(lookoutvision.STATES)
    hosting = client.meta.service_model.shape_for("ModelHostingStatus").enum
    assert set(hosting) == set(statuses) - {"TRAINING", "TRAINED", "TRAINING_FAILED", "DELETING"}


def test_a_verb_is_permitted_the_call_that_it_makes():
    spec = lookoutvision.SPEC
    actions = [grants.actions for grants in (spec.observe, spec.start, spec.stop)]
    assert actions == [(f"lookoutvision:{verb}Model",) for verb in ("Describe", "Start", "Stop")]


def test_a_description_may_say_no_more_than_the_status(client):
    model = target("lookoutvision")
    with Stubber(client) as stubber:
        stubber.add_response("describe_model", {"ModelDescription": {"Status": "HOSTED"}})
        seen = lookoutvision.LookoutVision(client, client).observe([model])
    assert seen == {model.id: Observation(state=State.RUNNING, word="HOSTED")}


def test_models_are_listed_page_by_page(client):
    world = World("lookoutvision")
    for number in range(2, 8):
        world.add(number)
    client.meta.events.register("before-send", world.emulator.answer)
    pages = client.get_paginator("list_models").paginate(
        ProjectName="circuit-boards", PaginationConfig={"PageSize": 3}
    )
    versions = [[model["ModelVersion"] for model in page["Models"]] for page in pages]
    assert versions == [["1", "2", "3"], ["4", "5", "6"], ["7"]]


def test_a_client_without_a_token_makes_one(client):
    world = World("lookoutvision")
    client.meta.events.register("before-send", world.emulator.answer)
    client.start_model(ProjectName="circuit-boards", ModelVersion="1", MinInferenceUnits=2)
    assert world.calls[0].params["ClientToken"]


def test_the_token_is_sent_as_given():
    world = World("lookoutvision")
    world.service.start(world.model, 2, None, "start-of-early")
    world.finish()
    world.service.stop(world.model, "stop-of-early")
    tokens = [call.params["ClientToken"] for call in world.calls]
    assert tokens == ["start-of-early", "stop-of-early"]


def test_a_token_that_was_used_before_starts_nothing():
    world = World("lookoutvision")
    world.service.start(world.model, 2, None, "the-same")
    world.finish()
    world.service.stop(world.model, "another")
    world.finish()
    world.service.start(world.model, 2, None, "the-same")
    assert world.look().word == "TRAINED"


def test_a_token_that_was_used_for_something_else_is_not_yet():
    world = World("lookoutvision")
    world.service.start(world.model, 2, None, "the-same")
    with pytest.raises(NotYet):
        world.service.start(world.model, 3, None, "the-same")
