import pytest

from accounts_app.importing.limits import FileRefusedError
from accounts_app.importing.mapping import distinct_headers, find_columns, locate_header, score_rows
from accounts_app.importing.schema import KINDS, kind_named
from accounts_app.importing.synonyms import SYNONYMS, headers_of
from accounts_app.importing.values import Cell, simplified
from accounts_app.importing.vocabulary import VOCABULARY


def columns(kind: str, header: str, **told: str) -> dict[str, str]:
    headers = distinct_headers(header.replace(";", ",").split(","))
    return {field: headers[place] for field, place in find_columns(kind_named(kind), headers, told).items()}


# Header lines of real exports: see exports/headers.tsv of the test data.
@pytest.mark.parametrize(
    ("kind", "header", "expected"),
    [
        (
            "contacts",
            "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Contact owner",
            {
                "key": "Record ID",
                "account": "Company Name",
                "first_name": "First Name",
                "last_name": "Last Name",
                "title": "Job Title",
            },
        ),
        (
            "accounts",
            "Record ID,Company name,Website URL,Company owner,Create Date",
            {"key": "Record ID", "name": "Company name", "owner": "Company owner"},
        ),
        (
            "accounts",
            '"Last Activity","Account Owner","Account Name","Account ID"'.replace('"', ""),
            {"key": "Account ID", "owner": "Account Owner"},
        ),
        (
            "accounts",
            "Code client;Raison sociale;E-mail;Téléphone;Adresse;CP;Ville;SIRET",
            {"key": "Code client", "name": "Raison sociale"},
        ),
        (
            "contacts",
            "Code client;Raison sociale;Interlocuteur;Tél;Portable;Mail;Adresse",
            {"account": "Code client", "name": "Interlocuteur", "email": "Mail", "phone": "Tél"},
        ),
        (
            "incidents",
            "Case Origin,Full Name,Created Date,Case Number,Account Name,Case Category,Subject,Status,Closed Date",
            {
                "number": "Case Number",
                "account": "Account Name",
                "opened_at": "Created Date",
                "closed_at": "Closed Date",
                "kind": "Case Category",
            },
        ),
        (
            "orders",
            "Vendor ID,Vendor Name,Cost Element,Document No,Amount,Clearing Date",
            {"account": "Vendor ID", "number": "Document No", "ordered_on": "Clearing Date", "amount": "Amount"},
        ),
        (
            "orders",
            "Auftragsnummer;Kundennummer;Firma;Auftragsdatum;Nettobetrag;Währung",
            {
                "number": "Auftragsnummer",
                "account": "Kundennummer",
                "ordered_on": "Auftragsdatum",
                "amount": "Nettobetrag",
                "currency": "Währung",
            },
        ),
        (
            "order-lines",
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
            {
                "number": "InvoiceNo",
                "product_code": "StockCode",
                "unit_price": "UnitPrice",
                "account": "CustomerID",
                "ordered_on": "InvoiceDate",
            },
        ),
        (
            "interactions",
            "Subject,Start Date,Company,Id,Type",
            {"happened_on": "Start Date", "account": "Company", "key": "Id", "channel": "Type"},
        ),
        (
            "quiet-periods",
            "Von;Bis;Grund;Land",
            {"from_day": "Von", "until_day": "Bis", "reason": "Grund", "country": "Land"},
        ),
        (
            "inquiries",
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Associated Company IDs,Create Date,Close Date",
            {
                "number": "Record ID",
                "account": "Associated Company IDs",
                "title": "Deal Name",
                "outcome": "Deal Stage",
                "asked_on": "Create Date",
                "decided_on": "Close Date",
                "amount": "Amount",
            },
        ),
        (
            "inquiries",
            "N° devis;Code client;Interlocuteur;Date du devis;Statut;Date de décision;Montant HT",
            {
                "number": "N° devis",
                "account": "Code client",
                "contact": "Interlocuteur",
                "asked_on": "Date du devis",
                "outcome": "Statut",
                "decided_on": "Date de décision",
                "amount": "Montant HT",
            },
        ),
        (
            "contracts",
            "Vertragsnummer;Debitor;Beginn;Ende;Kündigungsfrist (Tage);Verlängerung (Monate);Gekündigt am;Jahreswert",
            {
                "number": "Vertragsnummer",
                "account": "Debitor",
                "starts_on": "Beginn",
                "ends_on": "Ende",
                "notice_days": "Kündigungsfrist (Tage)",
                "renewal_months": "Verlängerung (Monate)",
                "notice_received_on": "Gekündigt am",
                "annual_value": "Jahreswert",
            },
        ),
        (
            "contracts",
            "Contract Number,Account Name,Contract Start Date,Contract End Date,Owner Expiration Notice,Status",
            {
                "number": "Contract Number",
                "account": "Account Name",
                "starts_on": "Contract Start Date",
                "ends_on": "Contract End Date",
                "notice_days": "Owner Expiration Notice",
            },
        ),
        (
            "surveys",
            "customer_name,nps_score,comment,submitted_at,product_name",
            {
                "account": "customer_name",
                "score": "nps_score",
                "comment": "comment",
                "asked_on": "submitted_at",
                "answered_on": "submitted_at",
            },
        ),
        (
            "losses",
            "Kunde;Verloren am;Grund;Wettbewerber;Jahresumsatz",
            {"account": "Kunde", "lost_on": "Verloren am", "reason": "Grund", "went_to": "Wettbewerber"},
        ),
        (
            "colleagues",
            "Matricule;Nom complet;Fonction;Courriel;Heures par semaine;Absent du;Absent au",
            {
                "key": "Matricule",
                "name": "Nom complet",
                "title": "Fonction",
                "user": "Courriel",
                "hours_a_week": "Heures par semaine",
                "absent_from": "Absent du",
                "absent_until": "Absent au",
            },
        ),
        (
            "ownership",
            "Kundennummer;Kundenbetreuer;Rolle;Von;Bis",
            {
                "account": "Kundennummer",
                "user": "Kundenbetreuer",
                "duty": "Rolle",
                "from_day": "Von",
                "until_day": "Bis",
            },
        ),
        (
            "rates",
            "CURRENCY,TIME_PERIOD,OBS_VALUE,SOURCE",
            {"currency": "CURRENCY", "valid_on": "TIME_PERIOD", "inverse": "OBS_VALUE", "source": "SOURCE"},
        ),
        (
            "change-events",
            "Company,Event date,Event type,Headline,URL",
            {
                "account": "Company",
                "happened_on": "Event date",
                "kind": "Event type",
                "title": "Headline",
                "source": "URL",
            },
        ),
    ],
)
def test_columns_of_known_exports_are_found(kind: str, header: str, expected: dict[str, str]) -> None:
    assert columns(kind, header).items() >= expected.items()


