"""Which section app a section of the notice belongs to: as it was before, else by words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workplan.rules.likeness import likeness

ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Earlier:
    """A section of an earlier plan."""

    title: str
    app: str
    year: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """A section app and, in Chinese, why it is proposed; both "" where nothing speaks for any."""

    app: str = ""
    reason: str = ""


def propose_app(title: str, earlier: Iterable[Earlier], words: Mapping[str, str]) -> Proposed:
    """Return the app for a section. earlier: the newest first; words: for each app what its business line is called and keeps.

    A title that an earlier plan had decides; then the earlier title most like it; then the words that one app alone has.
    """
    earlier = list(earlier)
    same = next((one for one in earlier if _bare(one.title) == _bare(title)), None)
    if same:
        return Proposed(same.app, f"与{same.year}年板块同名")
    graded = [(likeness(title, one.title), -place, one) for place, one in enumerate(earlier)]
    grade, _, nearest = max(graded, key=lambda entry: entry[:2], default=(0.0, 0, None))
    if nearest and grade >= ALIKE:
        return Proposed(nearest.app, f"与{nearest.year}年“{nearest.title}”相近")
    return _by_words(title, words)


def _by_words(title: str, words: Mapping[str, str]) -> Proposed:
    """Return the app whose own words the title has most of; none where two have as many."""
    own = {app: _pairs(text) for app, text in words.items()}
    holders = Counter(pair for pairs in own.values() for pair in pairs)
    said = _pairs(title)
    found = {app: sorted(pair for pair in said & pairs if holders[pair] == 1) for app, pairs in own.items()}
    most = max((len(pairs) for pairs in found.values()), default=0)
    best = [app for app, pairs in found.items() if len(pairs) == most]
    if not most or len(best) > 1:
        return Proposed()
    return Proposed(best[0], f"标题中有“{'”“'.join(found[best[0]][:3])}”")


def _pairs(text: str) -> frozenset[str]:
    parts = "".join(character if character.isalnum() else " " for character in text).split()
    return frozenset(part[at : at + 2] for part in parts for at in range(len(part) - 1))


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
