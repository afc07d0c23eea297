"""Search page, palette and keys: what is found, for whom, in which order, at what cost, whatever is typed."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, AccountKey, Company, Contact, Interaction, Role, Team, User
from accounts_app.search import texts
from tests.factories import (
    AccountFactory,
    ChangeEventFactory,
    ContactFactory,
    FeedFactory,
    IncidentFactory,
    InquiryFactory,
    InteractionFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

Found = Callable[..., list[str]]
MARKER = "Zanzibar"


@pytest.fixture(autouse=True)
def company() -> None:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})


@pytest.fixture
def north() -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def manager(north: Team) -> User:
    return UserFactory(name="Jonas Okafor", teams=[north])


@pytest.fixture
def halvorsen(north: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen Marine Systems", team=north, owner=manager)


def page(user: User, query: str, *, htmx: bool = False, path: str = "/search/", **more: str) -> str:
    client = Client(headers={"HX-Request": "true"} if htmx else {})
    client.force_login(user)
    response = client.get(f"{path}?{urlencode({'q': query, **more})}")
    assert response.status_code == 200
    return str(response.content.decode())


def palette(user: User, query: str, **more: str) -> str:
    return page(user, query, htmx=True, path="/search/palette/", **more)


def titles(html: str, kind: str = "") -> list[str]:
    """What was found on the search page, of one kind or of all."""
    _before, _id, after = html.partition(f'id="found-{kind}"') if kind else ("", "", html)
    part = after.partition("</section>")[0] if kind else after
    return [spoken(link) for link in re.findall(r'class="found__link"[^>]*>(.*?)</a>', part)]


def spoken(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))).strip()


# Names


@pytest.mark.parametrize(
    "typed",
    ["ha", "halv", "HALV", "marine", "halvorsen", "Halvrosen", "halvosen", "halvorsen mar", "mar halv", " halv "],
)
def test_an_account_is_found_by_a_part_or_a_slip(typed: str, manager: User, halvorsen: Account) -> None:
    AccountFactory(name="Aldeburgh Pumps", team=halvorsen.team)
    assert titles(page(manager, typed), "accounts") == ["Halvorsen Marine Systems"]


@pytest.mark.parametrize("typed", ["muller", "Müller", "MULLER", "müll"])
def test_accents_and_case_say_nothing(typed: str, north: Team, manager: User) -> None:
    AccountFactory(name="Müller Werke", team=north)
    assert titles(page(manager, typed), "accounts") == ["Müller Werke"]


def test_beginnings_come_first_and_own_accounts_before_others(north: Team, manager: User) -> None:
    for name, owner in (
        ("Alpha Pumps", manager),
        ("Pumpen Meier", None),
        ("Pumpwerk", manager),
        ("Hydropump", manager),
        ("Beta Pumps", None),
    ):
        AccountFactory(name=name, team=north, owner=owner)
    AccountFactory(name="Pumpen Aal", team=north, owner=manager, status=Account.Status.FORMER)
    found = titles(page(manager, "pump", kind="accounts"))
    assert found == ["Pumpwerk", "Pumpen Meier", "Pumpen Aal", "Alpha Pumps", "Beta Pumps", "Hydropump"]


def test_what_is_merely_alike_is_left_out_where_something_is_named_so(north: Team, manager: User) -> None:
    AccountFactory(name="Halvorsen", team=north)
    AccountFactory(name="Halvarsen", team=north)
    assert titles(page(manager, "halvorsen")) == ["Halvorsen"]
    html = page(manager, "halvursen")
    assert sorted(titles(html, "accounts")) == ["Halvarsen", "Halvorsen"]
    assert "Accounts with a similar name" in html


def test_an_account_is_found_by_its_number_and_its_domain(manager: User, halvorsen: Account) -> None:
    AccountKey.objects.create(feed=FeedFactory(), key="C-10_42", account=halvorsen)
    halvorsen.mail_domain = "halvorsen.test"
    halvorsen.save()
    for typed in ("C-10_42", "c-10_", "halvorsen.test", "jo@halvorsen.test"):
        assert titles(page(manager, typed), "accounts") == [halvorsen.name], typed
    for typed in ("C-10x", "10_42"):
        assert titles(page(manager, typed, kind="accounts")) != [halvorsen.name], typed


def test_a_contact_is_found_by_name_and_address_and_who_left_stands_last(manager: User, halvorsen: Account) -> None:
    left = {"left_on": date(2026, 3, 1), "left_known_on": date(2026, 3, 1)}
    gone = ContactFactory(account=halvorsen, name="Ingrid Aas", **left)
    here = ContactFactory(account=halvorsen, name="Ingrid Solheim", email="I.Solheim@halvorsen.test")
    html = page(manager, "ingrid")
    assert titles(html, "contacts") == ["Ingrid Solheim", "Ingrid Aas"]
    assert f"/accounts/{halvorsen.pk}/contacts/?ids={here.pk}" in html
    assert f"/accounts/{halvorsen.pk}/contacts/?ids={gone.pk}" in html
    assert titles(page(manager, "i.solheim@"), "contacts") == ["Ingrid Solheim"]
    assert titles(page(manager, "Ingrid Solhiem"), "contacts")[0] == "Ingrid Solheim"


# What was written


def test_texts_are_found_with_their_account_and_lead_to_their_row(manager: User, halvorsen: Account) -> None:
    note = InteractionFactory(account=halvorsen, note="Asked about the gearbox of line 4")
    incident = IncidentFactory(account=halvorsen, number="T-77", title="Gearbox late", note="Carrier lost it")
    event = ChangeEventFactory(account=halvorsen, title="New gearbox plant")
    inquiry = InquiryFactory(account=halvorsen, number="Q-1", title="Gearbox for crane")
    html = page(manager, "gearbox")
    assert titles(html, "notes") == ["Asked about the gearbox of line 4"]
    assert titles(html, "incidents") == ["T-77 Gearbox late"]
    assert titles(html, "events") == ["New gearbox plant"]
    assert titles(html, "inquiries") == ["Q-1 Gearbox for crane"]
    for tab, row in (("interactions", note), ("incidents", incident), ("events", event), ("inquiries", inquiry)):
        assert f"/accounts/{halvorsen.pk}/{tab}/?ids={row.pk}" in html
    assert html.count('<span class="strong">Halvorsen Marine Systems</span>') == 4
    assert titles(page(manager, "carrier"), "incidents") == ["T-77 Gearbox late"]
    assert titles(page(manager, "T-77"), "incidents") == ["T-77 Gearbox late"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gearbox", ["Gearbox is late", "gearbox offer, Größe prüfen"]),
        ("gear", ["Gearbox is late", "gearbox offer, Größe prüfen"]),
        ("box", []),
        ("grosse", ["gearbox offer, Größe prüfen"]),
        ("gearbox lat", ["Gearbox is late"]),
        ("gearbox -late", ["gearbox offer, Größe prüfen"]),
        ("late or offer", ["Gearbox is late", "gearbox offer, Größe prüfen"]),
        ('"is late"', ["Gearbox is late"]),
        ('"late is"', []),
        ("late gear", ["Gearbox is late"]),
        ("o'neil", ["Mr. O'Neill asked"]),
    ],
)
def test_words_are_found_as_search_engines_do(
    typed: str, expected: list[str], manager: User, halvorsen: Account
) -> None:
    InteractionFactory(account=halvorsen, note="Gearbox is late", happened_on=date(2026, 3, 3))
    InteractionFactory(account=halvorsen, note="gearbox offer, Größe prüfen", happened_on=date(2026, 3, 2))
    InteractionFactory(account=halvorsen, note="Mr. O'Neill asked", happened_on=date(2026, 3, 1))
    assert titles(page(manager, typed, kind="notes")) == expected


def test_the_newest_come_first_and_what_was_taken_back_is_not_found(manager: User, halvorsen: Account) -> None:
    InteractionFactory(account=halvorsen, note="pump one", happened_on=date(2026, 1, 5))
    InteractionFactory(account=halvorsen, note="pump two", happened_on=date(2026, 2, 5))
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 9, 1)}
    InteractionFactory(account=halvorsen, note="pump three", **planned)
    InteractionFactory(account=halvorsen, note="pump void", state="voided", void_reason="wrong account")
    assert titles(page(manager, "pump"), "notes") == ["pump three", "pump two", "pump one"]


def test_a_planned_or_attempted_note_leads_to_its_row(manager: User, halvorsen: Account) -> None:
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "planned_on": date(2026, 9, 1)}
    row = InteractionFactory(account=halvorsen, note="bring the seal study", **planned)
    client = Client()
    client.force_login(manager)
    html = client.get(f"/accounts/{halvorsen.pk}/interactions/?ids={row.pk}").content.decode()
    assert "bring the seal study" in html


@pytest.mark.parametrize("few", [0, 300])
def test_a_rare_old_word_is_found_behind_many_newer_notes(
    few: int, manager: User, halvorsen: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index is asked when the newest rows hold too little, for many accounts and for few."""
    monkeypatch.setattr(texts, "READ_FIRST", 3)
    monkeypatch.setattr(texts, "READ_FOR_EACH", 0)
    monkeypatch.setattr(texts, "FEW_ACCOUNTS", few)
    InteractionFactory(account=halvorsen, note="rare old pump", happened_on=date(2020, 1, 1))
    InteractionFactory(account=halvorsen, note="rare older pump", happened_on=date(2019, 1, 1))
    for day in range(1, 9):
        InteractionFactory(account=halvorsen, note=f"pump {day}", happened_on=date(2026, 1, day))
        InteractionFactory(note=f"pump of others {day}", happened_on=date(2026, 2, day))
    for user in (manager, UserFactory(role=Role.ADMINISTRATOR)):
        assert titles(page(user, "rare", kind="notes")) == ["rare old pump", "rare older pump"]
    assert titles(page(manager, "pump", kind="notes"))[:2] == ["pump 8", "pump 7"]
    assert len(titles(page(manager, "pump", kind="notes"))) == 10


