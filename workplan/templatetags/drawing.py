"""The tag that puts what Jinja draws into a page."""

from django import template
from markupsafe import Markup

from ..ui.drawing import macro

register = template.Library()


@register.simple_tag
def drawn(file: str, name: str, *given, **named) -> Markup:
    """Return what the macro `name` of a Jinja template makes of what it is given."""
    return macro(file, name)(*given, **named)
