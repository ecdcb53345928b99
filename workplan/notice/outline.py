"""Which candidates are the numbers of the notice: the best sequence that counts as people count.

Dynamic programming over the candidates in reading order. A state is, for each level, the last number and whether its list is still
open; for each state only the best way there is kept, and of all states only the few best, so that the work for a candidate is bounded and
the whole is linear in their number.
"""

from .model import Confidence
from .numbering import Edge, Level, Token

STATES = 8
LEVELS = len(Level)
MOST_CANDIDATES = 200_000
# What a candidate is worth by what stands before it.
WORTH = {Edge.LINE: 3.0, Edge.SENTENCE: 2.0, Edge.PAUSE: 0.6, Edge.WORD: 0.4}
WORTH_RUNNING = {Edge.LINE: 2.0, Edge.SENTENCE: 1.8, Edge.PAUSE: 1.4, Edge.WORD: 0.0}
NEXT = 1.5  # the number that follows
OPENING = -1.2  # a list of one alone is no list
CARRY = 1.2  # numbers that run on under the next heading
RESTART = -4.5  # one again, where nothing separates the lists
RESTART_HEADED = 0.5
SKIPPED = -2.5  # for each number that is missing
AGAIN = -2.5  # the same number twice
LATE_START = -4.0  # a list that does not begin at one
MOST_SKIPPED = 3


def best_sequence(candidates: list[Token]) -> list[Token]:
    """Return the candidates that together make the best outline, in order."""
    beam: list[tuple[float, tuple[int, ...], tuple | None]] = [(0.0, (0,) * LEVELS, None)]
    for token in candidates[:MOST_CANDIDATES]:
        worth = (WORTH_RUNNING if token.level == Level.RUNNING else WORTH)[token.edge]
        best = {state: (score, state, path) for score, state, path in beam}
        for score, state, path in beam:
            change = _change(state, token)
            if change is None:
                continue
            after = _after(state, token)
            total = score + worth + change
            if after not in best or best[after][0] < total:
                best[after] = (total, after, (token, path))
        beam = list(best.values())
        if len(beam) > STATES:
            beam.sort(key=_score, reverse=True)
            del beam[STATES:]
    path = max(beam, key=_score)[2]
    chosen = []
    while path is not None:
        chosen.append(path[0])
        path = path[1]
    return chosen[::-1]


def _score(entry: tuple) -> float:
    return entry[0]


def _change(state: tuple[int, ...], token: Token) -> float | None:
    """Return what taking the token adds beside its worth, None where its number cannot stand there.

    A state holds for each level the last number: positive while its list is open, negative when a higher heading has closed it.
    """
    last, number = state[token.level], token.number
    expected = abs(last) + 1
    if last > 0:
        if number == expected:
            return NEXT
        if number == 1:
            return RESTART_HEADED if token.headed else RESTART
        if number == last:
            return AGAIN
    elif number == 1:
        return OPENING if last == 0 else 0.0
    elif last < 0 and number == expected:
        return CARRY
    elif last == 0:
        return LATE_START if number <= MOST_SKIPPED and token.edge >= Edge.SENTENCE else None
    missing = number - expected
    return SKIPPED * missing if 0 < missing <= MOST_SKIPPED and token.edge >= Edge.SENTENCE else None


def _after(state: tuple[int, ...], token: Token) -> tuple[int, ...]:
    level = token.level
    deeper = state[level + 1 :]
    if any(number > 0 for number in deeper):
        deeper = tuple(-abs(number) for number in deeper)
    return (*state[:level], token.number, *deeper)


def sureness(token: Token, before: Token | None) -> Confidence:
    """Say how sure a chosen number is. before: the one chosen before it on its level."""
    counted = token.number == 1 or (before is not None and token.number == before.number + 1)
    if not counted:
        return Confidence.LOW
    return Confidence.HIGH if token.edge >= Edge.SENTENCE else Confidence.MEDIUM
