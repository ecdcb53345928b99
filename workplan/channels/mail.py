"""Mail: one message, one plain-text letter. The backend is a setting; in the demo letters are files."""

from django.conf import settings
from django.core.mail import EmailMessage

from ..models import Delivery
from .text import body_of


def send(delivery: Delivery, lines: list[dict]) -> None:
    """Send the letter. Raises what the backend raises.

    Its Message-ID is that of the delivery, for the one case that a worker dies between the server's yes and its own note
    of it: a letter that comes twice has the same one, by which mail servers and programs know it.
    """
    message = delivery.message
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    EmailMessage(
        subject=f"【督办平台】{' '.join(message.title.split())}",
        body=body_of(message, lines),
        to=[message.user.email],
        headers={"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()
