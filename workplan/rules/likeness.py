"""Which entries of two lists speak of the same thing: tasks of this year and last year's, written by others in other words."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

LIKE = 0.5
One = TypeVar("One", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, 0 to 1: twice the neighbouring pairs of characters that both have, over all (Dice 1945).

    Marks and blanks do not count. Texts of a single character are alike only where they are the same.
    """
    return _dice(_pairs(one), _pairs(other))


def pair_up(
    ones: Mapping[One, str], others: Mapping[Other, str], floor: float = LIKE
) -> dict[One, tuple[Other, float]]:
    """Return for the entries of `ones` that have one their counterpart among `others` and how alike the two are.

    The most alike find each other first, each once, none below `floor`; between equals the order of the lists decides.
    """
    found = {key: _pairs(text) for key, text in others.items()}
    holders: dict[str, list[Other]] = defaultdict(list)
    for key, pairs in found.items():
        for pair in pairs:
            holders[pair].append(key)
    order = {key: place for place, key in enumerate(others)}
    graded = []
    for place, (key, text) in enumerate(ones.items()):
        pairs = _pairs(text)
        near = {other for pair in pairs for other in holders.get(pair, ())}
        graded += [(-_dice(pairs, found[other]), place, order[other], key, other) for other in near]
    matched: dict[One, tuple[Other, float]] = {}
    taken: set[Other] = set()
    for grade, _, _, key, other in sorted(graded, key=lambda entry: entry[:3]):
        if -grade >= floor and key not in matched and other not in taken:
            matched[key] = other, -grade
            taken.add(other)
    return matched


def _pairs(text: str) -> frozenset[str]:
    bare = "".join(character for character in text if character.isalnum())
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1)) or frozenset([bare] if bare else [])


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
