"""Tags for the front-end files that come from npm. An absent file renders nothing; the page still works."""

import os

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TAGS = {
    "css": '<link rel="stylesheet" href="{}">',
    "js": '<script src="{}" defer></script>',
}
SPRITE = "icons.svg"
_SIZE = '<svg class="icon" width="24" height="24"'
_USE = '><use href="{}#{}"></use></svg>'
ICON = f'{_SIZE} aria-hidden="true"{_USE}'
NAMED_ICON = f'{_SIZE} role="img" aria-label="{{}}"{_USE}'


def is_there(name: str) -> bool:
    return os.path.isfile(f"{settings.BASE_DIR}/static/vendor/{name}")  # Path refuses template strings


@register.simple_tag
def vendor(name: str) -> SafeString:
    """Return the tag that loads the vendor file, by its ending (css, js). Raises KeyError for other kinds."""
    tag = TAGS[name.rpartition(".")[2]]
    return format_html(tag, static(f"vendor/{name}")) if is_there(name) else SafeString("")


@register.simple_tag
def vendor_url(name: str) -> str:
    """Return the address of the vendor file for a script that fetches it when it needs it, "" where it is absent."""
    return static(f"vendor/{name}") if is_there(name) else ""


@register.simple_tag
def has_vendor(name: str) -> bool:
    """Tell whether the vendor file is there, for what only makes sense with it."""
    return is_there(name)


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """Return an icon of the sprite (listed in config/assets.py): decoration, unless it has a title."""
    if not is_there(SPRITE):
        return SafeString("")
    address = static(f"vendor/{SPRITE}")
    if title:
        return format_html(NAMED_ICON, title, address, name)
    return format_html(ICON, address, name)
