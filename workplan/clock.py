"""The only source of the business date (DESIGN rule 9)."""

from accounts.clock import is_pinned, pinned, today

__all__ = ["is_pinned", "pinned", "today"]
