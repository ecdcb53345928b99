"""Forms of the message settings."""

from django import forms

from accounts.text import require_visible_text

from .enums import WebhookFormat
from .forms import DayField, RowField
from .models import NoticeSetting
from .services.notice_settings import Wishes, deputies_of, host_of, setting_of

HOURS = [(hour, f"{hour} 时") for hour in range(6, 21)]
URL_LIMIT = 500


class NoticeForm(forms.Form):
    """How the user is told. The stored address and key of the robot are never sent to the browser."""

    digest_hour = forms.TypedChoiceField(
        label="每日提醒时间",
        coerce=int,
        choices=HOURS,
        help_text="每个工作日一次，把当天要办的事合成一条；没有要办的事不发。",
        error_messages={"invalid_choice": "请在列表中选择。"},
    )
    mail = forms.BooleanField(label="同时发邮件", required=False)
    webhook = forms.BooleanField(label="同时发到群机器人", required=False)
    webhook_format = forms.ChoiceField(
        label="机器人类型", choices=WebhookFormat.choices, error_messages={"invalid_choice": "请在列表中选择。"}
    )
    webhook_url = forms.CharField(
        label="机器人地址", required=False, max_length=URL_LIMIT, validators=[require_visible_text]
    )
    webhook_secret = forms.CharField(
        label="签名密钥",
        required=False,
        max_length=200,
        validators=[require_visible_text],
        help_text="钉钉、飞书机器人启用了“加签（签名校验）”的才填写。",
    )
    quiet_from = forms.TimeField(label="免打扰开始", error_messages={"invalid": "请填写时间，如 20:00。"})
    quiet_to = forms.TimeField(
        label="免打扰结束",
        help_text="这段时间和休息日不发邮件和群消息，过后补发；站内消息不受影响。",
        error_messages={"invalid": "请填写时间，如 08:00。"},
    )

    def __init__(self, *args, user, **kwargs):
        self.stored: NoticeSetting = setting_of(user)
        super().__init__(*args, initial={name: getattr(self.stored, name) for name in _PLAIN}, **kwargs)
        self.fields["mail"].help_text = (
            f"发到 {user.email}。" if user.email else "账号没有登记邮箱，请联系系统管理员补充。"
        )
        host = host_of(self.stored)
        self.fields["webhook_url"].help_text = (
            f"已保存（{host}），不修改请留空。" if host else "在群里添加机器人后得到的 https:// 地址。"
        )
        for name in ("webhook_url", "webhook_secret"):
            self.fields[name].widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        for name in ("quiet_from", "quiet_to"):
            self.fields[name].widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        for field in self.fields.values():
            kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            kind = "form-check-input" if isinstance(field.widget, forms.CheckboxInput) else kind
            field.widget.attrs["class"] = kind

    def wishes(self) -> Wishes:
        return Wishes(**self.cleaned_data)


_PLAIN = ("digest_hour", "mail", "webhook", "webhook_format", "quiet_from", "quiet_to")


class LeaveForm(forms.Form):
    """Days away and who stands in."""

    deputy = RowField(
        label="代理人",
        queryset=None,
        empty_label="请选择",
        help_text="可选同一单位的同事。",
        error_messages={"invalid_choice": "请在列表中选择代理人。"},
    )
    first_day = DayField(label="开始日期")
    last_day = DayField(label="结束日期")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, auto_id="id_leave_%s", **kwargs)
        self.fields["deputy"].queryset = deputies_of(user)
        self.fields["deputy"].widget.attrs["class"] = "form-select"
