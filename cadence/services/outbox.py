"""Mail that is to leave: written where it is wanted, claimed with a lease, sent, marked; at least once.

Between a server's "taken" and our mark a killed worker leaves a mail that is sent again. It then carries the same
Message-ID, by which most programs show it once; no mail is lost, and nothing else can double one.
"""

import datetime as dt
import logging
import re
import smtplib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts_app.models import User
from cadence.models import OutgoingMail

logger = logging.getLogger(__name__)

# Longer than a server may take to answer (EMAIL_TIMEOUT), so that nobody sends what another is still sending.
LEASE: Final = dt.timedelta(minutes=2)
# What is waited after each attempt; there is one attempt more than pauses.
PAUSES: Final = tuple(dt.timedelta(minutes=n) for n in (1, 5, 30, 120, 480))
MOST_ATTEMPTS: Final = len(PAUSES) + 1
MOST_AT_ONCE: Final = 50
LONGEST_SUBJECT: Final = 200
# After this long nobody asks what a mail said; that it was sent stays on record.
CONTENT_KEPT: Final = dt.timedelta(days=30)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, kw_only=True)
class Attachment:
    name: str
    type: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says, before anybody is named to whom it goes."""

    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


def one_line(text: str) -> str:
    """The text without line ends and other controls: in a header they would begin another one."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def post(letter: Letter, *, key: str, recipient: str, user: User | None = None) -> OutgoingMail:
    """Put a mail into the outbox, in the transaction of whoever wants it; the same `key` again is the same mail."""
    content = {
        "message_id": f"<{uuid.uuid4()}@{_host()}>",
        "recipient": recipient,
        "user": user,
        "subject": one_line(letter.subject)[:LONGEST_SUBJECT],
        "text": letter.text.replace("\x00", ""),
        "html": letter.html.replace("\x00", ""),
        "headers": {name: one_line(value) for name, value in letter.headers.items()},
        "attachments": [asdict(one) for one in letter.attachments],
    }
    return OutgoingMail.objects.get_or_create(key=key, defaults=content)[0]


def send_waiting(most: int = MOST_AT_ONCE) -> int:
    """Send what waits, one mail after the other; returns how many left."""
    sent = 0
    for _number in range(most):
        mail = claim()
        if mail is None:
            break
        sent += _send(mail)
    return sent


def claim() -> OutgoingMail | None:
    """Take the next mail for as long as a lease, in a transaction of its own; `attempts` is the fence behind it."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(free, state=OutgoingMail.State.WAITING, send_after__lte=Now())
        mail = waiting.select_for_update(skip_locked=True).order_by("send_after", "pk").first()
        if mail is not None:
            mail.attempts += 1
            OutgoingMail.objects.filter(pk=mail.pk).update(attempts=mail.attempts, lease_until=Now() + LEASE)
    return mail


def send_again(mail: OutgoingMail) -> bool:
    """Let a mail that was given up wait once more; false where it waits already or has left."""
    failed = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.FAILED)
    anew = {"state": OutgoingMail.State.WAITING, "attempts": 0, "lease_until": None, "send_after": Now(), "error": ""}
    return bool(failed.update(**anew))


def forget_contents() -> int:
    """Empty what was sent long ago; returns how many mails."""
    old = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, sent_at__lt=Now() - CONTENT_KEPT)
    return old.exclude(text="", html="").update(text="", html="", headers={}, attachments=[])


def _send(mail: OutgoingMail) -> bool:
    if refusal := _refusal(mail):
        _give_up(mail, refusal)
        return False
    try:
        _message(mail).send()
    except (OSError, ValueError, BadHeaderError) as error:  # smtplib's errors are OSErrors
        _failed(mail, error)
        return False
    _mark(mail, state=OutgoingMail.State.SENT, sent_at=Now(), error="")
    return True


def _refusal(mail: OutgoingMail) -> str:
    """Why a mail is not sent although its turn has come."""
    if mail.attempts > MOST_ATTEMPTS:
        return _("Workers were killed while they sent it, {n} times.").format(n=MOST_ATTEMPTS)
    if mail.user is not None and not mail.user.is_active:
        return _("The recipient may not log in any more.")
    return ""


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = {**mail.headers, "Message-ID": mail.message_id}
    connection = get_connection(fail_silently=False)
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.recipient], headers=headers, connection=connection
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for one in mail.attachments:
        message.attach(one["name"], one["text"], one["type"])
    return message


def _failed(mail: OutgoingMail, error: Exception) -> None:
    logger.warning("Mail %s was not sent (attempt %d): %s", mail.pk, mail.attempts, error)
    if mail.attempts >= MOST_ATTEMPTS or _is_final(error):
        _give_up(mail, str(error) or repr(error))
    else:
        pause = PAUSES[mail.attempts - 1]
        _mark(mail, lease_until=None, send_after=Now() + pause, error=str(error) or repr(error))


def _is_final(error: Exception) -> bool:
    """Whether the same mail would be refused for ever: an address the server does not know, a header it cannot be."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return isinstance(error, ValueError)


def _give_up(mail: OutgoingMail, reason: str) -> None:
    _mark(mail, state=OutgoingMail.State.FAILED, lease_until=None, error=reason)


def _mark(mail: OutgoingMail, **values: Any) -> None:
    """Write how it ended, unless the lease ran out and another worker has it now."""
    mine = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state=OutgoingMail.State.WAITING)
    mine.update(**values)


def _host() -> str:
    return urlsplit(settings.BASE_URL).hostname or "localhost"
