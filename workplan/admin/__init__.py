"""The plan and its reports in the data maintenance site."""

from . import (  # noqa: F401  (registers the admin classes)
    adhoc,
    amendments,
    intakes,
    plan,
    records,
    remarks,
    reporting,
    rollups,
    supervision,
)
