"""The WSGI entry point. An unsafe production installation ends here, however it was started."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from .guard import refuse_unsafe_start  # noqa: E402  (needs the apps)

refuse_unsafe_start()
# What is loaded by now stays for good: the collector need not walk it again with every large page.
gc.collect()
gc.freeze()
