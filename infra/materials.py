"""What is an asset made of? A list of its materials, in the format that scanners read (CycloneDX).

``python -m infra.materials FILE`` writes it; so does ``make sbom``. The same commit makes the same
list.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from infra.names import version
from infra.pieces import PINS, ROOT, WrongVersion, distributions

_CLASSIFIER = "License :: OSI Approved :: "


def materials(pins: Path = PINS) -> str:
    """Return the list as JSON. Raises ``WrongVersion`` when a library is not the pinned one."""
    ours = Component(
        type=ComponentType.APPLICATION,
        bom_ref="punchclock",
        name="punchclock",
        version=version(),
        licenses=[LicenseFactory().make_from_string("Apache-2.0")],
    )
    made = Bom(components=[_component(each) for each in distributions(pins)])
    made.metadata.component = ours
    made.register_dependency(ours, made.components)
    # Neither by chance nor of the day: what it tells of is a function of the commit.
    made.serial_number = uuid5(NAMESPACE_URL, pins.read_text(encoding="utf-8"))
    made.metadata.timestamp = None  # type: ignore[assignment]
    return JsonV1Dot6(made).output_as_string(indent=2) + "\n"


def _component(found: Distribution) -> Component:
    name = found.name.lower().replace("_", "-")
    page = XsUri(f"https://pypi.org/project/{name}/{found.version}/")
    purl = PackageURL("pypi", None, name, found.version)
    return Component(
        type=ComponentType.LIBRARY,
        bom_ref=str(purl),
        name=name,
        version=found.version,
        purl=purl,
        licenses=list(_licences(found)),
        external_references=[ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=page)],
    )


def _licences(found: Distribution) -> Iterator[License]:
    """Yield what a distribution says of its licence, in the newest of the fields that it fills."""
    said = found.metadata.get_all("License-Expression")
    said = said or [
        each.removeprefix(_CLASSIFIER)
        for each in found.metadata.get_all("Classifier", [])
        if each.startswith(_CLASSIFIER)
    ]
    for each in said or found.metadata.get_all("License", []):
        yield LicenseFactory().make_from_string(each)


def main(arguments: list[str]) -> int:
    """Write the list to the file that is named; return 1, after saying why, where it cannot."""
    file = Path(arguments[0]) if arguments else ROOT / "build" / "sbom.json"
    try:
        text = materials()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except (WrongVersion, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - this is a program
        return 1
    print(file)  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
