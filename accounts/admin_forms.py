"""Forms of the administration of users and units. Choices are limited to what the administrator may manage."""

from django import forms
from django.core.validators import RegexValidator

from . import clock
from .enums import Right, Role, UnitKind
from .models import Membership, OrgUnit, User
from .text import require_visible_text

TEXT = {"class": "form-control"}
DAY = {"class": "form-control", "type": "date"}
SELECT = {"class": "form-select"}
CHOOSE = ("", "请选择")  # nothing is chosen beforehand, least of all the strongest role


def manageable_units(user):
    """Return the units in use that the user administers."""
    return OrgUnit.objects.visible_to(user, Right.USER_MANAGE).valid_on(clock.today()).order_by("path")


class UnitChoice(forms.ModelChoiceField):
    """A unit, shown with its parent so that offices of two bureaus are told apart."""

    def __init__(self, **kwargs):
        super().__init__(
            queryset=OrgUnit.objects.none(), empty_label="请选择", widget=forms.Select(attrs=SELECT), **kwargs
        )

    def label_from_instance(self, unit: OrgUnit) -> str:
        return f"{unit.parent.label} / {unit.name}" if unit.parent else unit.name


class _Scoped(forms.Form):
    """A form whose unit choices depend on the administrator."""

    def __init__(self, *args, actor: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, UnitChoice):
                field.queryset = manageable_units(actor).select_related("parent")


class UserChangeForm(forms.Form):
    name = forms.CharField(
        label="姓名", max_length=60, validators=[require_visible_text], widget=forms.TextInput(attrs=TEXT)
    )
    email = forms.EmailField(label="邮箱", max_length=254, required=False, widget=forms.EmailInput(attrs=TEXT))


class GrantForm(_Scoped):
    """A role at a unit for a time."""

    org_unit = UnitChoice(label="单位")
    role = forms.ChoiceField(label="角色", choices=[CHOOSE, *Role.choices], widget=forms.Select(attrs=SELECT))
    valid_from = forms.DateField(
        label="起始日期", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY), help_text="留空为今天。"
    )
    valid_to = forms.DateField(
        label="终止日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        help_text="从这一天起失效；留空为长期。",
    )


class UserCreateForm(_Scoped):
    """A new account with its first role."""

    username = forms.CharField(
        label="账号",
        max_length=150,
        validators=[
            RegexValidator(r"^[A-Za-z0-9][\w.-]*\Z", "账号以字母或数字开头，只能包含字母、数字、点、横线和下划线。")
        ],
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label="姓名",
        max_length=60,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs={**TEXT, "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="邮箱", max_length=254, required=False, widget=forms.EmailInput(attrs={**TEXT, "autocomplete": "off"})
    )
    org_unit = UnitChoice(label="单位")
    role = forms.ChoiceField(label="角色", choices=[CHOOSE, *Role.choices], widget=forms.Select(attrs=SELECT))

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError("该账号已被使用。")
        return username


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="停用原因",
        max_length=200,
        required=False,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs=TEXT),
    )


class UnitCreateForm(_Scoped):
    """A new unit below one that the administrator manages."""

    parent = UnitChoice(label="上级单位")
    kind = forms.ChoiceField(label="类型", choices=[CHOOSE, *UnitKind.choices], widget=forms.Select(attrs=SELECT))
    code = forms.CharField(
        label="代码",
        max_length=40,
        validators=[RegexValidator(r"^[0-9A-Za-z-]+\Z", "代码只能包含字母、数字和连字符。")],
        widget=forms.TextInput(attrs=TEXT),
        help_text="建议使用统计用区划代码；建立后不能修改。",
    )
    name = forms.CharField(
        label="名称", max_length=80, validators=[require_visible_text], widget=forms.TextInput(attrs=TEXT)
    )
    short_name = forms.CharField(
        label="简称",
        max_length=40,
        required=False,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs=TEXT),
    )
    valid_from = forms.DateField(
        label="启用日期", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY), help_text="留空为今天。"
    )


class UnitRenameForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=80, validators=[require_visible_text], widget=forms.TextInput(attrs=TEXT)
    )
    short_name = forms.CharField(
        label="简称",
        max_length=40,
        required=False,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs=TEXT),
    )


class UnitMoveForm(_Scoped):
    parent = UnitChoice(label="新的上级单位")


class DayForm(forms.Form):
    on = forms.DateField(
        label="生效日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY),
        help_text="从这一天起不再使用该单位；不能晚于今天。",
    )


def roles_in_words(memberships: list[Membership]) -> str:
    return "；".join(f"{m.org_unit.label} {m.get_role_display()}" for m in memberships)
