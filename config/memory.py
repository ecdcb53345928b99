"""How the garbage collector behaves in processes that answer requests: Python's own pace is made for small programs."""

import gc

# Objects that hold others, made and not freed, before the young are looked through. Whole pages of rows stay below it.
YOUNG = 200_000


def settle() -> None:
    """Leave alone what is loaded by now, for good, and look through what a request makes only where it makes very much.

    Nearly all that a request makes is freed by its counts of references the moment it ends; only circles wait for the collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
