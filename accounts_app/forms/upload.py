"""A file handed in, and what is said about it before it is imported."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.import_words import field_title, in_words_of_page, kind_title
from accounts_app.importing.day_order import ORDER_WORDS
from accounts_app.importing.fields import Kind
from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.schema import KINDS, kind_named
from accounts_app.importing.values import UnreadableError, read_currency
from accounts_app.models import OWN_FEED, Feed, ImportBatch, Upload, User
from accounts_app.services import uploads

LEAVE_OUT = gettext_lazy("– left out –")
AS_FILE_SHOWS = gettext_lazy("as the file shows")
SUFFIXES = ".csv,.tsv,.txt,.gz,.xlsx,.xlsb,.xls"


def megabytes() -> int:
    return int(settings.UPLOAD_BYTES >> 20)


def too_large() -> str:
    return _("The file is larger than %(n)s MB, the most that is taken. Split it, or export a shorter span.") % {
        "n": megabytes()
    }


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What it holds"))
    feed = forms.ModelChoiceField(
        Feed.objects.exclude(name=OWN_FEED), label=gettext_lazy("Where it comes from"), empty_label=None
    )
    corrects = forms.ModelChoiceField(ImportBatch.objects.all(), required=False, widget=forms.HiddenInput)
    # Last of all: where the body is cut off, what stands before it was read.
    file = forms.FileField(
        label=gettext_lazy("File"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": SUFFIXES})
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self._is_too_large = is_too_large
        self.fields["kind"].choices = [(kind.name, kind_title(kind.name)) for kind in KINDS]  # type: ignore[attr-defined]
        self.fields["file"].help_text = _(
            "CSV, also packed with gzip, or a workbook (XLSX, XLSB, XLS); at most %(n)s MB."
        ) % {"n": megabytes()}
        if is_too_large:
            self.fields["file"].error_messages["required"] = too_large()

    def accept(self, *, by: User) -> Upload | None:
        """Keep the file, or say at its field why not."""
        said = self.cleaned_data
        try:
            return uploads.accept(
                feed=said["feed"], kind=said["kind"], file=said["file"], by=by, corrects=said["corrects"]
            )
        except FileRefusedError as refusal:
            self.add_error("file", in_words_of_page(str(refusal)))
            return None


class MappingForm(forms.Form):
    """What each column of a file is, and how the file is to be read; one select for each column that has a header."""

    accounts_from = forms.ModelChoiceField(
        Feed.objects.exclude(name=OWN_FEED),
        label=gettext_lazy("Accounts are named by"),
        required=False,
        to_field_name="name",
        empty_label=gettext_lazy("this feed's own keys"),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Of rows that name none, such as EUR; empty: the feed's."),
    )
    create_accounts = forms.BooleanField(label=gettext_lazy("Make accounts of unknown keys"), required=False)
    history = forms.ChoiceField(
        label=gettext_lazy("Known since"),
        required=False,
        choices=(
            ("", gettext_lazy("as usual")),
            ("yes", gettext_lazy("the day it happened")),
            ("no", gettext_lazy("today")),
        ),
        help_text=gettext_lazy("As usual: of a feed's first file of a kind the day it happened, else today."),
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("Dates"),
        required=False,
        choices=[("", AS_FILE_SHOWS), *((str(key), words) for key, words in ORDER_WORDS.items())],
    )
    decimal = forms.ChoiceField(
        label=gettext_lazy("Numbers"),
        required=False,
        choices=(("", AS_FILE_SHOWS), (".", gettext_lazy("decimal point")), (",", gettext_lazy("decimal comma"))),
    )
    encoding = forms.CharField(
        label=gettext_lazy("Encoding"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Of a text file; empty: guessed."),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Of a workbook; empty: the only one."),
    )

    def __init__(self, upload: Upload, data: Any = None) -> None:
        seen = upload.preview or {}
        self.kind: Kind = kind_named(upload.kind)
        self.columns: list[dict[str, Any]] = seen.get("columns", [])
        said = upload.options if "columns" in upload.options or not seen else seen["remembered"] | upload.options
        super().__init__(data, initial=_initial(said), label_suffix="", auto_id="say-%s")
        # A table has either; before it could be read, nobody knows which.
        for name, other in (("encoding", "sheet"), ("sheet", "encoding")):
            if other in seen.get("form", {}):
                del self.fields[name]
        self._ask_sheet(seen.get("questions", []))
        choices = [("", LEAVE_OUT), *((field.name, _choice(field)) for field in self.kind.fields)]
        for number, column in enumerate(self.columns):
            if column["header"]:
                taken_for = _field_of(upload, column)
                self.fields[f"column-{number}"] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    initial=taken_for,
                    label=_("Field of the column %(header)s") % {"header": column["header"]},
                )

    def _ask_sheet(self, questions: list[dict[str, Any]]) -> None:
        for question in questions:
            if question["answer"] == "sheet":
                self.fields["sheet"] = forms.ChoiceField(label=_("Sheet"), required=False, choices=question["choices"])

    def rows(self) -> list[tuple[dict[str, Any], forms.BoundField | None]]:
        """Each column of the file with its select; one without a header cannot be named and has none."""
        return [
            (column, self[f"column-{number}"] if column["header"] else None)
            for number, column in enumerate(self.columns)
        ]

    def read_as(self) -> list[forms.BoundField]:
        return [self[name] for name in ("dates", "decimal", "encoding", "sheet") if name in self.fields]

    def taken_as(self) -> list[forms.BoundField]:
        return [self[name] for name in ("accounts_from", "currency", "history", "create_accounts")]

    def clean_currency(self) -> str:
        text = str(self.cleaned_data["currency"]).strip()
        try:
            return read_currency(text) if text else ""
        except UnreadableError as error:
            raise ValidationError(capfirst(str(error)) + ".") from error

    def clean_encoding(self) -> str:
        name = str(self.cleaned_data["encoding"]).strip()
        try:
            "".encode(name or "utf-8")
        except (LookupError, ValueError) as error:
            raise ValidationError(_("There is no encoding of this name.")) from error
        return name

    def clean(self) -> dict[str, Any]:
        self._chosen: dict[str, str] = {}
        for number, column in enumerate(self.columns):
            field = self.cleaned_data.get(f"column-{number}")
            if field and field in self._chosen:
                text = _("%(field)s is already the column %(header)s.")
                said = {"field": capfirst(field_title(field)), "header": self._chosen[field]}
                self.add_error(f"column-{number}", text % said)
            elif field:
                self._chosen[field] = column["header"]
        return self.cleaned_data

    def misses_columns(self) -> bool:
        """Say which needed fields have no column; a file is read again without them, but not tried."""
        for lacking in _lacking(self.kind, set(self._chosen)):
            names = _(" or ").join(field_title(name) for name in lacking)
            self.add_error(None, _("No column is chosen for: %(names)s.") % {"names": names})
        return bool(self.errors)

    def options(self) -> dict[str, Any]:
        """What was said, as an upload keeps it."""
        said = self.cleaned_data
        plain = ("currency", "create_accounts", "dates", "decimal", "encoding", "sheet")
        given = {name: said[name] for name in plain if name in said}
        if said["accounts_from"]:
            given["accounts_from"] = said["accounts_from"].name
        if said["history"]:
            given["history"] = said["history"] == "yes"
        columns = {field.name: self._chosen.get(field.name, "") for field in self.kind.fields}
        return {name: value for name, value in given.items() if value not in ("", False) or name == "history"} | {
            "columns": columns
        }


def _choice(field: Any) -> str:
    return _("%(field)s (needed)") % {"field": field_title(field.name)} if field.needed else field_title(field.name)


def _field_of(upload: Upload, column: dict[str, Any]) -> str:
    """What the column was said to be; before anything was said, what reading the file took it for."""
    if upload.step == Upload.Step.PREVIEW:
        return str(column["field"])
    columns = upload.options.get("columns", {})
    return next((name for name, header in columns.items() if header == column["header"]), "")


def _initial(said: dict[str, Any]) -> dict[str, Any]:
    history = {True: "yes", False: "no"}.get(said.get("history"), "") if "columns" in said else ""  # type: ignore[arg-type]
    return {**said, "history": history}


def _lacking(kind: Kind, chosen: set[str]) -> list[tuple[str, ...]]:
    needed = [(field.name,) for field in kind.fields if field.needed and field.stand_in not in chosen]
    return [names for names in [*needed, *kind.one_of] if not chosen & set(names)]
