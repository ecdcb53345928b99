"""Password rules beyond Django's own."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
NEEDED = 3
DENGBAO = "dengbao"

# What weak passwords are made of in Chinese offices; compared without case and signs. Longer ones first, so that
# "qwertyuiop" goes as a whole.
_LIST = Path(__file__).with_name("weak_parts.txt")
COMMON_PARTS = sorted(_LIST.read_text(encoding="ascii").split(), key=len, reverse=True)
YEAR = r"(19|20)\d\d"
LEFT_OVER = 6  # so many characters must remain that are none of these
# Signs and digits that stand for letters: P@ssw0rd is password.
DISGUISES = str.maketrans("@$0!13", "asoile")


def residue(password: str, own: tuple[str, ...] = ()) -> str:
    """Return what is left of a password when usual parts, `own` words, years, repeats and signs are taken out.

    Of the password as it is and as it reads with its disguises taken off, the shorter residue counts.
    """
    plain = password.lower()
    return min((_residue(text, own) for text in (plain, plain.translate(DISGUISES))), key=len)


def _residue(text: str, own: tuple[str, ...]) -> str:
    bare = re.sub(r"[\W_]", "", text)
    for part in (*own, *COMMON_PARTS):
        bare = bare.replace(part, " ")
    bare = re.sub(YEAR, " ", bare)
    return re.sub(r"(.)\1+", r"\1", bare).replace(" ", "")


def own_words(user) -> tuple[str, ...]:
    """Return the words that colleagues would try first: codes and names of the user's units, the account name."""
    if user is None:
        return ()
    words = [user.get_username(), user.name]
    if user.pk:
        words += [text for unit in user.home_units for text in (unit.code, unit.name, unit.short_name)]
    return tuple(sorted({w.lower() for w in words if len(w) > 1}, key=len, reverse=True))


class LengthValidator(MinimumLengthValidator):
    """Django's own, whose refusal has no Chinese translation."""

    def get_error_message(self) -> str:
        return f"密码太短，至少需要 {self.min_length} 个字符。"


class ClassesValidator:
    """等保: at least three of small letters, capitals, digits and signs. Off under the `asvs` policy."""

    def validate(self, password: str, user=None) -> None:
        if settings.PASSWORD_POLICY != DENGBAO:
            return
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < NEEDED:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        if settings.PASSWORD_POLICY != DENGBAO:
            return ""
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类。"


class ChineseCommonValidator:
    """Refuses passwords that consist of usual Chinese weak parts with little around them."""

    def validate(self, password: str, user=None) -> None:
        if len(residue(password, own_words(user))) < LEFT_OVER:
            raise ValidationError(
                "密码过于常见：主要由常用词、年份、连续数字或单位名称组成，请更换。", code="password_common"
            )

    def get_help_text(self) -> str:
        return "密码不能以常用词（如 woaini、admin、mima）、年份、连续数字或单位名称为主。"
