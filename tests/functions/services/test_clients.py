"""How long a service may be silent before it is given up."""

from functions.services.clients import BRIEF, ONCE, PATIENT


def test_a_look_is_taken_twice_within_ten_seconds():
    assert (PATIENT.connect_timeout, PATIENT.read_timeout) == (1, 4)
    assert PATIENT.retries == {"mode": "standard", "total_max_attempts": 2}


def test_a_start_or_stop_is_sent_once_and_its_answer_waited_for_longer():
    assert (ONCE.connect_timeout, ONCE.read_timeout) == (2, 10)
    assert ONCE.retries == {"mode": "standard", "total_max_attempts": 1}


def test_what_a_sweep_can_do_without_is_given_up_within_six_seconds():
    assert (BRIEF.connect_timeout, BRIEF.read_timeout) == (1, 2)
    assert BRIEF.retries == {"mode": "standard", "total_max_attempts": 2}
