"""Which section app a section of the notice belongs to: as it was before, else by words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workplan.rules.likeness import likeness

ALIKE = 0.6
COMMON = frozenset({"民政", "行动", "服务", "管理", "工作", "建设", "推进"})  # every section has them


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


def propose_app(
    title: str, earlier: Iterable[Earlier], words: Mapping[str, tuple[str, str]], tasks: Iterable[str] = ()
) -> Proposed:
    """Return the app for a section. earlier: the newest first; words: each app's name and the names of what it keeps.

    A title that an earlier plan had decides; then the earlier title most like it; then the words that one app alone has, in the title
    or else in the titles of the section's tasks.
    """
    earlier = list(earlier)
    same = next((one for one in earlier if _bare(one.title) == _bare(title)), None)
    if same:
        return Proposed(same.app, f"与{same.year}年板块同名")
    graded = [(likeness(title, one.title), -place, one) for place, one in enumerate(earlier)]
    grade, _, nearest = max(graded, key=lambda entry: entry[:2], default=(0.0, 0, None))
    if nearest and grade >= ALIKE:
        return Proposed(nearest.app, f"与{nearest.year}年“{nearest.title}”相近")
    return _by_words(title, words, "标题") or _by_words(" ".join(tasks), words, "任务") or Proposed()


def _by_words(text: str, words: Mapping[str, tuple[str, str]], where: str) -> Proposed | None:
    """Return the app whose own words the text has most of, those of its name counted twice; none where two have as many."""
    names, kept = (_own({app: both[part] for app, both in words.items()}) for part in (0, 1))
    said = _pairs(text) - COMMON
    found = {app: (sorted(said & names[app]), sorted(said & kept[app] - names[app])) for app in words}
    score = {app: 2 * len(name) + len(rest) for app, (name, rest) in found.items()}
    most = max(score.values(), default=0)
    best = [app for app, count in score.items() if count == most]
    if not most or len(best) > 1:
        return None
    shown = [pair for part in found[best[0]] for pair in part][:3]
    return Proposed(best[0], f"{where}中有“{'”“'.join(shown)}”")


def _own(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return for each app the pairs of characters that no other has."""
    pairs = {app: _pairs(text) for app, text in texts.items()}
    holders = Counter(pair for found in pairs.values() for pair in found)
    return {app: frozenset(pair for pair in found if holders[pair] == 1) for app, found in pairs.items()}


def _pairs(text: str) -> frozenset[str]:
    parts = "".join(character if character.isalnum() else " " for character in text).split()
    return frozenset(part[at : at + 2] for part in parts for at in range(len(part) - 1))


def _bare(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
