"""Every page of the portal and who gets what from it. A route that is missing here fails the test."""

from dataclasses import dataclass, field

BUREAU_WIDE = ("administrator", "leader", "auditor")
OWN_OFFICE = ("head", "staff")
OTHER_OFFICE = ("other_head", "other_staff")
TOWNSHIPS = ("liaison", "other_liaison")
STRANGERS = ("nobody", "outsider")
EVERYBODY = (*BUREAU_WIDE, *OWN_OFFICE, *OTHER_OFFICE, *TOWNSHIPS, *STRANGERS)


def only(*allowed: str, refused: int) -> dict[str, int]:
    """Return the status of everybody: 200 for those allowed, `refused` for all others."""
    return {name: 200 if name in allowed else refused for name in EVERYBODY}


@dataclass(frozen=True)
class Route:
    """One address. get: status by member of the cast; post: likewise for an empty POST; 405 where not offered.

    arguments: URL arguments, as names of rows of the world that the test builds.
    """

    get: dict[str, int] | int = 405
    post: dict[str, int] | int = 405
    arguments: dict[str, str] = field(default_factory=dict)


ALL_200 = only(*EVERYBODY, refused=0)
IN_BUREAU = only(*BUREAU_WIDE, *OWN_OFFICE, *OTHER_OFFICE, *TOWNSHIPS, refused=404)
SECTION_ROWS = only(*BUREAU_WIDE, *OWN_OFFICE, *TOWNSHIPS, refused=404)  # shared by both townships
TOWNSHIP_ROWS = only(*BUREAU_WIDE, *OWN_OFFICE, "liaison", refused=404)
UNIT_ROWS = only(*BUREAU_WIDE, *OWN_OFFICE, *OTHER_OFFICE, "liaison", refused=404)


def act_on_report(*writers: str, status: int) -> dict[str, int]:
    """Return the statuses of a POST to a report: 404 outside, 403 inside without the right, else `status`."""
    inside = {name: 403 for name in EVERYBODY if TOWNSHIP_ROWS[name] == 200}
    return {name: 404 for name in EVERYBODY} | inside | {name: status for name in writers}
