"""Searching a register. Words about people never stand in an address: they go by POST and stay in the session."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from ..models import Record

SESSION_KEY = "register-search"


class Searcher:
    """How records are found by the people they are about. Written by the app that owns the related model."""

    def prepare(self, text: str) -> dict[str, Any]:
        """Return what the session may keep of the words: no ID number and no phone in clear."""
        raise LookupError

    def condition(self, prepared: dict[str, Any], prefix: str) -> Q:
        """Return the condition on records whose field `prefix` points at the related model."""
        raise LookupError

    def shown(self, prepared: dict[str, Any]) -> str:
        """Return the words as the page repeats them."""
        raise LookupError


# By related model; filled by the apps that own them, when they are ready.
SEARCHERS: dict[type[models.Model], Searcher] = {}


@dataclass(frozen=True, slots=True)
class Personal:
    """The searcher of a register about people, and the field that leads to them."""

    field: str
    searcher: Searcher


def personal_search(model: type[Record]) -> Personal | None:
    """Return how the register is searched by person; None where its words may stand in an address."""
    for name in model.register.fields:
        searcher = SEARCHERS.get(getattr(model._meta.get_field(name), "related_model", None))
        if searcher:
            return Personal(name, searcher)
    return None


def slug_of(model: type[Record]) -> str:
    return f"{model._meta.app_label}.{model._meta.model_name}"


def remember(request, model: type[Record], text: str) -> None:
    """Keep the words for this register until they are cleared by an empty search."""
    found = dict(request.session.get(SESSION_KEY, {}))
    found.pop(slug_of(model), None)
    if text.strip():
        found[slug_of(model)] = personal_search(model).searcher.prepare(text.strip())
    request.session[SESSION_KEY] = found


def remembered(request, model: type[Record]) -> tuple[Q, str]:
    """Return the condition and the words that are kept for the register; an empty condition where there are none."""
    personal, prepared = personal_search(model), request.session.get(SESSION_KEY, {}).get(slug_of(model))
    if personal is None or prepared is None:
        return Q(), ""
    return personal.searcher.condition(prepared, personal.field), personal.searcher.shown(prepared)


def words(model: type[Record], text: str) -> Q:
    """Return the condition that every word occurs in some open text that the register searches."""
    found = Q()
    for word in text.split():
        some = Q()
        for lookup in model.register.search:
            some |= Q(**{f"{lookup}__icontains": word})
        found &= some
    return found
