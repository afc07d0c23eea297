"""Settings of one installation: all that differs between two of them comes from the environment (see .env.example)."""

import os
from pathlib import Path

import plotly
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from kombu import Queue

from config import env

# Arrow's own pool keeps what tables leave behind; the system's gives it back: a quarter of the peak of a night's fit.
# It is chosen when the library is loaded, which nothing does before these settings are read.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = env.state_dir(BASE_DIR)

DEBUG = env.flag("VIGIL_DEBUG", default=False)
SECRET_KEY = env.secret_key(STATE_DIR)
ALLOWED_HOSTS = env.words("VIGIL_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("VIGIL_ORIGINS", default=[])
# Behind the proxy of docker-compose.yml all traffic is HTTPS; `manage.py up` on one's own machine is plain HTTP.
HTTPS = env.flag("VIGIL_HTTPS", default=False)

INSTALLED_APPS = [
    "cadence",
    "signals",
    "accounts_app",
    "config.local",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "heroicons",
    "pgtrigger",
    "pghistory",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "accounts_app.access.PrivatePagesMiddleware",
    "accounts_app.context.CompanyTimeMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts_app.context.installation",
                "signals.context.menu_counts",
                "cadence.context.today_count",
            ],
        },
    },
]

# The psycopg pool keeps connections itself, so Django must not (CONN_MAX_AGE = 0). It is for what stays: manage.py
# goes without, and so says at once that no server answers instead of after the pool's time-out.
POOL = {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}} if env.flag("VIGIL_DATABASE_POOL", default=True) else {}
DATABASES = {
    "default": {
        **env.database(STATE_DIR),
        "CONN_MAX_AGE": 0,
        # The pool tries a connection before it hands it out: after a restart of PostgreSQL those it kept are dead.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**POOL, "application_name": "vigil"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Log-in

AUTH_USER_MODEL = "accounts_app.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "accounts_app.access.ClosedSignup"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Vigil] "
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS = env.openid_connect()
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Vigil"
MFA_ADAPTER = "accounts_app.access.EncryptedSecrets"

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

# Nothing that must survive lives in Redis: sessions and lock-outs are rows.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # blob: and data: for plotly's own picture export
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What a link in a mail begins with: workers know no request. `manage.py up` sets it; beside it the running one counts.
BASE_URL = env.text(
    "VIGIL_BASE_URL",
    default=env.services(STATE_DIR).get("WEB", f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"),
).rstrip("/")

# Words, days, money

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # plotly.js comes from the wheel, so that page and figure JSON are of one version.
    ("plotly", Path(plotly.__file__).parent / "package_data"),
]
# Production collects once, under names that carry a hash and may be cached for a year. That takes half a minute,
# so `manage.py up` and the tests serve each file from where it lies.
COLLECTED_STATIC = env.flag("VIGIL_COLLECTED_STATIC", default=True)
STATIC_ROOT = STATE_DIR / "static" if COLLECTED_STATIC else None
STORAGES = {
    # What people hand in is private: it is served through views that ask who asks.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
WHITENOISE_MAX_AGE = 365 * 24 * 3600 if COLLECTED_STATIC else 0
MEDIA_ROOT = STATE_DIR / "media"

# Files handed in to be imported: where they wait, shared by web and workers; the largest; how long one is kept.
UPLOAD_DIR = env.folder("VIGIL_UPLOAD_DIR", default=MEDIA_ROOT / "uploads")
UPLOAD_BYTES = env.number("VIGIL_UPLOAD_MB", default=200) * 1024 * 1024
UPLOAD_DAYS = env.number("VIGIL_UPLOAD_DAYS", default=14)
# A document that comes with a value item or a contact; administrators alone send more, for imports.
ATTACHED_BYTES = 20 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["accounts_app.services.uploads.arrival.CappedUploadHandler"]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = STATE_DIR / "mail"
DEFAULT_FROM_EMAIL = env.text("VIGIL_MAIL_FROM", default="vigil@localhost")
EMAIL_TIMEOUT = 20  # far under the lease of a mail in the outbox
if env.text("VIGIL_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("VIGIL_SMTP_HOST")
    EMAIL_PORT = env.number("VIGIL_SMTP_PORT", default=587)
    EMAIL_HOST_USER = env.text("VIGIL_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("VIGIL_SMTP_PASSWORD")
    EMAIL_USE_TLS = env.flag("VIGIL_SMTP_TLS", default=True)

# Jobs

CELERY_BROKER_URL = env.redis(STATE_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A queue that does not answer must not hold a page or a worker up: the ledger rings again.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_connect_timeout": 5}
# Who has just saved waits for "quick": a night, a history or an import, which fill "long", must not stand before it.
# A worker that is told no queue serves both.
CELERY_TASK_QUEUES = [Queue("long"), Queue("quick")]
CELERY_TASK_DEFAULT_QUEUE = "long"
QUICK_TASKS = (
    "signals.tasks.recompute_marked",
    "signals.tasks.tick",
    "accounts_app.tasks.sweep_uploads",
    "cadence.tasks.refresh_quarters",
    "cadence.tasks.sweep_audit_packs",
)
CELERY_TASK_ROUTES = {name: {"queue": "quick"} for name in QUICK_TASKS}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_SOFT_TIME_LIMIT = 840
# Long work is cut into chunks of accounts; a worker renews the lease on the chunk it works at, and one that was
# killed is replaced after this long.
CHUNK_ACCOUNTS = env.number("VIGIL_CHUNK_ACCOUNTS", default=1000)
CHUNK_LEASE_SECONDS = env.number("VIGIL_CHUNK_LEASE_SECONDS", default=30)
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# A line for every message, task and log-in would bury the rest; tasks say what they did, refusals are warnings.
QUIET = ("axes", "celery.worker.strategy", "celery.worker.request", "celery.app.trace")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {name: {"level": "WARNING"} for name in QUIET},
    "root": {"handlers": ["console"], "level": env.text("VIGIL_LOG_LEVEL", default="INFO")},
}
