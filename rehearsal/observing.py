"""What would an adapter see of an emulated model, where nothing goes over a wire?"""

from collections.abc import Mapping

from punchclock.observations import Observation, State
from rehearsal.emulator.hosting import HostedModel, Phase

STATES: Mapping[Phase, State] = {
    Phase.NEW: State.STOPPED,
    Phase.STARTING: State.STARTING,
    Phase.RUNNING: State.RUNNING,
    Phase.UPDATING: State.UPDATING,
    Phase.STOPPING: State.STOPPING,
    Phase.STOPPED: State.STOPPED,
    Phase.FAILED: State.FAILED,
}
"""What the services' words mean, in a word of ours."""


def observation(model: HostedModel) -> Observation:
    """Return what a model does, as its service would have said it."""
    phase = model.phase
    return Observation(state=STATES[phase], word=phase.upper(), units=model.min_units)
