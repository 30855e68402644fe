"""What goes wrong for one keeps nobody else waiting, and all of it is told at the end."""

import pytest

from functions.failures import Failures
from punchclock.errors import ComeAgain, Throttled, Unforeseen


def test_what_is_set_aside_is_told_at_the_end_by_name_with_all_its_causes():
    failures = Failures()
    handled = []
    for name, error in (("paint", Throttled("slow down")), ("glue", KeyError("Spec"))):
        with failures.of(name):
            handled.append(name)
            raise error
    assert handled == ["paint", "glue"]
    with pytest.raises(ComeAgain) as caught:
        failures.tell()
    assert str(caught.value) == "paint: slow down; glue: KeyError: 'Spec'"
    cause = caught.value.__cause__
    assert isinstance(cause, ExceptionGroup)
    assert cause.message == "set aside"
    assert [type(each) for each in cause.exceptions] == [Throttled, Unforeseen]


def test_where_nothing_went_wrong_there_is_nothing_to_tell():
    failures = Failures()
    with failures.of("paint"):
        pass
    failures.tell()
