"""Password rules beyond Django's own."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
NEEDED = 3
DENGBAO = "dengbao"

# What Chinese lists of leaked passwords are full of; compared without case and signs.
COMMON_PARTS = (
    "woaini", "5201314", "1314520", "mima", "aini1314", "zhongguo", "beijing", "chongqing", "wulong", "minzheng",
    "admin", "password", "qwerty", "qwer1234", "1qaz2wsx", "asdf", "abc123", "a123456", "123456", "888888", "666666",
    "111111", "000000", "112233", "147258", "159357", "workplan",
)  # fmt: skip


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
    """Refuses passwords that are a usual Chinese weak one with little around it."""

    def validate(self, password: str, user=None) -> None:
        bare = re.sub(r"[^a-z0-9]", "", password.lower())
        for part in COMMON_PARTS:
            if part in bare and len(bare) - len(part) < 6:
                raise ValidationError("密码过于常见，请更换。", code="password_common")

    def get_help_text(self) -> str:
        return "密码不能是常见密码或其简单变化。"
