"""What an error is called, and what one means that nobody has described."""

import pytest
from botocore.exceptions import ClientError

from functions.services.refusals import code, translated
from punchclock.errors import Refused


def test_an_error_without_a_word_of_its_own_is_named_by_none():
    assert code(ClientError({}, "StartModel")) == ""


def test_an_error_of_which_nothing_is_known_is_a_refusal():
    with pytest.raises(Refused, match="StartModel"), translated({}):
        raise ClientError({}, "StartModel")
