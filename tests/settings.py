"""The project's settings on a throw-away pair of servers, which therefore start before the settings are read."""

import os

from tests.servers import start_pair

start_pair()
os.environ.setdefault("VIGIL_COLLECTED_STATIC", "0")
# Threads of the live server and of concurrency tests would each keep the test database open through the pool.
os.environ.setdefault("VIGIL_DATABASE_POOL", "0")

from config.settings import *  # noqa: E402, F403

# Strong hashing is for people; a session of tests logs in a thousand times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
