"""Where does botocore find the services that it no longer describes itself?

botocore dropped Lookout for Vision in 1.40.61. The folder ``data`` beside this module holds our own
description of the operations that we call, in botocore's format, and is put on its search path.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from botocore.loaders import Loader

if TYPE_CHECKING:
    from botocore.session import Session

DATA = str(Path(__file__).with_name("data"))
"""A folder as botocore wants it: service, API version, files."""


def add(session: "Session") -> None:
    """Let a botocore session make clients of the services described in ``DATA``.

    Doing it again does nothing. A new loader is registered because the old one may already have
    listed the services it knows, and never lists them twice.
    """
    paths = session.get_component("data_loader").search_paths
    if DATA not in paths:
        found = Loader(extra_search_paths=[*paths, DATA], include_default_search_paths=False)
        session.register_component("data_loader", found)
