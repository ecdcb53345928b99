"""Who is locked out after failed sign-ins, beyond what axes counts by itself.

axes locks the pair of account and address after a few failures. Two more limits stop guessing that is spread out: over many
accounts from one address, and over many addresses for one account. The second spares addresses from which the account
has lately signed in, so that a stranger cannot lock a user out of his own office.
"""

from datetime import timedelta
from ipaddress import ip_address

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.crypto import salted_hmac

# Failures within the cool-off time. A township hall behind one address has dozens of users: leave room.
ADDRESS_LIMIT = 100
ACCOUNT_LIMIT = 30
TRUSTED_FOR = timedelta(days=30)


def client_address(request) -> str | None:
    """Return the address that the outermost own proxy saw; what the client itself claims further left is not believed."""
    claimed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT and len(claimed) >= settings.PROXY_COUNT:
        seen = claimed[-settings.PROXY_COUNT]
    try:
        return str(ip_address(seen))
    except ValueError:  # a socket without an address
        return None


def disguised_name(request, credentials: dict | None = None) -> str | None:
    """Return a digest of the typed name, for axes to count by: the name itself may be a mistyped password."""
    typed = _typed_name(request, credentials)
    return salted_hmac("accounts.lockout", typed).hexdigest() if typed else None


def _typed_name(request, credentials: dict | None) -> str | None:
    return (credentials or request.POST).get("username")


class LockoutHandler(AxesDatabaseHandler):
    """Adds the two spread-out limits to the handler of axes."""

    def is_locked(self, request, credentials=None) -> bool:
        if super().is_locked(request, credentials):
            return True
        return self._address_is_flooded(request) or self._account_is_flooded(request, credentials)

    def _address_is_flooded(self, request) -> bool:
        address = request.axes_ip_address  # without one, strangers would be counted together
        return address is not None and self._failures(request, ip_address=address) >= ADDRESS_LIMIT

    def _account_is_flooded(self, request, credentials) -> bool:
        if self._failures(request, username=disguised_name(request, credentials)) < ACCOUNT_LIMIT:
            return False
        known = AccessLog.objects.filter(  # written at successful sign-ins only, under the account's own name
            username=_typed_name(request, credentials),
            ip_address=request.axes_ip_address,
            attempt_time__gt=timezone.now() - TRUSTED_FOR,
        )
        return not known.exists()

    def _failures(self, request, **whose) -> int:
        recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request), **whose)
        return recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