# Marking


def test_the_matching_part_is_marked_and_nothing_else_is_markup(north: Team, manager: User) -> None:
    account = AccountFactory(name="<b>Müller</b> & Co", team=north, owner=manager)
    InteractionFactory(account=account, note="<script>alert(1)</script> 'muller'")
    html = page(manager, "müller")
    assert "&lt;b&gt;<mark>Müller</mark>&lt;/b&gt; &amp; Co" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &#x27;<mark>muller</mark>&#x27;" in html
    assert "<script>alert" not in html
    assert "<b>" not in palette(manager, "müller")


def test_of_a_long_note_the_part_around_the_match_is_shown(manager: User, halvorsen: Account) -> None:
    InteractionFactory(account=halvorsen, note="word " * 200 + "the straße gearbox here " + "end " * 200)
    (shown,) = titles(page(manager, "strasse"), "notes")
    assert "straße gearbox here" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 170
    assert "<mark>straße</mark>" in page(manager, "strasse")


# For whom


@pytest.fixture
def foreign() -> Account:
    account = AccountFactory(name=f"{MARKER} Works", team=TeamFactory(name="South"), mail_domain="zanzibar.test")
    ContactFactory(account=account, name=f"{MARKER} Contact", email="zanzibar@zanzibar.test")
    InteractionFactory(account=account, note=f"{MARKER} note")
    IncidentFactory(account=account, title=f"{MARKER} incident")
    ChangeEventFactory(account=account, title=f"{MARKER} event")
    InquiryFactory(account=account, title=f"{MARKER} inquiry")
    AccountKey.objects.create(feed=FeedFactory(), key="zanzibar-1", account=account)
    return account


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.SALES_LEADER, Role.READ_ONLY])
@pytest.mark.parametrize("typed", ["zanz", "zanzibar", "zanzibra", "zanzibar.test", "zanzibar@zan", "zanzibar-1"])
def test_another_teams_rows_are_never_found(role: Role, typed: str, foreign: Account, north: Team) -> None:
    user = UserFactory(role=role, teams=[north])
    for html in (page(user, typed), palette(user, typed), page(user, typed, kind="notes")):
        assert MARKER not in html
    for html in (palette(user, "", opened=str(foreign.pk)), palette(user, "", account=str(foreign.pk))):
        assert MARKER not in html


