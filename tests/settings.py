"""The project's settings on a throw-away pair of servers, which therefore start before the settings are read."""

from pathlib import Path

from tests.servers import start_pair

start_pair()

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, MEDIA_ROOT, STATIC_ROOT, STORAGES  # noqa: E402

# Threads of the live server and of concurrency tests would each keep the test database open through the pool.
DATABASES["default"]["OPTIONS"].pop("pool")
# Strong hashing is for people; a session of tests logs in a thousand times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files straight from their folders: nothing is collected before a test.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
for folder in (STATIC_ROOT, MEDIA_ROOT):
    Path(folder).mkdir(parents=True, exist_ok=True)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
