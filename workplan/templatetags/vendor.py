"""Tags for the front-end files that come from npm. An absent file renders nothing; the page still works."""

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


def is_there(name: str) -> bool:
    return (settings.BASE_DIR / "static" / "vendor" / name).is_file()


@register.simple_tag
def vendor(name: str) -> SafeString:
    """Return the tag that loads the vendor file, by its ending (css, js). Raises KeyError for other kinds."""
    tag = TAGS[name.rpartition(".")[2]]
    return format_html(tag, static(f"vendor/{name}")) if is_there(name) else SafeString("")


@register.simple_tag
def has_vendor(name: str) -> bool:
    """Tell whether the vendor file is there, for what only makes sense with it."""
    return is_there(name)
