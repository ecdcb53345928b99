"""The light of a supervision order: how it stands against its deadline on a day."""

from datetime import date, timedelta

from .kinds import Labelled

SOON_DAYS = 3  # calendar days before the deadline from which an order is shown as due soon; the bureau's own choice


class OrderLight(Labelled):
    """How an order stands. The worst comes first, as lists sort by it."""

    OVERDUE = "overdue", "逾期"
    SOON = "soon", "临期"
    OPEN = "open", "办理中"
    DONE_LATE = "done_late", "逾期办结"
    DONE = "done", "办结"


def order_light(*, due: date, replied_on: date | None, struck: bool, on: date) -> OrderLight:
    """Return the light of an issued order at the close of the day.

    replied_on: the day of the reply that stands, None while one is owed. What counts is when the unit replied, not when the
    reply was verified: a slow office does not make a unit late. On the due day itself a reply is in time.
    """
    late = (replied_on or on) > due
    if struck:
        return OrderLight.DONE_LATE if late else OrderLight.DONE
    if late:
        return OrderLight.OVERDUE
    if replied_on is None and due - on <= timedelta(days=SOON_DAYS):
        return OrderLight.SOON
    return OrderLight.OPEN


def order_number(year: int, sequence: int) -> str:
    """Return the number as official documents write it: the year in six-angled brackets, no leading zeros (GB/T 9704-2012, 7.2.5)."""
    return f"督办〔{year}〕{sequence}号"
