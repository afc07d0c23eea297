"""The production shape: docker-compose.yml, the Dockerfile, and that they say what the settings read."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    "POSTGRES_PASSWORD": "p" * 32,
    "POSTGRES_WEB_PASSWORD": "w" * 32,
    "REDIS_PASSWORD": "r" * 32,
    "VIGIL_SECRET_KEY": "".join(map(str, range(40))),
}
GIVEN = {**SECRETS, "VIGIL_DOMAIN": "vigil.example"}
OURS = {"migrate", "web", "worker", "quick", "beat"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text()))


def filled_in(text: str) -> str:
    """Do what Compose does with ${NAME:?message}, ${NAME:-default} and ${NAME}."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match["name"], match["kind"], match["rest"]
        return GIVEN.get(name) or (rest if kind == ":-" else "")

    return re.sub(r"\$\{(?P<name>\w+)(?:(?P<kind>:[?-])(?P<rest>[^}]*))?\}", value, text)


def compose_command() -> list[str] | None:
    plugin = ["docker", "compose"]
    if shutil.which("docker") and not subprocess.run([*plugin, "version"], capture_output=True, check=False).returncode:
        return plugin
    return ["docker-compose"] if shutil.which("docker-compose") else None


@pytest.fixture
def compose_config(tmp_path: Path) -> Callable[[dict[str, str]], subprocess.CompletedProcess[str]]:
    """Let Compose judge the file, with these variables and no others."""
    command = compose_command()
    if command is None:
        pytest.skip("neither `docker compose` nor docker-compose is installed")
    nothing = tmp_path / "empty"
    nothing.touch()
    command += ["-f", str(PROJECT / "docker-compose.yml"), "--env-file", str(nothing), "config", "--quiet"]
    own = {name: value for name, value in os.environ.items() if name not in GIVEN}

    def ask(given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env={**own, **given}, capture_output=True, text=True, check=False)

    return ask


def test_compose_itself_accepts_it(compose_config: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    answer = compose_config(GIVEN)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_no_secret_and_no_domain_has_a_default(
    missing: str, compose_config: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    answer = compose_config({name: value for name, value in GIVEN.items() if name != missing})
    assert answer.returncode != 0
    assert missing in answer.stderr


def test_services_are_the_ones_of_production(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {*OURS, "postgres", "redis", "proxy"}
    published = {name for name, service in compose["services"].items() if service.get("ports")}
    assert published == {"proxy"}


def test_everything_that_stays_tells_its_health_and_comes_back(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_what_is_waited_for_can_be_waited_for(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for awaited, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[awaited]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert awaited == "migrate"


def test_volumes_and_files_it_names_exist(compose: dict[str, Any]) -> None:
    sources = {
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])
    }
    files = {source for source in sources if source.startswith(".")}
    assert files
    assert all((PROJECT / source).is_file() for source in files)
    assert sources - files == set(compose["volumes"])


def test_images_are_of_a_named_version(compose: dict[str, Any]) -> None:
    images = [service["image"] for name, service in compose["services"].items() if name not in OURS]
    images += re.findall(r"^FROM (\S+)", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    assert images
    assert all(re.search(r":\d", image) for image in images), images


def test_settings_start_from_what_it_passes(compose: dict[str, Any], tmp_path: Path) -> None:
    environment = {name: filled_in(str(value)) for name, value in compose["services"]["web"]["environment"].items()}
    environment |= {"PATH": os.environ["PATH"], "VIGIL_STATE_DIR": str(tmp_path)}
    show = (
        "from django.conf import settings as s; d = s.DATABASES['default']; "
        "print(d['HOST'], d['USER'], d['PASSWORD'], s.CELERY_BROKER_URL, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS, "
        "s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECRET_KEY, s.DEBUG, sep='|')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; {show}"],
        env=environment, cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    expected = [
        "postgres",
        "vigil_web",
        GIVEN["POSTGRES_WEB_PASSWORD"],
        f"redis://:{GIVEN['REDIS_PASSWORD']}@redis:6379/0",
        "['vigil.example']",
        "['https://vigil.example']",
        "True",
        "True",
        GIVEN["VIGIL_SECRET_KEY"],
        "False",
    ]
    assert answer.stdout.strip().split("|") == expected, answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_only_the_migration_logs_in_as_owner_of_the_tables(compose: dict[str, Any]) -> None:
    users = {}
    for name in OURS:
        url = filled_in(compose["services"][name]["environment"]["DATABASE_URL"])
        users[name] = url.removeprefix("postgresql://").split("@")[0]
    owner, web = f"vigil:{GIVEN['POSTGRES_PASSWORD']}", f"vigil_web:{GIVEN['POSTGRES_WEB_PASSWORD']}"
    assert users == {name: owner if name == "migrate" else web for name in OURS}
    assert "grant_web_role" in compose["services"]["migrate"]["command"][-1]
    knows = {
        name for name in OURS if GIVEN["POSTGRES_PASSWORD"] in filled_in(str(compose["services"][name]["environment"]))
    }
    assert knows == {"migrate"}


def test_image_holds_every_part_and_runs_without_rights() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["vigil"]
    assert any("--require-hashes" in line for line in lines)
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert copied == allowed == packages | {"templates", "static", "manage.py", "requirements.lock"}


def test_example_names_every_variable_that_is_read(compose: dict[str, Any]) -> None:
    sources = "".join((PROJECT / "config" / name).read_text() for name in ("settings.py", "env.py"))
    read = set(re.findall(r"""["']((?:VIGIL_[A-Z_]+)|DATABASE_URL|REDIS_URL)["']""", sources))
    read |= set(re.findall(r"\$\{(\w+)", (PROJECT / "docker-compose.yml").read_text()))
    shown = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert shown == read
