"""Who may call which address: every view says so with `@access`, and a start-up check refuses one that does not."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.models.user import Role, User

EVERYONE_INSIDE = frozenset(Role)
EXCEPT_OPERATIONS = EVERYONE_INSIDE - {Role.OPERATIONS}
WHO_ACT = frozenset({Role.ACCOUNT_MANAGER, Role.SALES_LEADER, Role.ADMINISTRATOR})


class Request(HttpRequest):
    """A request of somebody logged in."""

    user: User


@dataclass(frozen=True)
class Access:
    roles: frozenset[Role]
    methods: tuple[str, ...]
    # No log-in: whoever knows the address. The view answers any other than a true one with 404.
    by_secret: bool = False


P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]
GuardedView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
OpenView = GuardedView[P]


def access(roles: frozenset[Role], *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View[P]], GuardedView[P]]:
    """Let only these roles in, with only these methods: else the log-in page, 403 or 405."""

    def decorate(view: View[P]) -> GuardedView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_log_in(request)
            if request.user.role not in roles:
                raise PermissionDenied
            if request.method not in allowed:
                return HttpResponse(status=405, headers={"Allow": ", ".join(allowed)})
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        allowed = (*methods, "HEAD") if "GET" in methods else methods
        guarded.access = Access(roles, methods)  # type: ignore[attr-defined]
        return cast("GuardedView[P]", guarded)

    return decorate


def secret_address(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[OpenView[P]], OpenView[P]]:
    """Let in whoever knows the address, with only these methods: what a calendar program or a mail program calls.

    The view looks the secret up itself, by a hash or a signature, before it does anything else.
    """

    def decorate(view: OpenView[P]) -> OpenView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponse(status=405, headers={"Allow": ", ".join(allowed)})
            return view(request, *args, **kwargs)

        allowed = (*methods, "HEAD") if "GET" in methods else methods
        guarded.access = Access(frozenset(), methods, by_secret=True)  # type: ignore[attr-defined]
        return cast("OpenView[P]", guarded)

    return decorate


def ask_to_log_in(request: HttpRequest) -> HttpResponseBase:
    """A page goes to the log-in page and comes back; a fragment cannot, so it sends the whole window there."""
    if request.headers.get("HX-Request"):
        answer = HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
        answer.status_code = 401
        return answer
    return redirect_to_login(request.get_full_path())


def admin_log_in(request: HttpRequest) -> HttpResponseBase:
    """The admin site's log-in is the one of every page; somebody logged in who still ends here may not enter."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or resolve_url("admin:index"))


class PrivatePagesMiddleware:
    """What needs a log-in is never kept by a browser or a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are made by an administrator; nobody signs up."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


class EncryptedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth stores second-factor secrets as they are unless told otherwise."""

    def _cipher(self) -> Fernet:
        digest = hashlib.sha256(b"vigil second factor" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()


def view_access(view: Any) -> Access | None:
    """What a resolved view declared, if anything."""
    return getattr(view, "access", None)
