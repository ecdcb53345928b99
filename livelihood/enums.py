"""The fixed words of the six practical matters for people's livelihood."""

from django.db.models import TextChoices


class DocumentKind(TextChoices):
    """Planning documents that must be finished (item 47)."""

    BURIAL_PLAN = "burial_plan", "农村公益性安葬（放）设施专项规划"


class VenueKind(TextChoices):
    """Where marriages are registered beside the office (item 52, reading A22)."""

    OUTDOOR_BASE = "outdoor_base", "户外颁证基地"
    FEATURED_OFFICE = "featured_office", "特色婚姻登记机关"
