import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What is loaded now stays for as long as the process: the collector, which would look through all of it again and again
# in the middle of requests, leaves it alone from here on. The addresses bring in every view.
_views = get_resolver().url_patterns
gc.collect()
gc.freeze()
