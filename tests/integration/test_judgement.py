"""A person's own judgement: beside the computed risk, for 90 days, by whoever may change the account."""

import datetime as dt
import re
import threading
from collections.abc import Iterator

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts_app.models import Account, AccountMark, Company, Role, User
from signals.models import Alert, Band, ManualJudgement, RiskDay, Standing
from signals.services.manual_judgements import judge, withdraw
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 30)
LAST = TODAY + dt.timedelta(days=90)


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 6, 30, 8, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def manager() -> User:
    Company.objects.update_or_create(pk=1, defaults={"currency": "EUR", "time_zone": "UTC"})
    return UserFactory(name="Jonas Okafor", teams=[TeamFactory(name="North")])


@pytest.fixture
def account(manager: User) -> Account:
    account = AccountFactory(name="Halvorsen Marine", owner=manager, team=manager.teams.get())
    judged(account, Band.AT_RISK)
    return account


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def say(
    account: Account, by: User, band: str = "healthy", reason: str = "They moved plants", **day: dt.date
) -> ManualJudgement:
    return judge(account, band=band, reason=reason, by=by, now=timezone.now(), today=day.get("today", TODAY))


def row_of(account: Account, until: dt.date) -> ManualJudgement:
    """One said so long ago that it holds until that day."""
    assert account.owner is not None
    days = {"judged_on": until - dt.timedelta(days=90), "holds_until": until}
    return ManualJudgement.objects.create(account=account, band="healthy", reason="Long ago", by=account.owner, **days)


def test_it_is_said_with_a_reason_and_shown_beside_the_computed_band(account: Account, manager: User) -> None:
    client, url = logged_in(manager), f"/accounts/{account.pk}/judgement/"
    refused = client.post(url, {"band": "", "reason": " "})
    assert refused.status_code == 422
    assert {name: list(errors) for name, errors in refused.context["form"].errors.items()} == {
        "band": ["Choose one."],
        "reason": ["Say why: a judgement without a reason helps nobody."],
    }
    before = (
        Standing.objects.values().get(),
        AccountMark.objects.count(),
        RiskDay.objects.count(),
        Alert.objects.count(),
    )
    assert client.post(url, {"band": "healthy", "reason": "They  moved plants"}).status_code == 302
    row = ManualJudgement.objects.get()
    assert (row.band, row.reason, row.by, row.judged_on, row.holds_until) == (
        "healthy",
        "They moved plants",
        manager,
        TODAY,
        LAST,
    )
    # Neither risk nor alerts know of it, and nothing is computed anew.
    after = (
        Standing.objects.values().get(),
        AccountMark.objects.count(),
        RiskDay.objects.count(),
        Alert.objects.count(),
    )
    assert before == after
    page = client.get(f"/accounts/{account.pk}/").content.decode()
    assert "They moved plants" in page
    assert "differs from the computed" in page
    assert "J. Okafor holds it to be" in page
    assert "holds until" in page


def test_the_form_as_a_page_of_its_own_is_sent_by_the_browser(account: Account, manager: User) -> None:
    client, url = logged_in(manager), f"/accounts/{account.pk}/judgement/"
    dialog = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f'hx-post="{url}"' in dialog
    page = client.get(url).content.decode()
    assert f'action="{url}"' in page
    assert f'hx-post="{url}"' not in page  # answered as a dialog is, the page would stay open
    said = client.post(url, {"band": "healthy", "reason": "They moved plants"})
    assert (said.status_code, said["Location"]) == (302, f"/accounts/{account.pk}/")


def test_one_that_agrees_is_shown_without_a_mark_in_the_header(account: Account, manager: User) -> None:
    say(account, manager, "at_risk")
    page = logged_in(manager).get(f"/accounts/{account.pk}/").content.decode()
    assert "as computed" in page
    assert "holds it to be" not in page


@pytest.mark.parametrize(("until", "is_current"), [(TODAY, True), (TODAY - dt.timedelta(days=1), False)])
def test_it_expires_by_itself_after_90_days(account: Account, manager: User, until: dt.date, is_current: bool) -> None:
    row_of(account, until)
    shown = logged_in(manager).get(f"/accounts/{account.pk}/judgements/").context["beside"]
    assert (shown.current is not None) is is_current
    assert [one.ending for one in shown.earlier] == ([] if is_current else ["Expired"])


def test_a_newer_one_replaces_the_older_and_an_expired_one_stays_expired(account: Account, manager: User) -> None:
    expired = row_of(account, TODAY - dt.timedelta(days=1))
    first, second = say(account, manager, "drifting"), say(account, manager)
    for row in (expired, first, second):
        row.refresh_from_db()
    assert (expired.ending, first.ending, second.ending) == ("expired", "replaced", "")
    assert first.ended_by == manager
    assert expired.ended_by is None


