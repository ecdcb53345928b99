"""The WSGI entry point. An unsafe production installation ends here, however it was started."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from .guard import refuse_unsafe_start  # noqa: E402  (needs the apps)
from .memory import settle  # noqa: E402

refuse_unsafe_start()
settle()
