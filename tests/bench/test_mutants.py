"""Mutants: which mistakes are tried, and are they noticed?"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from bench.mutation.baseline import Baseline, digests_of
from bench.mutation.mutants import Mutant, mutants
from bench.mutation.records import Record
from bench.mutation.trials import replace_function


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a is not b", {"a is b"}),
        ("a < b in c", {"a <= b in c", "a >= b in c", "a < b not in c"}),
        ("a and b", {"a or b", "a", "b"}),
        ("not a", {"a"}),
        ("a + b * c", {"a - b * c", "a + (b + c)"}),
        ("a if b else c", {"a if True else c", "a if False else c"}),
        ("[a for a in b if a]", {"[a for a in b]"}),
        ("max(a, b)", {"min(a, b)"}),
        ("sorted(a)", {"list(a)"}),
        ("f(a, b=c)", {"f(a)"}),
        ("{a, b}", {"{a}", "{b}"}),
        ("{a: b}", {"{}"}),
        ("2", {"3"}),
        ("True", {"False"}),
        ("'text'", {"''"}),
        ("f'{a:>3} text'", {"''"}),
        ("a.b(c)", set()),
        ("None", set()),
    ],
)
def test_a_value_is_mistaken_for_others(before, after):
    assert {each.source for each in mutants(f"x = {before}")} == {f"x = {each}" for each in after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", {"pass"}),
        ("a += b", {"pass"}),
        ("raise a", {"pass"}),
        ("while a:\n    f", {"while False:\n    f", "while a:\n    pass"}),
        ("if a:\n    import b", {"if True:\n    import b", "if False:\n    import b"}),
        ("'''Words.'''", set()),
        ("a: b[2] = c", set()),
        ("__all__ = ['a']", set()),
        ("T = TypeVar('T')", set()),
        ("if TYPE_CHECKING:\n    import b", set()),
    ],
)
def test_a_statement_is_left_out_or_its_branch_forced(before, after):
    assert {each.source for each in mutants(before)} == after


SOURCE = '''
class Card:
    """Words."""

    limit = 3

    @property
    def late(self):
        return self.limit > 2
'''


def test_a_mutant_says_where_it_is_and_what_it_changes():
    assert [(each.id, each.line, each.function) for each in mutants(SOURCE)] == [
        ("Card: `3` → `4`", 5, None),
        ("Card.late: `return self.limit > 2` → `return None`", 9, "Card.late"),
        ("Card.late: `self.limit > 2` → `self.limit >= 2`", 9, "Card.late"),
        ("Card.late: `self.limit > 2` → `self.limit <= 2`", 9, "Card.late"),
        ("Card.late: `2` → `3`", 9, "Card.late"),
    ]


def test_a_mutant_takes_the_place_of_its_function_for_all_who_have_imported_it(tmp_path):
    path = tmp_path / "card.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = spec_from_file_location("card", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    card = module.Card()
    assert card.late is True
    replace_function(module, list(mutants(SOURCE))[-1])
    assert card.late is False


MODULE = Path("punchclock/costs.py")
OWN, NEAR, FAR = "tests/punchclock/test_costs.py::a", "tests/b.py::b", "tests/c.py::c"


def measured(own: str = "as it is", **lines: list[str]) -> Baseline:
    reached = {"line_3": [FAR, NEAR, OWN], "line_4": [NEAR], "line_5": []} | lines
    return Baseline(
        seconds={OWN: 9.0, NEAR: 0.5, FAR: 60.0},
        reached={str(MODULE): {name[-1]: tests for name, tests in reached.items()}},
        digests={
            "tests/punchclock/test_costs.py": {"a": own, "z": "another test"},
            "tests/b.py": {"b": "b"},
            "tests/c.py": {"c": "c"},
        },
    )


def test_tests_that_reach_a_line_are_tried_with_those_of_its_own_module_first():
    baseline = measured()
    assert baseline.tests(MODULE, 3) == [[OWN], [NEAR]]
    assert baseline.tests(MODULE, 4) == [[NEAR]]
    assert baseline.tests(MODULE, 5) == [[OWN], [NEAR]]
    assert baseline.tests(Path("punchclock/plans.py"), 5) == []


def test_a_modules_tests_may_lie_in_several_files():
    own = ["tests/functions/test_sweep.py::a", "tests/functions/test_sweep_turns.py::a"]
    other = "tests/functions/test_sweeping.py::a"
    baseline = Baseline(
        seconds=dict.fromkeys([*own, other], 0.1),
        reached={"functions/sweep.py": {"3": [other, *own]}},
        digests={name.partition("::")[0]: {} for name in [*own, other]},
    )
    assert baseline.tests(Path("functions/sweep.py"), 3) == [own, [other]]


def test_a_module_without_tests_of_its_own_has_those_of_its_folder():
    own, other = "tests/punchclock/test_advice.py::a", "tests/punchclock/test_plans.py::a"
    baseline = Baseline(
        seconds={own: 2.0, other: 1.0},
        reached={"punchclock/advice/idle.py": {"3": [other, own]}},
        digests={"tests/punchclock/test_advice.py": {}, "tests/punchclock/test_plans.py": {}},
    )
    assert baseline.tests(Path("punchclock/advice/idle.py"), 3) == [[own], [other]]


def test_a_test_is_another_where_it_or_what_it_shares_has_changed_and_not_where_others_have(
    tmp_path,
):
    def digest(text: str, shared: str = "worlds") -> str:
        file = tmp_path / "test_costs.py"
        file.write_text(text, encoding="utf-8")
        return digests_of(file, shared)["test_a"]

    one = "TWO = 2\ndef test_a(): assert TWO"
    assert digest(one) == digest(f"{one}\ndef test_b(): pass")
    assert digest(one) != digest(one.replace("= 2", "= 3"))
    assert digest(one) != digest(one.replace("assert", "assert not"))
    assert digest(one) != digest(one, "mornings")


ONE = Mutant(id="cost: `1` → `2`", line=3, function="cost", source="")


def told(folder: Path, source: str, baseline: Baseline) -> list[bool]:
    record = Record.of(MODULE, source, baseline, folder)
    return list(record.verdicts([ONE]).values())


def test_of_a_mutant_that_nobody_has_tried_nothing_is_known(tmp_path):
    assert told(tmp_path, "source", measured()) == []


def test_the_killed_is_dead_while_its_module_and_its_killer_are_the_same(tmp_path):
    Record.of(MODULE, "source", measured(), tmp_path).tell(ONE, OWN)
    assert told(tmp_path, "source", measured()) == [True]
    assert told(tmp_path, "source", measured(line_3=[OWN])) == [True]
    assert told(tmp_path, "other source", measured()) == []
    assert told(tmp_path, "source", measured(own="changed")) == []


def test_the_survivor_is_tried_again_where_a_test_that_reaches_it_is_new_or_changed(tmp_path):
    Record.of(MODULE, "source", measured(), tmp_path).tell(ONE, "")
    assert told(tmp_path, "source", measured()) == [False]
    assert told(tmp_path, "source", measured(line_4=[OWN])) == [False]
    assert told(tmp_path, "source", measured(line_3=[NEAR, OWN])) == []
    assert told(tmp_path, "source", measured(own="changed")) == []
