"""Parts of pages that repeat hundreds of times, drawn by Jinja: Django's own templates take many times as long (ADR 20).

Everything is escaped, and a name that is misspelt in a template is an error.
"""

from datetime import datetime

from django.template import engines
from django.template.defaultfilters import date, filesizeformat
from django.urls import reverse
from django.utils.timezone import template_localtime
from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup, escape


def environment(*, loader: BaseLoader, auto_reload: bool, **_) -> Environment:
    """Return Jinja's surroundings, made by Django from its settings, with what our templates take from Django's."""
    made = Environment(
        loader=loader,
        auto_reload=auto_reload,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["url"] = _url
    made.filters |= {"date": _date, "filesizeformat": filesizeformat}
    return made


def _url(name: str, *args) -> str:
    return reverse(name, args=args)


def _date(moment: datetime, pattern: str) -> str:
    """Return the moment as Django's filter writes it, in local time."""
    return date(template_localtime(moment), pattern)


def macro(template: str, name: str):
    """Return a macro of a template: called with what it needs, it returns HTML."""
    return getattr(engines["jinja"].env.get_template(template).module, name)


def attributes(found: dict[str, object]) -> Markup:
    """Return the attributes of an element as they stand in its tag, with a blank before each; True stands without a value.

    As Django's `flatatt`, which has to ask of each text whether it is a translation yet to be made.
    """
    written = (
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in found.items()
        if value is not None and value is not False
    )
    return Markup("".join(written))  # noqa: S704  (each value is escaped, names are our own)