def test_an_administrator_finds_all_of_it(foreign: Account) -> None:
    html = page(UserFactory(role=Role.ADMINISTRATOR), "zanzibar")
    for kind in ("accounts", "contacts", "notes", "incidents", "events", "inquiries"):
        assert len(titles(html, kind)) == 1, kind


def test_operations_find_accounts_contacts_and_incidents_only(foreign: Account) -> None:
    operations = UserFactory(role=Role.OPERATIONS)
    html = page(operations, "zanzibar")
    assert set(re.findall(r'id="found-(\w+)"', html)) == {"accounts", "contacts", "actions", "incidents"}
    assert titles(html, "accounts") == ["Zanzibar Works"]
    assert titles(html, "contacts") == ["Zanzibar Contact"]
    assert f'href="/accounts/{foreign.pk}/contacts/"' in html
    assert f'href="/accounts/{foreign.pk}/"' not in html
    for kind in ("notes", "events", "inquiries"):
        assert f"kind={kind}" not in html
        assert f"{MARKER} {kind[:4]}" not in page(operations, "zanzibar", kind=kind)


def test_a_user_without_a_team_finds_nothing(foreign: Account) -> None:
    assert titles(page(UserFactory(), "zanzibar")) == []


# Pages and actions


def options(html: str) -> list[str]:
    return [spoken(one) for one in re.findall(r'class="palette__title">(.*?)</span>', html)]


