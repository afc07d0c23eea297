"""What each kind of file may hold: one declaration a kind."""

from dataclasses import dataclass
from enum import StrEnum


class Is(StrEnum):
    """What the cells of a field are."""

    KEY = "key"
    TEXT = "text"
    WORD = "word"
    EMAIL = "email"
    CURRENCY = "currency"
    DAY = "day"
    MOMENT = "moment"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    PRICE = "price"
    SHARE = "share"


# Decimal places kept of each sort of number: as many as the tables have; of prices and discounts, which are multiplied
# and written as 9.80000019 by some systems, all: rounding them first moves one order in forty by a cent.
PLACES: dict[Is, int] = {Is.AMOUNT: 4, Is.QUANTITY: 3, Is.PRICE: 15, Is.SHARE: 15}
_SQL_TYPES: dict[Is, str] = {Is.DAY: "date", Is.MOMENT: "timestamptz"} | {
    sort: f"numeric(30,{places})" for sort, places in PLACES.items()
}


@dataclass(frozen=True)
class Field:
    """One field of a kind of file.

    Attributes
    ----------
    name
        As `--map COLUMN=name` names it and the staging table's column is called.
    is_
        How its cells are read.
    required
        Whether a row without it is rejected.
    limit
        Longest text taken.
    vocabulary, other
        For words: their table, and what an unknown one stands for (None: it is refused).
    stand_in
        The field whose column serves when this one has none.
    ahead
        Whether the day may lie in the future.
    optional_column
        Whether a file may lack the column although a row that has it may not leave it empty.
    """

    name: str
    is_: Is = Is.TEXT
    required: bool = False
    limit: int = 200
    vocabulary: str = ""
    other: str | None = None
    stand_in: str = ""
    ahead: bool = False
    optional_column: bool = False

    @property
    def needed(self) -> bool:
        """Whether a file without a column for it is refused."""
        return self.required and not self.optional_column

    @property
    def sql_type(self) -> str:
        """Type of its column in the staging table."""
        return _SQL_TYPES.get(self.is_, "text")


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    name
        As the command names it.
    source
        The kind of fact whose completeness it advances (`FeedKind.source`).
    fields
        In the order in which the documentation lists them.
    one_of
        Groups of fields of which a file must have at least one.
    key
        The field that says which rows belong together.
    """

    name: str
    source: str
    fields: tuple[Field, ...]
    key: str
    one_of: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


_ACCOUNT = Field("account", Is.KEY, required=True, stand_in="account_name")
_ACCOUNT_NAME = Field("account_name")
_ACCOUNT_COUNTRY = Field("account_country", limit=60)
_CURRENCY = Field("currency", Is.CURRENCY)

ACCOUNTS = Kind(
    "accounts",
    "accounts",
    (
        Field("key", Is.KEY, required=True, stand_in="name"),
        Field("name", required=True, stand_in="key"),
        Field("tier", Is.WORD, vocabulary="tier"),
        Field("owner", limit=254),
        Field("country", limit=60),
        Field("parent", Is.KEY),
        Field("team", limit=80),
    ),
    key="key",
)

CONTACTS = Kind(
    "contacts",
    "contacts",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        Field("key", Is.KEY),
        Field("name", limit=160),
        Field("first_name", limit=80),
        Field("last_name", limit=80),
        Field("email", Is.EMAIL),
        Field("phone", limit=60),
        Field("title", limit=120),
        Field("level", Is.WORD, vocabulary="level"),
        Field("role", Is.WORD, vocabulary="role"),
        Field("primary", Is.WORD, vocabulary="flag"),
        Field("since", Is.DAY),
        Field("left_on", Is.DAY),
    ),
    key="key",
    one_of=(("name", "last_name"),),
)

INTERACTIONS = Kind(
    "interactions",
    "interactions",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        Field("key", Is.KEY, required=True),
        Field("happened_on", Is.DAY, ahead=True),  # of a calendar: what lies ahead is planned
        Field("planned_on", Is.DAY, ahead=True),
        Field("due_on", Is.DAY, ahead=True),
        Field("state", Is.WORD, vocabulary="interaction state"),
        Field("channel", Is.WORD, vocabulary="channel"),
        Field("initiator", Is.WORD, vocabulary="initiator"),
        Field("purpose", Is.WORD, vocabulary="purpose"),
        Field("contacts", limit=2000),
        Field("by", limit=254),
        Field("note", limit=100_000),
        Field("tone", Is.WORD, vocabulary="tone"),
    ),
    key="key",
    one_of=(("happened_on", "planned_on"),),
)

ORDERS = Kind(
    "orders",
    "orders",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        _ACCOUNT_COUNTRY,
        Field("number", Is.KEY, required=True, limit=80),
        Field("ordered_on", Is.DAY, required=True),
        Field("amount", Is.AMOUNT, required=True, optional_column=True),
        _CURRENCY,
    ),
    key="number",
)

ORDER_LINES = Kind(
    "order-lines",
    "orders",
    (
        Field("number", Is.KEY, required=True, limit=80),
        Field("account", Is.KEY, stand_in="account_name"),
        _ACCOUNT_NAME,
        _ACCOUNT_COUNTRY,
        Field("ordered_on", Is.DAY),
        Field("product_code", Is.KEY, limit=80),
        Field("product_group", limit=80),
        Field("quantity", Is.QUANTITY),
        Field("unit_price", Is.PRICE),
        Field("amount", Is.AMOUNT),
        Field("discount", Is.SHARE),
        _CURRENCY,
    ),
    key="number",
    one_of=(("amount", "unit_price"),),
)

INCIDENTS = Kind(
    "incidents",
    "incidents",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        Field("number", Is.KEY, required=True, limit=80),
        Field("title"),
        Field("kind", Is.WORD, vocabulary="incident kind", other="complaint"),
        Field("severity", Is.WORD, vocabulary="severity"),
        Field("opened_at", Is.MOMENT, required=True),
        Field("acknowledged_at", Is.MOMENT),
        Field("resolved_at", Is.MOMENT),
        Field("closed_at", Is.MOMENT),
        Field("changed_at", Is.MOMENT),
        Field("state", Is.WORD, vocabulary="incident state", other="open"),
    ),
    key="number",
)

QUIET_PERIODS = Kind(
    "quiet-periods",
    "quiet-periods",
    (
        Field("account", Is.KEY),
        Field("key", Is.KEY),
        Field("country", limit=60),
        Field("from_day", Is.DAY, required=True, ahead=True),
        Field("until_day", Is.DAY, required=True, ahead=True),
        Field("reason"),
    ),
    key="key",
)

KINDS: tuple[Kind, ...] = (ACCOUNTS, CONTACTS, INTERACTIONS, ORDERS, ORDER_LINES, INCIDENTS, QUIET_PERIODS)


def kind_named(name: str) -> Kind:
    """Find a kind by the name the command uses.

    Raises
    ------
    KeyError
        Where there is none.
    """
    for kind in KINDS:
        if kind.name == name:
            return kind
    raise KeyError(name)
