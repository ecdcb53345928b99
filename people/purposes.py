"""Why each personal field is kept, on which legal basis and for how long. A system check finds fields that say nothing.

Basis: a state organ performs its statutory duty (个人信息保护法 art. 13(3), 34–35); ID numbers, and everything about children under
14, are sensitive and need a specific purpose and sufficient necessity (art. 28–31).
"""

from dataclasses import dataclass

from django.apps import apps
from django.core import checks

STATUTORY = "履行法定职责（个人信息保护法第十三条第三项、第三十四条、第三十五条）"
SENSITIVE = f"{STATUTORY}；敏感个人信息，具有特定目的和充分必要性（第二十八条至第三十一条）"
# Years after the last record; a register that must be kept longer (vouchers of payments, say) states it in its own `purpose`.
RETENTION_YEARS = 5


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a field is kept for. retention: full years after the last record about the person."""

    purpose: str
    basis: str = STATUTORY
    retention: int = RETENTION_YEARS  # at least RETENTION_YEARS


IDENTITY = Purpose("核对身份，避免同一人重复登记", SENSITIVE)
ELIGIBILITY = Purpose("判断年龄、性别等享受服务的条件")
CONTACT = Purpose("联系本人或其监护人")
PLACE = Purpose("确定由哪个乡镇（街道）服务")
FAMILY = Purpose("按户核定救助和服务")

PURPOSES: dict[str, Purpose] = {
    "people.person.name": IDENTITY,
    "people.person.name_initials": Purpose("按拼音首字母查找"),
    "people.person.id_kind": IDENTITY,
    "people.person.id_number": IDENTITY,
    "people.person.id_digest": IDENTITY,
    "people.person.id_tail": IDENTITY,
    "people.person.sex": ELIGIBILITY,
    "people.person.birth_date": ELIGIBILITY,
    "people.person.phone": CONTACT,
    "people.person.phone_digest": CONTACT,
    "people.person.phone_tail": CONTACT,
    "people.person.residence": PLACE,
    "people.person.household": FAMILY,
    "people.person.relation": FAMILY,
    "people.household.org_unit": PLACE,
    "people.household.bureau": PLACE,
    "people.household.code": FAMILY,
    "people.household.address": CONTACT,
    "people.reveal.person": Purpose("追查谁查看了完整号码"),
    "people.reveal.org_unit": Purpose("追查谁查看了完整号码"),
    "people.reveal.label": Purpose("追查谁查看了完整号码"),
    "people.reveal.reason": Purpose("追查谁查看了完整号码"),
    "people.notduplicate.first": IDENTITY,
    "people.notduplicate.second": IDENTITY,
    # Of users, not of the people served: encrypted since who knows them may write to the group.
    "workplan.noticesetting.webhook_url": Purpose("向本人选定的群机器人发送工作提醒"),
    "workplan.noticesetting.webhook_secret": Purpose("为发给群机器人的提醒签名"),
}
# Fields that say nothing about a human being beside those above.
TECHNICAL = {
    "id",
    "uid",
    "version",
    "created_by",
    "created_at",
    "changed_at",
    "merged_into",
    "pseudonymised_on",
    "user",
    "at",
    "field",
}
TECHNICAL |= {"dismissed_by"}


def purpose_of(field) -> Purpose | None:
    """Return why the field is kept: said here, or by its model as a whole (`purpose`)."""
    model = field.model
    return PURPOSES.get(f"{model._meta.label_lower}.{field.name}") or getattr(model, "purpose", None)


def personal_fields():
    """Yield every concrete field that holds something about a person: of this app, of models that point at one, encrypted."""
    from accounts.fields import EncryptedField

    from .models import Person

    for model in apps.get_models():
        if model._meta.proxy:
            continue
        fields = model._meta.concrete_fields
        about = model._meta.app_label == "people" or any(f.related_model is Person for f in fields)
        for field in fields:
            if isinstance(field, EncryptedField) or (about and field.name not in TECHNICAL):
                yield field


@checks.register()
def check_purposes(app_configs, **kwargs):
    """Fail at start-up where a personal field declares no purpose."""
    return [
        checks.Error(
            f"{field.model._meta.label}.{field.name} holds personal data and declares no purpose",
            hint="Add it to people.purposes.PURPOSES, or give the model a `purpose`.",
            id="people.E001",
        )
        for field in personal_fields()
        if purpose_of(field) is None
    ]
