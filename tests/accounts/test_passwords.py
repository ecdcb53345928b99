"""Which passwords are accepted."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.passwords import start_password

WEAK = [
    "Woaini1314!",
    "Woaini5201314",
    "Admin@123456",
    "Admin@1234",
    "Mima123456!",
    "Wodemima@2024",
    "Passw0rd@123",
    "P@ssw0rd2024",
    "Qwerty@12345",
    "1qaz@WSX3edc",
    "Wulong@2024",
    "Minzhengju2024",
    "Chongqing@123",
    "Aa123456789!",
    "Abc123!!!!!!",
    "Zhongguo_1949",
    "Test@88888888",
]
FINE = ["Right-Horse-42", "Lüftung.vier7", "小雨转晴Rain-7步", "tR4m-verschiebt"]


@pytest.mark.parametrize("password", WEAK)
def test_usual_chinese_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", FINE)
def test_unusual_passwords_are_accepted(password):
    validate_password(password)


def test_names_of_the_own_unit_and_of_oneself_are_refused(member, district):
    for password in (
        f"{district.township.name}@2024Ab",
        f"{district.township.code}-D1001-Ab1",
        f"{member.username}-A1!",
    ):
        with pytest.raises(ValidationError):
            validate_password(password, member)


def test_policy_decides_about_character_classes(settings):
    words = "correct horse staple"
    with pytest.raises(ValidationError):
        validate_password(words)
    settings.PASSWORD_POLICY = "asvs"
    validate_password(words)


def test_start_passwords_follow_the_rules_and_differ():
    drawn = {start_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        validate_password(password)
