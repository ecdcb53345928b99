"""What the registers of this section share: that a person stands in a register once."""

from django.db import models
from django.db.models import Q

from workplan.enums import RecordState


def one_open(message: str) -> models.UniqueConstraint:
    """Return the constraint that a person has one record without an end; removed ones do not count."""
    return models.UniqueConstraint(
        fields=["person"],
        condition=Q(ended_on__isnull=True) & ~Q(state=RecordState.REMOVED),
        name="%(app_label)s_%(class)s_one_open",
        violation_error_message=message,
    )