def test_column_told_wins_and_is_not_taken_twice() -> None:
    found = columns("orders", "order,customer,location,date,amount", account="location")
    assert (found["account"], found["number"]) == ("location", "order")


def test_column_set_aside_is_left_alone() -> None:
    found = columns("orders", "order,customer,company,date,amount", amount="", account="")
    assert (found["account"], found.get("amount")) == ("company", None)  # the name serves in place of the key


def test_column_named_twice_is_told_apart() -> None:
    assert distinct_headers(["category", "name", "category"]) == ("category", "name", "category#2")


def test_account_name_serves_where_there_is_no_key() -> None:
    found = columns("orders", "order no,company,date,total")
    assert found["account"] == found["account_name"] == "company"


def test_required_field_prefers_a_column_that_holds_something() -> None:
    rows: list[tuple[int, list[Cell]]] = [
        (1, ["account_number", "id", "name"]),
        (2, ["", "001", "Acme"]),
        (3, ["", "002", "Best"]),
    ]
    assert locate_header(kind_named("accounts"), {}, rows).header("key") == "id"


def test_header_is_found_under_a_preamble() -> None:
    rows: list[tuple[int, list[Cell]]] = [
        (1, ["Sales by customer"]),
        (2, ["Generated 06/05/1998 18:04 by ERP"]),
        (4, ["Order", "Customer", "Name", "Date", "Amount"]),
        (5, ["10248", "VINET", "Vins", "1996-07-04", "440.0"]),
    ]
    assert locate_header(kind_named("orders"), {}, rows).line == 4


def test_missing_column_says_what_was_looked_for_and_what_there_is() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, ["order", "customer", "colour"]), (2, ["1", "A", "red"])]
    with pytest.raises(FileRefusedError) as refusal:
        locate_header(kind_named("orders"), {}, rows)
    for part in ("ordered_on", "order date", "order, customer, colour", "--map"):
        assert part in str(refusal.value)


def test_told_column_or_field_that_does_not_exist_is_named() -> None:
    rows: list[tuple[int, list[Cell]]] = [(1, ["order", "customer", "date"]), (2, ["1", "A", "2020-01-01"])]
    with pytest.raises(FileRefusedError, match="no column kunde"):
        locate_header(kind_named("orders"), {"account": "kunde"}, rows)
    with pytest.raises(FileRefusedError, match="no field colour"):
        locate_header(kind_named("orders"), {"colour": "date"}, rows)


def test_delimiter_that_cuts_the_header_scores_best() -> None:
    kind = kind_named("orders")
    cut: list[list[Cell]] = [["order", "customer", "date"], ["1", "A", "2020-01-01"]]
    whole: list[list[Cell]] = [["order;customer;date"], ["1;A;2020-01-01"]]
    assert score_rows(kind, {}, cut) > score_rows(kind, {}, whole)


def test_every_field_has_headers_and_every_entry_a_field() -> None:
    fields = {field.name for kind in KINDS for field in kind.fields}
    qualified = {f"{kind.name}.{field.name}" for kind in KINDS for field in kind.fields}
    assert set(SYNONYMS) <= fields | qualified
    assert all(headers_of(kind.name, field.name) for kind in KINDS for field in kind.fields)
    assert {field.vocabulary for kind in KINDS for field in kind.fields} - {""} <= set(VOCABULARY)


@pytest.mark.parametrize("vocabulary", VOCABULARY)
def test_no_word_means_two_things(vocabulary: str) -> None:
    entries = [(simplified(entry), word) for word, text in VOCABULARY[vocabulary].items() for entry in text.split(";")]
    signed = {"-1", "+1"}  # told apart by their sign
    meanings: dict[str, set[str]] = {}
    for entry, word in entries:
        meanings.setdefault(entry, set()).add(word)
    assert {entry: words for entry, words in meanings.items() if len(words) > 1 and not words & signed} == {}
