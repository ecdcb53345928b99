"""The one writable folder of an installation and what lies in it. Standard library only."""

import os

NAMES = ("", "uploads", "static", "cache", "logs", "broker", "broker/queue", "broker/control", "metrics")
LOCK = ".in-use"  # held by a running portal


def make_folders(var):
    """Make what is missing below `var`, closed to others, and prove that it is writable. Raises OSError."""
    for name in NAMES:
        os.makedirs(os.path.join(var, name), mode=0o700, exist_ok=True)
    probe = os.path.join(var, f".probe-{os.getpid()}")
    with open(probe, "w", encoding="ascii"):
        pass
    os.remove(probe)
