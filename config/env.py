"""Reads the environment, once, for settings.py. The servers of `manage.py up` are found through its services.json."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, *, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value not in {"", "0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true", "yes"} if value else default


def number(name: str, *, default: int) -> int:
    value = text(name)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value) if value else default


def words(name: str, *, default: list[str]) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def state_dir(base: Path) -> Path:
    """The folder of what an installation keeps beside its databases: secret, collected files, embedded servers."""
    return Path(text("VIGIL_STATE_DIR", default=str(base / ".vigil")))


def folder(name: str, *, default: Path) -> Path:
    return Path(text(name, default=str(default)))


def secret_key(state: Path) -> str:
    """VIGIL_SECRET_KEY, else one drawn at the first start and kept readable by this user alone."""
    if given := text("VIGIL_SECRET_KEY"):
        return given
    path = state / "secret_key"
    state.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def services(state: Path) -> dict[str, str]:
    """Addresses of the running embedded servers, or nothing when none runs."""
    try:
        return dict(json.loads((state / "services.json").read_text()))
    except FileNotFoundError:
        return {}


def database(state: Path) -> dict[str, Any]:
    """Django's view of DATABASE_URL (postgresql://user:password@host:port/name)."""
    url = text("DATABASE_URL") or services(state).get("DATABASE_URL", "postgresql://vigil@127.0.0.1:5432/vigil")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://; Vigil runs on PostgreSQL only")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or 5432),
    }


def redis(state: Path) -> str:
    return text("REDIS_URL") or services(state).get("REDIS_URL", "redis://127.0.0.1:6379/0")


def openid_connect() -> dict[str, Any]:
    """Single sign-on by OpenID Connect, on when its issuer, client and secret are given."""
    issuer = text("VIGIL_OIDC_ISSUER")
    if not issuer:
        return {}
    app = {
        "provider_id": "oidc",
        "name": text("VIGIL_OIDC_NAME", default="Single sign-on"),
        "client_id": text("VIGIL_OIDC_CLIENT_ID"),
        "secret": text("VIGIL_OIDC_CLIENT_SECRET"),
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app]}}
