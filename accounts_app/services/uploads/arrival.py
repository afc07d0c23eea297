"""How the bytes of an upload come in: always onto the disk, never beyond the limit, and only from who may upload."""

import tempfile
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from accounts_app.models import Role
from accounts_app.services.uploads.files import arriving

# What surrounds a file in the body of a form.
_ENVELOPE = 1 << 20
_PIECE = 1 << 16
# Times the limit: what is announced to be longer is not even read.
_FLOOD = 10
# Who takes part in the work adds what a value item or a contact comes with.
_MAY_ATTACH = frozenset({Role.ACCOUNT_MANAGER, Role.SALES_LEADER})


class ArrivingFile(TemporaryUploadedFile):
    def __init__(
        self, name: str, content_type: str, size: int, charset: str | None, content_type_extra: Any = None
    ) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=arriving())  # noqa: SIM115  # the handler closes it
        UploadedFile.__init__(self, file, name, content_type, size, charset, content_type_extra)


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Django parses a body before the view runs; this cuts it off there."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._client = request
        self._limit = _limit_of(request)
        self._left = self._limit
        self._length = int(request.META.get("CONTENT_LENGTH") or 0)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if not self._limit:
            self._stop()
        if self._length > self._limit + _ENVELOPE:
            self._refuse()
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = ArrivingFile(
            self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._left -= len(raw_data)
        if self._left < 0:
            self._refuse()
        super().receive_data_chunk(raw_data, start)

    def _refuse(self) -> NoReturn:
        self._client.upload_too_large = True  # type: ignore[attr-defined]
        self._stop()

    def _stop(self) -> NoReturn:
        """Read the rest and throw it away, so that the answer reaches the browser; but not of a flood."""
        if self._length <= _FLOOD * settings.UPLOAD_BYTES:
            while self._client.read(_PIECE):
                pass
        # "Reset" keeps Django from doing it: it would read line by line, and a line may be the whole file.
        raise StopUpload(connection_reset=True)


def _limit_of(request: HttpRequest) -> int:
    """How much this user may send in one body: tables for an import, a document for an item, or nothing."""
    role = getattr(getattr(request, "user", None), "role", "")
    if role == Role.ADMINISTRATOR:
        return int(settings.UPLOAD_BYTES)
    return min(int(settings.UPLOAD_BYTES), int(settings.ATTACHED_BYTES)) if role in _MAY_ATTACH else 0
