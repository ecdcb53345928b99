"""Targets that two items state alike: 100户 in one and 100户 in another, of the same thing."""

from collections import defaultdict

from .model import Duplicate, Item

ALIKE = 0.5
MOST_COMPARED = 40  # of those with the same value and unit, so that a long list of equal numbers costs no square


def find_duplicates(items: list[Item]) -> list[Duplicate]:
    """Return pairs of targets in different items with the same value and unit that speak of the same thing."""
    groups = defaultdict(list)
    for at, item in enumerate(items):
        for place, target in enumerate(item.targets):
            if target.kind in ("count", "ceiling", "rate", "coverage") and target.strength == "hard":
                groups[target.value, target.unit].append(((at, place), pairs(target.measure), target))
    found = []
    for (value, unit), group in groups.items():
        for at, (place, words, target) in enumerate(group):
            for other, other_words, earlier in group[max(0, at - MOST_COMPARED) : at]:
                if other[0] != place[0] and alike(words, other_words) >= ALIKE and not _in_words_alone(target, earlier):
                    found.append(Duplicate(other, place, f"同为{value.normalize():f}{unit}，所指相近"))
                    break
    return found


def _in_words_alone(first, second) -> bool:
    """100 % from 全覆盖 is said of many things; they are alike only where the words are the same."""
    return first.unit == "%" and first.measure != second.measure


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters, of the first that a measure can have."""
    bare = "".join(word for word in text[:60] if word.isalnum())
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Return which share of the smaller's pairs the other has."""
    small = min(len(first), len(second))
    return len(first & second) / small if small else 0.0
