"""Forms of mergers, splits and handover. Choices are limited to what the administrator may manage."""

from django import forms

from accounts.admin_forms import SELECT, DayForm, manageable_units
from accounts.enums import TOWNSHIP_KINDS
from accounts.models import OrgUnit, User

from .forms import RowsField
from .models import Allocation
from .sections import section_name
from .services.units import Heirs, open_allocations, open_remits


def successors_of(unit: OrgUnit, actor: User):
    """Return the units that could take the place of this one: of the same kind, under the same parent, in use."""
    kinds = TOWNSHIP_KINDS if unit.is_township else (unit.kind,)
    return manageable_units(actor).filter(parent=unit.parent_id, kind__in=kinds).exclude(pk=unit.pk)


class MergeForm(DayForm):
    """Which unit takes over, and from when."""

    def __init__(self, *args, unit: OrgUnit, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"] = forms.ModelChoiceField(
            label="承接单位",
            queryset=successors_of(unit, actor),
            empty_label="请选择",
            widget=forms.Select(attrs=SELECT),
        )
        self.order_fields(["into", "on"])


class SplitForm(DayForm):
    """Which units take over, from when, and who gets which share and business."""

    def __init__(self, *args, unit: OrgUnit, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        choices = successors_of(unit, actor)
        self.fields["into"] = RowsField(
            label="承接单位（至少两个）", queryset=choices, widget=forms.CheckboxSelectMultiple
        )
        self.fields["first"] = self._heir("主要承接单位", choices, "未另行指定的任务和指标由它承接。", required=True)
        self.remits = list(open_remits(unit))
        self.allocations = list(open_allocations(unit).select_related("target").order_by("target__sort"))
        for remit in self.remits:
            self.fields[f"remit-{remit.pk}"] = self._heir(f"科室业务：{section_name(remit.app)}", choices)
        for share in self.allocations:
            self.fields[f"share-{share.pk}"] = self._heir(_share_label(share), choices)
        self.order_fields(["into", "first", "on"])

    def _heir(self, label: str, choices, help_text: str = "", required: bool = False) -> forms.ModelChoiceField:
        return forms.ModelChoiceField(
            label=label,
            queryset=choices,
            required=required,
            help_text=help_text,
            empty_label="请选择" if required else "主要承接单位",
            widget=forms.Select(attrs=SELECT),
        )

    def heirs(self) -> Heirs:
        """Return who gets what, as the form says."""
        said = self.cleaned_data
        return Heirs(
            first=said["first"],
            allocations={s.pk: said[f"share-{s.pk}"] for s in self.allocations if said[f"share-{s.pk}"]},
            remits={r.pk: said[f"remit-{r.pk}"] for r in self.remits if said[f"remit-{r.pk}"]},
        )


def _share_label(share: Allocation) -> str:
    amount = "" if share.amount is None else f"（{share.amount.normalize():f} {share.target.unit}）"
    return f"指标：{share.target}{amount}"


class HandoverForm(forms.Form):
    """Who takes over, and whether the leaver's account is closed."""

    close = forms.BooleanField(
        label="同时停用移交人的账号", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def __init__(self, *args, leaver: User, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        able = User.objects.manageable_by(actor).filter(is_active=True).exclude(pk__in=[leaver.pk, actor.pk])
        self.fields["successor"] = forms.ModelChoiceField(
            label="接收人", queryset=able.order_by("name"), empty_label="请选择", widget=forms.Select(attrs=SELECT)
        )
        self.fields["successor"].label_from_instance = lambda user: f"{user.name}（{user.username}）"
        self.order_fields(["successor", "close"])