@pytest.mark.parametrize(
    ("role", "offered", "refused"),
    [
        (Role.ACCOUNT_MANAGER, ["Portfolio", "Log a contact", "Log an incident", "Log out"], ["Settings"]),
        (Role.OPERATIONS, ["Incidents", "Log an incident"], ["Portfolio", "Alerts", "Log a contact"]),
        (Role.READ_ONLY, ["Portfolio", "Alerts"], ["Log a contact", "Log an incident", "Settings"]),
        (Role.ADMINISTRATOR, ["Settings", "Administration", "Log a contact"], []),
    ],
)
def test_a_role_is_offered_what_it_may(role: Role, offered: list[str], refused: list[str]) -> None:
    user = UserFactory(role=role)
    shown = options(palette(user, ""))
    assert set(offered) <= set(shown)
    assert not set(refused) & set(shown)
    for label in (*offered, *refused):
        assert (label in options(palette(user, label))) == (label in offered), label


def test_an_account_that_is_named_or_looked_at_can_be_logged_about(manager: User, halvorsen: Account) -> None:
    for html in (palette(manager, "halv"), palette(manager, "", account=str(halvorsen.pk))):
        assert "Log a contact with Halvorsen Marine Systems" in options(html)
        assert f"/log/contact/?account={halvorsen.pk}" in html
    teammate = UserFactory(teams=[halvorsen.team])
    assert "Halvorsen Marine Systems" in options(palette(teammate, "halv"))
    assert "Log a contact with Halvorsen Marine Systems" not in options(palette(teammate, "halv"))
    assert "Log an incident for Halvorsen Marine Systems" in options(palette(UserFactory(role=Role.OPERATIONS), "halv"))


def test_before_typing_the_last_opened_accounts_are_offered_else_the_own(
    manager: User, halvorsen: Account, north: Team
) -> None:
    other = AccountFactory(name="Aldeburgh Pumps", team=north)
    assert "Your accounts" in palette(manager, "")
    assert "Aldeburgh Pumps" not in palette(manager, "")
    html = palette(manager, "h", opened=f"{other.pk},{halvorsen.pk},999999,x,{'9' * 30}")
    assert "Opened last" in html
    accounts = [name for name in options(html) if name in {other.name, halvorsen.name}]
    assert accounts == ["Aldeburgh Pumps", "Halvorsen Marine Systems"]


def test_the_dialog_gets_the_palette_and_a_copied_address_the_page(manager: User, halvorsen: Account) -> None:
    dialog = page(manager, "", htmx=True)
    assert 'id="dialog-title"' in dialog
    assert "<html" not in dialog
    client = Client()
    client.force_login(manager)
    assert client.get("/search/palette/?q=halv")["Location"] == "/search/?q=halv"


def test_the_keys_of_a_role_are_listed() -> None:
    client = Client()
    client.force_login(UserFactory(role=Role.READ_ONLY))
    text = spoken(client.get("/keys/").content.decode())
    assert "Ctrl K" in text
    listed = spoken(client.get("/keys/", headers={"HX-Request": "true"}).content.decode())
    assert "Search" in listed
    assert "Log a contact" not in listed
    client.force_login(UserFactory())
    assert "Log a contact" in spoken(client.get("/keys/", headers={"HX-Request": "true"}).content.decode())


# Counts and pages


def notes(account: Account, number: int) -> None:
    for n in range(number):
        InteractionFactory(account=account, note=f"pump {n}", happened_on=date(2026, 1, 1) + timedelta(days=n))


