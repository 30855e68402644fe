"""Which model services are there?

A service is added with one module beside this one, one line here, and the contract suite.
"""

from functions.services import lookoutvision, rekognition
from functions.services.spec import Spec

SPECS: dict[str, Spec] = {spec.name: spec for spec in (lookoutvision.SPEC, rekognition.SPEC)}
"""Every model service by its name in the plant file."""
