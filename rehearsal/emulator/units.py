"""How are inference units asked for, and told? Lookout for Vision and Rekognition do it alike."""

from collections.abc import Mapping

from rehearsal.emulator.hosting import HostedModel
from rehearsal.emulator.refusals import Kind, Trouble


def asked(params: Mapping[str, object]) -> tuple[int, int | None]:
    """Return the least and the most units that a start asks for. Raises ``Trouble`` (INVALID)."""
    least, most = params.get("MinInferenceUnits"), params.get("MaxInferenceUnits")
    if not isinstance(least, int) or least < 1:
        raise Trouble(Kind.INVALID, f"MinInferenceUnits: {least}; a whole number from 1 would do")
    if most is not None and (not isinstance(most, int) or most < least):
        raise Trouble(Kind.INVALID, f"MaxInferenceUnits: {most}; {least} or more would do")
    return least, most


def told(model: HostedModel) -> dict[str, object]:
    """Return what a description says of units: those of the latest start, nothing before it."""
    units = {"MinInferenceUnits": model.min_units, "MaxInferenceUnits": model.max_units}
    return {key: value for key, value in units.items() if value is not None}
