"""Entries of two lists that speak of the same thing find each other."""

from hypothesis import given
from hypothesis import strategies as st

from workplan.rules.likeness import likeness, pair_up

TEXTS = st.text("养老服务改造适老化一二三，、 ", max_size=12)


def test_marks_and_blanks_do_not_tell_texts_apart():
    assert likeness("实施“居家适老化改造”", "实施居家 适老化改造。") == 1


def test_texts_without_a_common_pair_are_not_alike():
    assert likeness("殡葬改革", "养老服务") == 0


def test_texts_without_a_letter_are_like_nothing():
    assert likeness("", "") == 0
    assert likeness("，", "养") == 0


def test_single_characters_are_alike_where_they_are_the_same():
    assert likeness("养", "养。") == 1


@given(TEXTS, TEXTS)
def test_likeness_is_mutual_and_a_share(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


def test_the_most_alike_find_each_other_first():
    old = {1: "实施居家适老化改造", 2: "居家适老化改造补贴发放", 3: "殡葬改革"}
    new = {"a": "居家适老化改造", "b": "发放居家适老化改造补贴", "c": "社会组织年检"}
    found = pair_up(new, old)
    assert {key: other for key, (other, _) in found.items()} == {"a": 1, "b": 2}


def test_of_equals_the_first_of_both_lists_is_taken():
    found = pair_up({"a": "走访", "b": "走访"}, {1: "走访", 2: "走访", 3: "走访"})
    assert found == {"a": (1, 1.0), "b": (2, 1.0)}


@given(st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=8), st.sampled_from([0.3, 0.5, 0.9]))
def test_pairs_are_one_to_one_and_alike_enough_and_none_is_missed(new, old, floor):
    ones, others = dict(enumerate(new)), dict(enumerate(old))
    found = pair_up(ones, others, floor)
    taken = [other for other, _ in found.values()]
    assert len(taken) == len(set(taken))
    assert all(grade == likeness(ones[one], others[other]) >= floor for one, (other, grade) in found.items())
    left = [(one, other) for one in ones if one not in found for other in others if other not in taken]
    assert all(likeness(ones[one], others[other]) < floor for one, other in left)
