"""The link in a digest by which its reader takes no more of them, without logging in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts_app.models import User
from cadence.models import Digest, DigestChoice

# Signed links of one purpose are no good for another.
_SALT = "cadence.unsubscribe"


def unsubscribe_url(user: User, kind: Digest.Kind) -> str:
    """An address that says nothing of its reader but a number, and allows nothing but this."""
    token = signing.dumps([user.pk, kind.value], salt=_SALT)
    return settings.BASE_URL + reverse("cadence:unsubscribe", args=[token])


def read_link(token: str) -> tuple[User, Digest.Kind] | None:
    """Whose link this is, and for which digest; none for one that is not ours. It never grows old: mails are kept."""
    try:
        pk, kind = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk).first()
    return (user, Digest.Kind(kind)) if user else None


def unsubscribe(user: User, kind: Digest.Kind) -> None:
    DigestChoice.objects.filter(user=user).update(**{kind.value: False})


def has_chosen(user: User, kind: Digest.Kind) -> bool:
    return DigestChoice.objects.filter(user=user, **{kind.value: True}).exists()
