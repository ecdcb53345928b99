"""Fields and serializers that read input strictly."""

from collections.abc import Mapping

from rest_framework import serializers

from accounts.enums import Right

from ..observe import of_readable_plans

NAME_LIMIT = 50
FIELDS_SHOWN = 20
VERSION_LIMIT = 2**31 - 1


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it does not know or that only the portal writes, instead of ignoring them."""

    def to_internal_value(self, data):
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            foreign = sorted(name[:NAME_LIMIT] for name in set(data) - writable)[:FIELDS_SHOWN]
            if foreign:
                raise serializers.ValidationError({name: ["没有这个字段，或该字段不能修改。"] for name in foreign})
        return super().to_internal_value(data)


class VisibleField(serializers.PrimaryKeyRelatedField):
    """A row named by its id, among those on which the user holds `right`; others do not exist."""

    default_error_messages = {
        "does_not_exist": "没有找到该内容，或您无权查看。",
        "incorrect_type": "应为编号。",
    }

    def __init__(self, **kwargs):
        self.right = kwargs.pop("right", Right.VIEW)
        super().__init__(pk_field=serializers.IntegerField(), **kwargs)

    def get_queryset(self):
        return super().get_queryset().visible_to(self.context["request"].user, self.right)


class ReadableField(VisibleField):
    """A plan, or a row of one that the user may read; `plan_path` leads to the plan. A draft does not exist to others."""

    def __init__(self, *, plan_path: str, **kwargs):
        self.plan_path = plan_path
        super().__init__(**kwargs)

    def get_queryset(self):
        return of_readable_plans(super().get_queryset(), self.context["request"].user, self.plan_path)


class AmountField(serializers.DecimalField):
    """A number as the database keeps it: 14 digits before the point, 4 after; written without idle zeros."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=18, decimal_places=4, normalize_output=True, **kwargs)


class ComputedField(serializers.DecimalField):
    """A number that was computed (percent, gap, expected value), rounded to 4 places; never input."""

    def __init__(self, **kwargs):
        super().__init__(max_digits=None, decimal_places=4, normalize_output=True, read_only=True, **kwargs)


class VersionField(serializers.IntegerField):
    """The version of the report that the client has read."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=VERSION_LIMIT, help_text="读到的版本号（version）", **kwargs)
