"""Files that a killed process has left without a row are removed at night; no other file is touched."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Event
from tests.api.conftest import scene  # noqa: F401  (a month of reports with evidence)
from workplan.jobs import sweep_files
from workplan.services import orphans

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def left_behind(name: str, days: float) -> str:
    """Store a file without a row, that many days ago."""
    stored = default_storage.save(name, ContentFile(b"x"))
    then = (timezone.now() - timedelta(days=days)).timestamp()
    os.utime(default_storage.path(stored), (then, then))
    return stored


def age_all(root, days: float) -> None:
    then = (timezone.now() - timedelta(days=days)).timestamp()
    for file in root.rglob("*"):
        os.utime(file, (then, then))


def test_only_old_files_without_a_row_are_removed(scene, uploads):  # noqa: F811
    age_all(uploads, 3)
    old, fresh = left_behind("evidence/0/aaaa", 2), left_behind("imports/bbbb", 0.5)
    sweep_files()()
    assert not default_storage.exists(old) and default_storage.exists(fresh)
    assert default_storage.exists(scene.evidence.file.name)
    assert Event.objects.get(action="files.sweep").after == {"files": 1}
    assert sweep_files() is None, "nothing is left to do, and nothing is noted"


def test_a_file_whose_row_comes_late_stays(scene):  # noqa: F811
    name = left_behind("evidence/0/cccc", 2)
    found = orphans.orphans()
    assert name in found
    scene.evidence.file.name = name
    scene.evidence.save()
    assert orphans.remove(found) == 0 and default_storage.exists(name)


def test_an_empty_store_has_no_orphans():
    assert orphans.orphans() == []
