"""The next version of the audit's questions: earlier ones stay, so that every signed audit keeps what it asked."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts_app.models import Role, User
from cadence.models import AuditQuestions, Dimension
from cadence.services.audits import AuditError

LOCK = 7_314_005
MOST, LONGEST = 60, 500
KEY_LENGTH = 40
PARTS = ("key", "dimension", "text", "guide")
Question = Mapping[str, str]


@transaction.atomic
def next_version(questions: Sequence[Question], base: int, reason: str, by: User) -> AuditQuestions:
    """Write the version after `base`, refused where there is a later one; a question without a key is a new one."""
    if by.role not in {Role.SALES_LEADER, Role.ADMINISTRATOR} or not by.is_active:
        raise AuditError(_("Only a sales leader or an administrator changes the questions."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    latest = AuditQuestions.latest()
    if latest.version != base:
        said = _("{name} has made version {n} meanwhile. Saving again puts yours after it.")
        raise AuditError(said.format(name=latest.made_by or _("The product"), n=latest.version))
    if not reason.strip():
        raise AuditError(_("Say why the questions change: it stands with the version."))
    asked = _with_keys(questions)
    if asked == [{part: one.get(part, "") for part in PARTS} for one in latest.questions]:
        raise AuditError(_("Nothing is changed: these are the questions of version {n}.").format(n=latest.version))
    return AuditQuestions.objects.create(
        version=latest.version + 1, questions=asked, reason=reason.strip()[:300], made_by=by
    )


def _with_keys(questions: Sequence[Question]) -> list[dict[str, str]]:
    """In the order of the dimensions; a new question gets a key that no version has used."""
    if not questions:
        raise AuditError(_("At least one question is asked."))
    if len(questions) > MOST:
        raise AuditError(_("At most {n} questions, please.").format(n=MOST))
    used = {one["key"] for version in AuditQuestions.objects.all() for one in version.questions}
    found = []
    for one in sorted(questions, key=lambda one: Dimension.values.index(one["dimension"])):
        key = one["key"] or _new_key(one, used)
        used.add(key)
        found.append({"key": key, "dimension": one["dimension"], "text": one["text"], "guide": one["guide"]})
    return found


def _new_key(question: Question, used: set[str]) -> str:
    words = slugify(question["text"]).replace("-", "_")[: KEY_LENGTH - 16].strip("_") or "question"
    stem, number = f"{question['dimension']}_{words}", 1
    while (key := stem if number == 1 else f"{stem}_{number}") in used:
        number += 1
    return key
