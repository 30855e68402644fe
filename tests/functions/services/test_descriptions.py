"""Where a session looks for descriptions of services."""

import botocore.session
from botocore.loaders import Loader

from functions.services import descriptions


def test_our_folder_is_looked_into_after_those_that_the_session_has_and_no_others(tmp_path):
    made = botocore.session.Session()
    only = Loader(extra_search_paths=[str(tmp_path)], include_default_search_paths=False)
    made.register_component("data_loader", only)
    for _ in range(2):
        descriptions.add(made)
        paths = made.get_component("data_loader").search_paths
        assert paths == [str(tmp_path), descriptions.DATA]


def test_a_session_that_has_looked_for_services_finds_ours_all_the_same():
    made = botocore.session.Session()
    assert "lookoutvision" not in made.get_available_services()
    descriptions.add(made)
    assert "lookoutvision" in made.get_available_services()


def test_a_session_that_has_our_folder_keeps_what_it_has_read():
    made = botocore.session.Session()
    descriptions.add(made)
    loader = made.get_component("data_loader")
    descriptions.add(made)
    assert made.get_component("data_loader") is loader
