"""Forms about people. Numbers that are stored are never put back into a form: an empty field keeps them."""

from django import forms

from accounts.models import OrgUnit
from accounts.text import require_visible_text

from .enums import IdKind, Relation, Sex
from .models import Household, Person, Reveal
from .rules.names import LONGEST
from .services.changing import PersonChange
from .services.merging import SHORTEST_REASON
from .services.writing import residences_of

TEXT = {"class": "form-control", "autocomplete": "off"}
SELECT = {"class": "form-select"}
KEEP = "留空表示不变。"


class SearchForm(forms.Form):
    """One text that may be anything somebody has at hand."""

    q = forms.CharField(
        label="查找",
        max_length=60,
        help_text="姓名、拼音首字母、完整证件号码或电话，或号码的后四位。查找内容不会留在网址中。",
        widget=forms.TextInput(attrs=TEXT),
    )


class PersonForm(forms.Form):
    """Identity, contact and household of a person that is there already."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=LONGEST, widget=forms.TextInput(attrs=TEXT))
    id_kind = forms.ChoiceField(label="证件类型", choices=IdKind.choices, widget=forms.Select(attrs=SELECT))
    id_number = forms.CharField(label="证件号码", max_length=60, required=False, widget=forms.TextInput(attrs=TEXT))
    sex = forms.ChoiceField(
        label="性别", choices=[("", "未登记"), *Sex.choices], required=False, widget=forms.Select(attrs=SELECT)
    )
    birth_date = forms.DateField(
        label="出生日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={**TEXT, "type": "date"}),
        error_messages={"invalid": "出生日期应为 2024-10-15 这样的日期。"},
    )
    phone = forms.CharField(label="联系电话", max_length=40, required=False, widget=forms.TextInput(attrs=TEXT))
    clear_phone = forms.BooleanField(
        label="删除已登记的电话", required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )
    household_code = forms.CharField(
        label="户号",
        max_length=Household._meta.get_field("code").max_length,
        required=False,
        validators=[require_visible_text],
        help_text="同一户号的人归为一户；清空表示不属于任何一户。",
        widget=forms.TextInput(attrs=TEXT),
    )
    relation = forms.ChoiceField(
        label="与户主关系",
        choices=[("", "未登记"), *Relation.choices],
        required=False,
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, initial=self.stored(person), **kwargs)
        for name, masked in (("id_number", person.masked_id), ("phone", person.masked_phone)):
            self.fields[name].help_text = f"现为 {masked}，{KEEP}" if masked else ""
        if not person.phone:
            del self.fields["clear_phone"]
        for field in self.fields.values():
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = "没有这一选项，请重新选择。"

    @staticmethod
    def stored(person: Person) -> dict:
        """Return what the form shows at first."""
        kept = {name: getattr(person, name) for name in ("version", "name", "id_kind", "sex", "birth_date", "relation")}
        return kept | {"household_code": person.household.code if person.household else ""}

    def change(self) -> PersonChange:
        """Return what the form says, once it is valid."""
        given = self.cleaned_data
        number = "" if given["id_kind"] == IdKind.NONE else given["id_number"] or None
        phone = "" if given.get("clear_phone") and not given["phone"] else given["phone"] or None
        return PersonChange(
            name=given["name"],
            id_kind=given["id_kind"],
            sex=given["sex"],
            birth_date=given["birth_date"],
            id_number=number,
            phone=phone,
            household_code=given["household_code"],
            relation=given["relation"],
        )


class MoveForm(forms.Form):
    """Where a person lives now."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    residence = forms.ModelChoiceField(
        label="新的居住地",
        queryset=OrgUnit.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs=SELECT),
        error_messages={"invalid_choice": "没有这一单位，请重新选择。", "required": "请选择居住地。"},
    )

    def __init__(self, *args, bureau: OrgUnit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["residence"].queryset = residences_of(None).filter(path__startswith=bureau.path).order_by("path")


class RevealForm(forms.Form):
    """Why somebody needs the full number."""

    reason = forms.CharField(
        label="查看理由",
        max_length=Reveal._meta.get_field("reason").max_length,
        strip=True,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs={**TEXT, "placeholder": "如：电话核实补贴发放"}),
        error_messages={"required": f"请写明查看理由（至少 {SHORTEST_REASON} 个字）。"},
    )


class MergeForm(forms.Form):
    """Which of two rows stands, and why they are one."""

    keep = forms.ChoiceField(label="保留", choices=[("one", "甲"), ("other", "乙")], widget=forms.RadioSelect)
    reason = forms.CharField(
        label="合并理由",
        max_length=200,
        validators=[require_visible_text],
        widget=forms.TextInput(attrs=TEXT),
        error_messages={"required": f"请写明合并理由（至少 {SHORTEST_REASON} 个字）。"},
    )
