"""Addresses of the pages about people. People are named by random ids; nothing about them stands in an address."""

from django.urls import path

from .views import duplicates, persons, reveals

app_name = "people"
urlpatterns = [
    path("persons/", persons.persons, name="persons"),
    path("persons/duplicates/", duplicates.duplicates, name="duplicates"),
    path("persons/duplicates/<uuid:one>/<uuid:other>/", duplicates.merge, name="merge"),
    path("persons/duplicates/<uuid:one>/<uuid:other>/dismiss/", duplicates.dismiss, name="duplicate_dismiss"),
    path("persons/<uuid:uid>/", persons.person, name="person"),
    path("persons/<uuid:uid>/edit/", persons.person_edit, name="person_edit"),
    path("persons/<uuid:uid>/move/", persons.person_move, name="person_move"),
    path("persons/<uuid:uid>/reveal/<slug:field>/", reveals.person_reveal, name="person_reveal"),
    path("reveals/", reveals.reveals, name="reveals"),
]
