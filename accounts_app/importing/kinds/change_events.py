"""What happened at the accounts themselves."""

from accounts_app.importing.account_keys import derive_keys, keep_stored, resolve_staged, take_latest
from accounts_app.importing.fields import ACCOUNT, ACCOUNT_NAME, Field, Is, Kind
from accounts_app.importing.staging import Load
from accounts_app.importing.tables import EVENTS
from accounts_app.importing.upsert import Column, Target, Write, mark_changed, upsert
from accounts_app.models import ChangeEvent

KIND = Kind(
    "change-events",
    "change-events",
    (
        ACCOUNT,
        ACCOUNT_NAME,
        Field("happened_on", Is.DAY, required=True),
        Field("kind", Is.WORD, required=True, vocabulary="change event kind"),
        Field("title"),
        Field("source"),
        Field("key", Is.KEY),
    ),
    key="key",
)
# Without a title of its own an event is called by its kind: "New executive".
_TITLE = "coalesce(i.title, upper(left(i.kind, 1)) || replace(substr(i.kind, 2), '_', ' '))"


def load_change_events(load: Load) -> str:
    """Load rows that are change events; returns the staged field that names the item of a row."""
    resolve_staged(load)
    derive_keys(load, "concat_ws(':', account, happened_on, kind, lower(title))")
    keep_stored(load, EVENTS, "title", "source")
    take_latest(load)
    upsert(
        load,
        Target(ChangeEvent),
        [
            Column("account_id", "i.account_id"),
            Column("kind", "i.kind"),
            Column("happened_on", "i.happened_on"),
            Column("title", _TITLE),
            Column("source", "coalesce(i.source, '')"),
            Column("known_on", load.known_from("i.happened_on"), Write.ONCE),
        ],
    )
    mark_changed(load)
    return "key"