@pytest.mark.parametrize(
    ("number", "overview", "alone"),
    [(5, "5", "1–5 of 5"), (20, "first 5 of 20", "1–20 of 20"), (21, "first 5 of more than 20", "1–20 of 21")],
)
def test_counts_are_honest(number: int, overview: str, alone: str, manager: User, halvorsen: Account) -> None:
    notes(halvorsen, number)
    assert f"Notes {overview} " in spoken(page(manager, "pump")).replace("Show", " Show").replace("  ", " ") + " "
    assert alone in spoken(page(manager, "pump", kind="notes"))


def test_pages_follow_one_another_up_to_a_hundred(manager: User, halvorsen: Account) -> None:
    notes(halvorsen, 101)
    first, last = page(manager, "pump", kind="notes"), page(manager, "pump", kind="notes", page="5")
    assert "1–20 of more than 100" in spoken(first)
    assert "page=2" in first
    assert titles(last) == [f"pump {n}" for n in range(20, 0, -1)]
    assert "More are not listed" in last
    for wrong in ("0", "-1", "6", "x", "99999999999999999999", "²"):
        assert titles(page(manager, "pump", kind="notes", page=wrong))[0] == "pump 100"


# Whatever is typed


HOSTILE = [
    "",
    " ",
    "a",
    "'",
    '"',
    "''\"",
    "%",
    "__",
    "%%%",
    "\\",
    "\\\\x",
    "a" * 10_000,
    "ab " * 5_000,
    "a & b | !c",
    "!!",
    "foo:*",
    "<-> :* ( ) &",
    "-foo",
    "- - -",
    "or",
    "or or or",
    '"unclosed',
    "nul\0byte",
    "\0\0",
    "{}%s%(x)s{day}",
    "'; DROP TABLE accounts_app_account; --",
    "<script>alert(1)</script>",
    "\u202e\u200b",
    "🧯🧯",
    "ﷺ" * 100,
    "x\u0301" * 300,
    "a.b.c@d..e",
    "-1 -2",
    "1e999",
    "--",
    "T-",
    "@@@",
    "😀" * 5,
    "it's o'neil \\' :B",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer(typed: str, manager: User, halvorsen: Account) -> None:
    InteractionFactory(account=halvorsen, note="plain note")
    assert "palette-list" in palette(UserFactory(role=Role.ADMINISTRATOR), typed)
    for kind in ("", "accounts", "contacts", "notes", "nonsense"):
        assert 'id="find"' in page(manager, typed, kind=kind)


@pytest.mark.parametrize("sign", ["%%", "__", "%a", "_a", "\\a"])
def test_signs_of_patterns_stand_for_themselves(sign: str, north: Team, manager: User) -> None:
    AccountFactory(name="Plain Works", team=north)
    assert titles(page(manager, sign), "accounts") == []
    AccountFactory(name=f"Odd {sign} Works", team=north)
    assert titles(page(manager, sign), "accounts") == [f"Odd {sign} Works"]


def test_a_note_longer_than_a_tsvector_is_kept(manager: User, halvorsen: Account) -> None:
    InteractionFactory(account=halvorsen, note="gearbox " + " ".join(f"w{n}x{n * 7919}" for n in range(150_000)))
    assert len(titles(page(manager, "gearbox"), "notes")) == 1


# At what cost


@pytest.mark.parametrize("typed", ["pump", "nothing like it", ""])
def test_the_queries_do_not_follow_the_rows(typed: str, manager: User, halvorsen: Account) -> None:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/palette/", {"q": typed})
        return len(captured)

    def add(number: int) -> None:
        for n in range(number):
            account = AccountFactory(name=f"Pump {n}", team=halvorsen.team, owner=manager)
            ContactFactory(account=account, name=f"Pump Person {n}")
            InteractionFactory(account=account, note="pump")
            IncidentFactory(account=account, title="pump", opened_at=datetime(2026, 1, 1, tzinfo=UTC))

    add(1)
    few = queries()
    add(12)
    assert queries() == few
    assert few <= 25


def test_rows_do_not_carry_their_words(halvorsen: Account) -> None:
    InteractionFactory(account=halvorsen, note="pump")
    ContactFactory(account=halvorsen, name="Ærlig Ødegård")
    with CaptureQueriesContext(connection) as captured:
        list(Interaction.objects.all())
    assert "search_words" not in captured[0]["sql"]
    assert Contact.objects.get().sort_name == "aerlig odegard"
