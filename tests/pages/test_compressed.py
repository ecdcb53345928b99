"""Pages travel compressed, and say the same."""

import gzip

import pytest

pytestmark = pytest.mark.django_db


def test_a_page_travels_compressed_where_the_browser_can(cast, addresses, as_user):
    client = as_user(cast.leader)
    plain = client.get(addresses["leader"])
    packed = client.get(addresses["leader"], headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "各板块" in gzip.decompress(packed.content).decode()
    assert len(packed.content) < len(plain.content) / 3
    assert "Accept-Encoding" in packed["Vary"]
