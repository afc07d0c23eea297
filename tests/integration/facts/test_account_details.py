"""What is known of an account itself: shown, changed by whoever may, with the deputy's history kept."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts_app.models import Account, AccountMark, ImportBatch, Interaction, Ownership, Role, Team, User
from accounts_app.services.ownership import assign
from tests.factories import AccountFactory, FeedFactory, PromiseFactory, TeamFactory, UserFactory
from tests.integration.facts.conftest import Read, Send, client_of, error_of, spoken
from tests.integration.facts.test_fact_forms import seen

pytestmark = pytest.mark.django_db

EDIT = "details/edit"
BODY = {
    "status": "prospect", "industry": "Marine", "country": "Norway", "mail_domain": "Halvorsen.NO",
    "margin_percent": "22.5", "own_ideal_days": "20", "own_max_days": "30", "own_interval_reason": "asked for it",
}  # fmt: skip


def save(send: Send, read: Read, body: dict[str, Any], status: int = 302) -> Any:
    return send(EDIT, {"status": "active"} | body | {"seen": seen(read(EDIT))}, status=status)


def test_what_was_typed_is_stored_and_shown(send: Send, read: Read, account: Account) -> None:
    parent = AccountFactory(name="Ävian Group", team=account.team)
    save(send, read, BODY | {"parent_name": "avian group"})
    account.refresh_from_db()
    assert (account.status, account.mail_domain, account.margin_share) == ("prospect", "halvorsen.no", Decimal("0.225"))
    assert (account.parent, account.ideal_days, account.max_days) == (parent, 20, 30)
    assert AccountMark.objects.filter(account=account).exists()
    text = spoken(read("details"))
    assert "Status Prospect Industry Marine Country Norway Mail domain halvorsen.no Margin 22" in text
    assert "Part of Ävian Group" in text
    assert "every 20 days, 30 at the longest its own, not the tier's: asked for it" in text
    assert 'value="22.5"' in read(EDIT)


def test_a_deputy_begins_today_and_the_history_says_so(send: Send, read: Read, account: Account, team: Team) -> None:
    before, after = UserFactory(name="Maria Sanz", teams=[team]), UserFactory(name="Tara Iyer", teams=[team])
    assign(account=account, duty=Ownership.Duty.DEPUTY, user=before, on=date(2026, 3, 1))
    save(send, read, {"deputy": str(after.pk)})
    spans = account.ownerships.filter(duty="deputy").order_by("from_day").values_list("user", "from_day", "until_day")
    today = date(2026, 6, 30)
    assert list(spans) == [(before.pk, date(2026, 3, 1), today), (after.pk, today, None)]
    assert "Tara Iyer Deputy 30 Jun today entered 30 Jun Maria Sanz Deputy 1 Mar 30 Jun" in spoken(read("details"))
    save(send, read, {"deputy": ""})
    account.refresh_from_db()
    assert account.deputy is None


def test_only_people_of_the_team_may_stand_in(send: Send, read: Read, manager: User, team: Team) -> None:
    others = (manager, UserFactory(teams=[TeamFactory()]), UserFactory(role=Role.OPERATIONS, teams=[team]))
    for user in (*others, UserFactory(teams=[team], is_active=False)):
        assert "not one of the available" in error_of(save(send, read, {"deputy": str(user.pk)}, 422), "deputy")


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"mail_domain": "not a domain"}, "mail_domain", "no domain"),
        ({"margin_percent": "101"}, "margin_percent", "less than or equal to 100"),
        ({"own_ideal_days": "20"}, "own_max_days", "both lengths and its reason"),
        ({"own_max_days": "20"}, "own_interval_reason", "both lengths and its reason"),
        (BODY | {"own_ideal_days": "40"}, "own_max_days", "Shorter than the ideal"),
        (BODY | {"own_max_days": "1001"}, "own_max_days", "less than or equal to 1000"),
        (BODY | {"own_max_days": "10000"}, "own_max_days", "less than or equal to 1000"),
        (BODY | {"own_ideal_days": "0"}, "own_ideal_days", "greater than or equal to 1"),
        ({"status": "gone"}, "status", "gone is not one"),
        ({"parent_name": "Nobody"}, "parent_name", "No account is called so."),
        ({"parent_name": "Kestrl Rail"}, "parent_name", "Did you mean: Kestrel Rail?"),
        ({"parent_name": "Halvorsen"}, "parent_name", "No account is called so."),
        ({"parent_name": "Twin"}, "parent_name", "Several accounts are called so"),
        ({"parent_name": "Zanzibar"}, "parent_name", "No account is called so."),
        ({"parent_name": "Daughter"}, "parent_name", "itself a part of this one"),
    ],
)
def test_bad_input_is_said_at_its_field(change: dict[str, str], field: str, words: str, send: Send, read: Read) -> None:
    account = Account.objects.get()
    AccountFactory(name="Kestrel Rail", team=account.team)
    AccountFactory(name="Daughter", team=account.team, parent=AccountFactory(team=account.team, parent=account))
    for name in ("Twin", "Twin"):
        AccountFactory(name=name, team=account.team)
    AccountFactory(name="Zanzibar", team=TeamFactory(name="South"))
    response = save(send, read, change, 422)
    assert words in error_of(response, field)
    assert "Zanzibar" not in error_of(response, field)
    account.refresh_from_db()
    assert (account.status, account.parent, account.industry) == ("active", None, "")


def test_the_second_editor_is_told_and_nothing_is_overwritten(send: Send, read: Read, account: Account) -> None:
    opened = seen(read(EDIT))
    send(EDIT, {"status": "active", "industry": "Marine", "margin_percent": "10", "seen": opened})
    mine = {"status": "active", "industry": "Rail", "seen": opened}
    html = send(EDIT, mine, status=422, htmx=True).content.decode()
    assert "Stored now: Industry: Marine" in spoken(html)
    assert "Stored now: Margin, %: 0.1000" not in spoken(html)
    assert "Stored now: Margin, %: 10" in spoken(html)
    account.refresh_from_db()
    assert account.industry == "Marine"
    send(EDIT, mine | {"seen": seen(html)})
    account.refresh_from_db()
    assert account.industry == "Rail"


def test_an_imported_account_says_what_the_next_file_does(read: Read, account: Account) -> None:
    batch = ImportBatch.objects.create(kind="accounts", feed=FeedFactory(name="crm"), file_name="a", sha256="b")
    assert "comes from" not in read(EDIT)
    Account.objects.filter(pk=account.pk).update(batch=batch)
    assert "This account comes from crm." in spoken(read(EDIT))


@pytest.mark.parametrize("htmx", [False, True])
def test_who_may_not_change_it_is_refused(htmx: bool, send: Send, read: Read, account: Account, team: Team) -> None:
    colleague, stranger = UserFactory(teams=[team]), UserFactory(teams=[TeamFactory()])
    looks, operations = UserFactory(role=Role.READ_ONLY, teams=[team]), UserFactory(role=Role.OPERATIONS)
    for user, status in ((colleague, 403), (stranger, 404), (looks, 403), (operations, 403)):
        read(EDIT, user=user, status=status, htmx=htmx)
        send(EDIT, BODY, user=user, status=status, htmx=htmx)
    assert EDIT not in read("details", user=colleague)
    account.refresh_from_db()
    assert account.status == "active"


# Another owner


def hand_to(send: Send, read: Read, leader: User, **said: Any) -> Any:
    body = {"status": "active", "seen": seen(read(EDIT, user=leader)), **said}
    return send(EDIT, body, user=leader, status=200, htmx=True)


def test_a_leader_gives_the_account_to_somebody_else_and_takes_it_back(
    send: Send, read: Read, account: Account, team: Team, manager: User
) -> None:
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team])
    heir = UserFactory(name="Tara Iyer", teams=[team])
    assign(account=account, duty=Ownership.Duty.DEPUTY, user=heir, on=date(2026, 3, 1))
    promise = PromiseFactory(account=account, by=manager)
    day = {"visit": "on", "visit_on": "2026-07-06"}
    response = hand_to(send, read, leader, owner=str(heir.pk), deputy=str(heir.pk), **day)
    said = response.content.decode()
    assert "Account saved. 1 joint visit planned. 1 open promise went along." in spoken(said)
    account.refresh_from_db()
    promise.refresh_from_db()
    assert (account.owner, account.deputy, promise.by) == (heir, None, heir)
    assert Interaction.objects.planned().get().planned_on == date(2026, 7, 6)
    undo = re.search(r'hx-post="(/settings/hand-over/undo/[^"]+)"', said)
    assert undo
    client = client_of(leader, htmx=True)
    assert client.post(undo[1])["HX-Redirect"] == f"/accounts/{account.pk}/details/"
    account.refresh_from_db()
    promise.refresh_from_db()
    assert (account.owner, account.deputy) == (manager, heir)
    assert (promise.by, Interaction.objects.get().state) == (manager, "voided")


def test_nobody_is_an_owner_too_and_saying_nothing_changes_nothing(
    send: Send, read: Read, account: Account, team: Team, manager: User
) -> None:
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team])
    hand_to(send, read, leader)
    account.refresh_from_db()
    assert account.owner == manager
    hand_to(send, read, leader, owner="", visit="on")
    assert Account.objects.get(pk=account.pk).owner is None
    assert not Interaction.objects.exists()


def test_a_manager_is_not_asked_and_cannot(send: Send, read: Read, account: Account, team: Team, manager: User) -> None:
    assert 'name="owner"' not in read(EDIT)
    save(send, read, {"owner": str(UserFactory(teams=[team]).pk)})
    account.refresh_from_db()
    assert account.owner == manager


@pytest.mark.parametrize("case", [("2026-06-29", "has passed"), ("2030-01-01", "within a year")])
def test_a_joint_visit_that_cannot_be_is_refused(
    case: tuple[str, str], send: Send, read: Read, account: Account, team: Team
) -> None:
    day, words = case
    leader = UserFactory(role=Role.SALES_LEADER, teams=[team])
    body = {"status": "active", "seen": seen(read(EDIT, user=leader)), "owner": str(leader.pk)}
    refused = send(EDIT, body | {"visit": "on", "visit_on": day}, user=leader, status=422)
    assert words in error_of(refused, "visit_on")
