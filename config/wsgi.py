import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.collector import spare_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Before the processes are forked, with all views, which the addresses bring in: no request is held up by a collection.
_views = get_resolver().url_patterns
spare_what_is_loaded()
