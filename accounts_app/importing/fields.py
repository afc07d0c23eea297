"""What a kind of file is made of: fields, and how the cells of each are read."""

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
    endless
        Whether a year such as 9999 stands for no end.
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
    endless: bool = False
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


ACCOUNT = Field("account", Is.KEY, required=True, stand_in="account_name")
ACCOUNT_NAME = Field("account_name")
ACCOUNT_COUNTRY = Field("account_country", limit=60)
CURRENCY = Field("currency", Is.CURRENCY)
