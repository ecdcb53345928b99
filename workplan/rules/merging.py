"""Two people write one sheet: what one typed is joined with what another stored meanwhile, cell by cell."""

from collections.abc import Mapping
from typing import Any


def merge(
    base: Mapping[str, Any], typed: Mapping[str, Any], stored: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what results by name of the cell, and the names of the cells that both changed, each in another way.

    base: what the writer had before him. A cell that he left as it was keeps what is stored, and so does one in conflict: nothing
    that somebody else stored is overwritten unseen. The same change made twice is no conflict, so that a message may come twice.
    """
    merged, conflicts = {}, set()
    for name, value in typed.items():
        now = stored[name]
        untouched = value in (base[name], now)
        merged[name] = now if untouched or now != base[name] else value
        if not untouched and now != base[name]:
            conflicts.add(name)
    return merged, frozenset(conflicts)