def test_it_is_withdrawn_and_the_withdrawal_taken_back(account: Account, manager: User) -> None:
    say(account, manager)
    client = logged_in(manager)
    client.post(f"/accounts/{account.pk}/judgement/withdraw/")
    assert ManualJudgement.objects.get().ending == "withdrawn"
    assert "Withdrawn" in client.get(f"/accounts/{account.pk}/judgements/").content.decode()
    client.post(f"/accounts/{account.pk}/judgement/restore/")
    assert ManualJudgement.objects.get().ending == ""
    client.post(f"/accounts/{account.pk}/judgement/withdraw/")
    say(account, manager, "drifting")
    refused = client.post(f"/accounts/{account.pk}/judgement/restore/", follow=True)
    assert refused.status_code == 200
    assert [row.ending for row in ManualJudgement.objects.order_by("pk")] == ["withdrawn", ""]


def test_withdrawing_what_is_gone_says_so(account: Account, manager: User) -> None:
    assert withdraw(account, by=manager, now=timezone.now(), today=TODAY) is None
    answer = logged_in(manager).post(f"/accounts/{account.pk}/judgement/withdraw/", follow=True)
    assert "no judgement in force any more" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "says"),
    [
        (Role.ACCOUNT_MANAGER, 200, 403),  # a colleague's account
        (Role.SALES_LEADER, 200, 200),
        (Role.READ_ONLY, 200, 403),
        (Role.OPERATIONS, 403, 403),
        (Role.ADMINISTRATOR, 200, 200),
    ],
)
def test_who_sees_and_who_says(account: Account, role: Role, sees: int, says: int) -> None:
    assert account.team is not None
    client = logged_in(UserFactory(role=role, teams=[account.team]))
    assert client.get(f"/accounts/{account.pk}/judgements/").status_code == sees
    assert client.get(f"/accounts/{account.pk}/judgement/").status_code == says
    posted = client.post(f"/accounts/{account.pk}/judgement/", {"band": "healthy", "reason": "Mine"})
    assert posted.status_code == (302 if says == 200 else says)
    assert ManualJudgement.objects.exists() is (says == 200)


def test_every_act_is_in_the_audit_trail(account: Account, manager: User) -> None:
    say(account, manager)
    withdraw(account, by=manager, now=timezone.now(), today=TODAY)
    events = ManualJudgement.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.pgh_label, event.ending) for event in events] == [("insert", ""), ("update", "withdrawn")]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"band": "unknown"}, "manual_judgement_band_known"),
        ({"reason": ""}, "manual_judgement_has_reason"),
        ({"holds_until": LAST + dt.timedelta(days=1)}, "manual_judgement_holds_90_days"),
        ({"ending": "withdrawn"}, "manual_judgement_ending_is_whole"),
        ({"ended_at": dt.datetime(2026, 6, 30, tzinfo=dt.UTC)}, "manual_judgement_ending_is_whole"),
    ],
)
def test_rows_that_say_nonsense_are_refused(
    account: Account, manager: User, wrong: dict[str, object], constraint: str
) -> None:
    right = {
        "account": account,
        "band": "healthy",
        "reason": "Known",
        "by": manager,
        "judged_on": TODAY,
        "holds_until": LAST,
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ManualJudgement.objects.create(**(right | wrong))
    ManualJudgement.objects.create(**right)
    with pytest.raises(IntegrityError, match="manual_judgement_one_an_account"), transaction.atomic():
        ManualJudgement.objects.create(**right)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_the_last_holds_and_none_is_lost(account: Account, manager: User) -> None:
    barrier = threading.Barrier(2)

    def at_once(band: str) -> None:
        barrier.wait()
        try:
            say(account, manager, band)
        finally:
            connection.close()

    threads = [threading.Thread(target=at_once, args=(band,)) for band in ("healthy", "drifting")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.ending for row in ManualJudgement.objects.all()) == ["", "replaced"]


def test_the_portfolio_marks_it_in_words_and_finds_where_it_differs(account: Account, manager: User) -> None:
    agreeing, silent = (AccountFactory(name=name, owner=manager, team=account.team) for name in ("Agreed", "Silent"))
    for other in (agreeing, silent):
        judged(other, Band.HEALTHY)
    with connection.cursor() as cursor:  # the filter goes by the database's clock
        cursor.execute("SELECT CURRENT_DATE")
        (now,) = cursor.fetchone()
    say(account, manager, "healthy", today=now)
    say(agreeing, manager, "healthy", today=now)
    client = logged_in(manager)
    page = client.get("/").content.decode()
    assert "J. Okafor: Healthy" in page
    assert "J. Okafor agrees" in page
    pages = {asked: client.get(f"/?judged={asked}").content.decode() for asked in ("differs", "any")}
    found = {asked: set(re.findall(r'id="account-(\d+)"', html)) for asked, html in pages.items()}
    assert found["differs"] == {str(account.pk)}
    assert found["any"] == {str(account.pk), str(agreeing.pk)}
    alone = client.get(f"/portfolio/rows/{account.pk}/").content.decode()
    assert "J. Okafor: Healthy" in alone


def test_one_that_expired_yesterday_is_not_on_the_portfolio(account: Account, manager: User) -> None:
    row_of(account, TODAY - dt.timedelta(days=1))
    assert "J. Okafor:" not in logged_in(manager).get("/").content.decode()
