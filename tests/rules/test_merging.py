"""Joining what two people typed: nothing is lost unseen, whatever the order of messages."""

from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.merging import merge

CELLS = st.fixed_dictionaries({name: st.sampled_from(["", "1", "2", "3"]) for name in "abc"})


def test_a_cell_that_only_one_changed_is_taken_over():
    merged, conflicts = merge({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"})
    assert merged == {"a": "2", "b": "3"} and not conflicts


def test_a_cell_that_both_changed_stays_as_stored_and_is_named():
    merged, conflicts = merge({"a": "1"}, {"a": "2"}, {"a": "3"})
    assert merged == {"a": "3"} and conflicts == {"a"}


@given(CELLS, CELLS, CELLS)
def test_nothing_stored_by_another_is_overwritten(base, typed, stored):
    merged, conflicts = merge(base, typed, stored)
    for name in base:
        assert merged[name] in (typed[name], stored[name])
        if stored[name] != base[name]:
            assert merged[name] == stored[name]
        if name in conflicts:
            assert len({base[name], typed[name], stored[name]}) == 3


@given(CELLS, CELLS, CELLS)
def test_the_same_message_again_changes_nothing(base, typed, stored):
    merged, conflicts = merge(base, typed, stored)
    again, found = merge(base, typed, merged)
    assert again == merged and found == conflicts


@given(CELLS, CELLS)
def test_alone_everything_typed_is_stored(base, typed):
    assert merge(base, typed, base) == (typed, frozenset())
