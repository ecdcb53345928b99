"""Forms of signing in and of one's own account."""

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm

from .services.tokens import LONGEST_DAYS
from .text import require_visible_text

TEXT = {"class": "form-control"}


class SignInForm(AuthenticationForm):
    """Account and password. The one answer for unknown names, wrong passwords and closed accounts is the form's own."""

    error_messages = {"invalid_login": "账号或密码不正确，请重试。", "inactive": "账号或密码不正确，请重试。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["username"].widget.attrs.update(TEXT, autofocus=True)
        self.fields["password"].label = "密码"
        self.fields["password"].max_length = 256  # hashing a novel is work for nothing
        self.fields["password"].widget.attrs.update(TEXT, maxlength=256)


class PasswordForm(forms.Form):
    """The old password and twice the new one, checked against the rules."""

    old = forms.CharField(
        label="当前密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={**TEXT, "autocomplete": "new-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self):
        if not self.user.check_password(self.cleaned_data["old"]):
            raise forms.ValidationError("当前密码不正确。")
        return self.cleaned_data["old"]

    def clean_new(self):
        password_validation.validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]

    def clean(self):
        given = self.cleaned_data
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", "两次输入的新密码不一致。")
        if given.get("new") and given["new"] == given.get("old"):
            self.add_error("new", "新密码不能与当前密码相同。")
        return given

    @staticmethod
    def rules() -> list[str]:
        """Return the password rules in words, those that are switched off left out."""
        return [text for text in password_validation.password_validators_help_texts() if text]


class TokenForm(forms.Form):
    """What a new API token is for, how long it lives and whether it may write."""

    name = forms.CharField(
        label="用途", max_length=80, validators=[require_visible_text], widget=forms.TextInput(attrs=TEXT)
    )
    days = forms.TypedChoiceField(
        label="有效期",
        coerce=int,
        choices=[(30, "30 天"), (90, "90 天"), (180, "180 天"), (LONGEST_DAYS, "1 年")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    may_write = forms.BooleanField(
        label="允许写入（不选则只能读取）",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
