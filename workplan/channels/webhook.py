"""Group robots: WeCom, DingTalk and Feishu. Text only, so that nothing in it is markup.

Formats after the makers' pages on custom robots: WeCom 群机器人, DingTalk 自定义机器人接入 (signature 加签), Feishu 自定义机器人.
"""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import urllib3
from django.conf import settings

from accounts.errors import Refused
from accounts.fields import unseal

from ..enums import WebhookFormat
from ..models import Delivery, NoticeSetting
from . import outbox
from .addresses import PORTS, checked_url, is_allowed, public_address
from .text import body_of, cut

TIMEOUT = urllib3.Timeout(connect=5, read=10)  # seconds
MOST_ANSWER = 64 * 1024  # bytes of an answer that are read
MOST_TEXT = {WebhookFormat.WECOM: 2048, WebhookFormat.DINGTALK: 18_000, WebhookFormat.FEISHU: 18_000}  # bytes


def send(delivery: Delivery, lines: list[dict]) -> None:
    """Post the message to its user's robot. Raises Refused where the address is not allowed or the robot says no."""
    post(delivery.message.user.notice_setting, body_of(delivery.message, lines))


def post(setting: NoticeSetting, text: str) -> None:
    """Post a text to the robot of a setting: the one way out, of messages and of the test alike."""
    url, secret = unseal(setting, "webhook_url"), unseal(setting, "webhook_secret")
    query, payload = request_of(WebhookFormat(setting.webhook_format), text, secret, int(time.time()))
    parts = checked_url(url)
    if settings.DEMO and not is_allowed(parts.hostname):
        outbox.keep(f"{setting.get_webhook_format_display()} {parts.hostname}", payload)
        return
    target = (parts.path or "/") + "?" + "&".join(part for part in (parts.query, query) if part)
    status, answer = _exchange(parts, target.rstrip("?"), json.dumps(payload, ensure_ascii=False).encode())
    _require_yes(status, answer)


def request_of(form: WebhookFormat, text: str, secret: str, now: int) -> tuple[str, dict]:
    """Return what is added to the query, and the body. now: seconds since 1970."""
    text = cut(text.replace("<", "＜"), MOST_TEXT[form])  # Feishu reads <at …> in plain text
    if form == WebhookFormat.WECOM:
        return "", {"msgtype": "text", "text": {"content": text}}
    if form == WebhookFormat.DINGTALK:
        stamp = str(now * 1000)
        query = {"timestamp": stamp, "sign": _signed(secret, f"{stamp}\n{secret}")} if secret else {}
        return urlencode(query), {"msgtype": "text", "text": {"content": text}}
    signed = {"timestamp": str(now), "sign": _signed(f"{now}\n{secret}", "")} if secret else {}
    return "", {**signed, "msg_type": "text", "content": {"text": text}}


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _exchange(parts, target: str, body: bytes) -> tuple[int, bytes]:
    """Post to the address that was checked, under the host's name. Redirects are not followed."""
    port = parts.port or PORTS[parts.scheme]
    address = public_address(parts.hostname, port)
    headers = {"Host": parts.netloc, "Content-Type": "application/json; charset=utf-8", "User-Agent": "workplan-portal"}
    with _pool(parts, address, port) as pool:
        try:
            answer = pool.urlopen(
                "POST", target, body=body, headers=headers, redirect=False, retries=False, preload_content=False
            )
            content = answer.read(MOST_ANSWER, decode_content=False)
            answer.close()
        except urllib3.exceptions.HTTPError as error:
            raise Refused(f"机器人没有响应（{type(error).__name__}）。", code="no_answer") from None
    return answer.status, content


def _pool(parts, address: str, port: int) -> urllib3.HTTPConnectionPool:
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT)
    name = parts.hostname
    return urllib3.HTTPSConnectionPool(address, port, timeout=TIMEOUT, server_hostname=name, assert_hostname=name)


def _require_yes(status: int, answer: bytes) -> None:
    """Raise Refused unless the robot has taken the message: all three answer 200 with a code of their own, 0 for yes."""
    if status != 200:
        raise Refused(f"机器人返回状态 {status}。", code="bad_status")
    try:
        found = json.loads(answer)
        code = found.get("errcode", found.get("code"))
    except (ValueError, AttributeError):
        raise Refused("机器人的回答无法识别。", code="bad_answer") from None
    if code != 0:
        raise Refused(f"机器人拒收（代码 {str(code)[:20]}）。", code="robot_refused")
