"""How the Data page names things: kinds of file, fields, freshness, progress, and what the importer has to say."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.models import FeedKind, FeedSource, Upload

Text = str | Promise

KIND_TITLES: dict[str, Text] = {
    **{str(source.value): source.label for source in FeedSource},
    "order-lines": gettext_lazy("Order lines"),
}
PHASES: dict[str, Text] = {
    "": gettext_lazy("Beginning"),
    "reading": gettext_lazy("Reading the file"),
    "checking": gettext_lazy("Checking rows"),
    "writing": gettext_lazy("Comparing and writing"),
}
# The importer speaks to whoever types the command; the page has a field for each of its options.
_OF_COMMAND: tuple[tuple[str, Text], ...] = (
    (r" \(--dates \w+\)", ""),
    (r"with --dates", gettext_lazy("under “Dates”")),
    (r"Say --decimal point or --decimal comma\.", gettext_lazy("Say which under “Numbers”.")),
    (r"Name the column with --map COLUMN=\w+\.", gettext_lazy("Choose it under “Columns”.")),
    (r"with --(sheet|encoding)", gettext_lazy("under “How it is read”")),
    (r"--currency", gettext_lazy("“Currency”")),
    (r"--create-accounts", gettext_lazy("“Make accounts of unknown keys”")),
    (r"--accounts-from", gettext_lazy("“Accounts are named by”")),
)


def kind_title(kind: str) -> Text:
    return KIND_TITLES.get(kind, kind)


def field_title(name: str) -> str:
    return name.replace("_", " ")


def in_words_of_page(text: str) -> str:
    """Say what the importer said, with the page's names for its options."""
    for option, words in _OF_COMMAND:
        text = re.sub(option, str(words), text)
    return text


@dataclass(frozen=True)
class Freshness:
    """One kind of fact of one feed: how far it has come in."""

    key: str
    word: Text
    detail: str


def freshness(kind: FeedKind, today: dt.date) -> Freshness:
    if not kind.used:
        return Freshness("not_used", _("Not used here"), "")
    if kind.complete_to is None:
        return Freshness("never", _("Nothing yet"), "")
    days = (today - kind.complete_to).days - kind.expected_days
    due = ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days} if days > 0 else ""
    if kind.is_stale(today):
        return Freshness("stale", _("Stale"), due)
    return Freshness("fresh", _("Fresh"), due)


@dataclass(frozen=True)
class Progress:
    """How far the work on an upload is."""

    phase: Text
    done: int
    total: int
    left: str

    @property
    def percent(self) -> int:
        return min(round(100 * self.done / self.total), 100) if self.total else 0


def progress_of(upload: Upload) -> Progress:
    if upload.state == Upload.State.WAITING:
        return Progress(_("Waiting for a worker"), 0, upload.rows_total, "")
    done = upload.rows_done
    # Reading counts the rows, so their number is known only from an earlier step.
    total = upload.rows_total or (upload.preview or {}).get("rows", 0)
    return Progress(PHASES.get(upload.phase, upload.phase), done, total, _left(upload, done, total))


def _left(upload: Upload, done: int, total: int) -> str:
    if upload.claimed_at is None:
        return ""
    passed = (timezone.now() - upload.claimed_at).total_seconds()
    if upload.step == Upload.Step.IMPORT and upload.trial:
        # The dry run did the very same, and took it back.
        return _about(upload.trial["seconds"] - passed)
    if upload.phase == "checking" and done and total > done:
        return _about(passed * (total - done) / done)
    return ""


def _about(seconds: float) -> str:
    if seconds < 1:
        return _("nearly done")
    if seconds < 90:
        return _("about %(n)s s left") % {"n": round(seconds)}
    return _("about %(n)s min left") % {"n": round(seconds / 60)}
