"""What a search answers with: kinds, and under each the rows found."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Result:
    """One thing found. `title` and `detail` are marked, and therefore escaped, by `Wording`."""

    url: str
    title: SafeString | str | Promise
    icon: str
    detail: SafeString | str = ""
    account: str = ""
    day: dt.date | None = None
    # A page, in the dialog ("dialog"), or something the palette does itself: "theme", "leave".
    opens: str = "page"
    key: str = ""


@dataclass(frozen=True)
class Section:
    """The results of one kind: those shown, and whether there are more than were looked for."""

    kind: str
    label: str | Promise
    results: list[Result] = field(default_factory=list)
    found: int = 0
    is_cut: bool = False

    @property
    def has_more(self) -> bool:
        return self.found > len(self.results)
