"""A mail or a meeting handed in, read on the spot, and what the log opens with because of it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.interaction_fields import OTHER, set_day
from accounts_app.meeting_files import Fault, Header, UnreadableError, read_file
from accounts_app.models import Interaction
from accounts_app.services.address_match import Candidate, Match

FAULTS: dict[Fault, str | Promise] = {
    "empty": gettext_lazy("The file is empty."),
    "other": gettext_lazy("This is neither a mail nor a meeting: hand in an .eml or .ics file."),
    "outlook": gettext_lazy("This is Outlook's own format (.msg): save the mail as .eml, or the meeting as .ics."),
    "no_header": gettext_lazy("This is no mail: it says neither who wrote it nor when."),
    "no_event": gettext_lazy("There is no meeting in this calendar file."),
    "many": gettext_lazy("This is a whole calendar: hand in the one meeting."),
}
# Carries the header from one question to the next, in the form and nowhere else.
SALT, KEPT_SECONDS = "meeting file", 60 * 60


class MeetingFileForm(forms.Form):
    # Last of all in its form: where the body is cut off, what stands before it was read.
    file = forms.FileField(
        label=gettext_lazy("Mail or meeting"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".eml,.ics"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        zone: ZoneInfo,
        is_too_large: bool = False,
        ids: str = "file",
    ) -> None:
        super().__init__(data, files, label_suffix="", auto_id=f"{ids}-%s")
        self.zone = zone
        if is_too_large:
            self.fields["file"].error_messages["required"] = too_large()

    def clean_file(self) -> list[Header]:
        """The headers in place of the file: nobody sees anything else of it."""
        file = self.cleaned_data["file"]
        if file.size > settings.ATTACHED_BYTES:
            raise ValidationError(too_large())
        try:
            return read_file(file.file, self.zone)
        except UnreadableError as refusal:
            raise ValidationError(str(FAULTS[refusal.fault])) from refusal


def too_large() -> str:
    most = settings.ATTACHED_BYTES >> 20
    return _("The file is larger than {n} MB. Save it without what is attached.").format(n=most)


def packed(headers: list[Header]) -> str:
    """Signed, so that what comes back is what was read."""
    plain = [vars(one) | {"day": one.day.isoformat() if one.day else None} for one in headers]
    return signing.dumps(plain, salt=SALT, compress=True)


def unpacked(text: str) -> list[Header]:
    """Empty for what is no such text, or an old one."""
    try:
        plain = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return [_header(one) for one in plain]


def _header(plain: dict[str, Any]) -> Header:
    day = parse_date(plain["day"]) if plain["day"] else None
    return Header(**plain | {"day": day, "others": tuple(plain["others"]), "remarks": tuple(plain["remarks"])})


def opened_from(
    header: Header, form_opening: dict[str, Any], *, candidate: Candidate | None, match: Match
) -> dict[str, Any]:
    """What the log opens with: what the header says, over what it would have opened with.

    A plan is taken for this one only where it was planned in the same way: a mail is not the visit that was planned.
    """
    people = [one.pk for one in candidate.contacts if one.left_on is None] if candidate else []
    is_ours = not header.sender or header.sender in match.ours
    said = {
        "channel": header.channel,
        "initiator": Interaction.Initiator.US if is_ours else Interaction.Initiator.THEM,
        "contacts": people,
        "note": header.subject,
        "colleagues": [one.pk for one in match.colleagues] or form_opening["colleagues"],
    }
    if not form_opening["planned"] or form_opening["channel"] != header.channel:
        said |= {"planned": "", "purpose": "", "value_item": ""}
    return form_opening | said


def set_day_from(form: forms.Form, header: Header) -> None:
    """The day of the header; where it says none, or not which of a series, the reader is asked."""
    if header.day and "series" not in header.remarks:
        set_day(form, "happened_on", header.day)
    else:
        form.initial["happened_on"] = OTHER
