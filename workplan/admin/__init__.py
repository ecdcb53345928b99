"""The plan and its reports in the data maintenance site."""

from . import intakes, plan, records, remarks, reporting, rollups, supervision  # noqa: F401  (registers the admin classes)
