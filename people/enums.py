"""The fixed words of people and households, with their labels."""

from django.db.models import TextChoices

from .rules import kinds


class IdKind(TextChoices):
    """Kinds of identity documents; the values are those of `rules.kinds`."""

    RESIDENT = kinds.IdKind.RESIDENT.value, "居民身份证"
    BIRTH_CERTIFICATE = kinds.IdKind.BIRTH_CERTIFICATE.value, "出生医学证明"
    PASSPORT = kinds.IdKind.PASSPORT.value, "护照"
    RESIDENCE_PERMIT = kinds.IdKind.RESIDENCE_PERMIT.value, "港澳台居民居住证"
    OTHER = kinds.IdKind.OTHER.value, "其他证件"
    NONE = kinds.IdKind.NONE.value, "无证件"


class Sex(TextChoices):
    MALE = kinds.Sex.MALE.value, "男"
    FEMALE = kinds.Sex.FEMALE.value, "女"


class Relation(TextChoices):
    """Relation to the head of the household, after GB/T 4761."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    SON = "son", "子"
    DAUGHTER = "daughter", "女"
    GRANDCHILD = "grandchild", "孙子女"
    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母"
    SIBLING = "sibling", "兄弟姐妹"
    OTHER = "other", "其他"


class SecretField(TextChoices):
    """Fields of a person that are shown masked, and in full only by `services.reveal`."""

    ID_NUMBER = "id_number", "证件号码"
    PHONE = "phone", "联系电话"
