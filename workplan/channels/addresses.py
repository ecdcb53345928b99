"""Where a webhook may lead: public addresses over TLS, and nowhere inside the network of the portal."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from accounts.errors import Refused

PORTS = {"https": 443, "http": 80}
# Networks that carry an address of the older kind inside: is_global looks at the outside only.
_WRAPPING = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked_url(url: str) -> SplitResult:
    """Return the parts of an address that a webhook may have. Raises Refused: no TLS, a password, a strange port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("地址格式不正确。", code="bad_url") from None
    if not parts.hostname or parts.username or parts.password or not url.isascii() or not url.isprintable():
        raise Refused("地址格式不正确。", code="bad_url")
    if is_allowed(parts.hostname) and parts.scheme in PORTS:
        return parts
    if parts.scheme != "https" or port not in (None, 443):
        raise Refused("地址须以 https:// 开头，并使用 443 端口。", code="bad_url")
    return parts


def public_address(host: str, port: int) -> str:
    """Return the one address to connect to. Raises Refused where the name is not known or any of its addresses is inside.

    The caller connects to this very address: asking for the name again might give another answer.
    """
    try:
        found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Refused("地址中的主机名无法解析。", code="unknown_host") from None
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    if not is_allowed(host) and not all(is_public(address) for address in addresses):
        raise Refused("不允许发往内部网络地址。", code="inside")
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Say whether an address is of the open internet."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _WRAPPING):
            return False
    return address.is_global and not address.is_multicast


def is_allowed(host: str) -> bool:
    """Say whether the installation has opened a host of its own network to webhooks."""
    return host.lower() in settings.WEBHOOK_INSIDE_HOSTS
