"""Digests: when, for whom, once a date; what they say, and how one takes no more of them."""

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail as sent
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Company, Role, Team, User
from cadence.models import Digest, DigestChoice, OutgoingMail
from cadence.pages.digest import content, letter
from cadence.services.digests import choose, ensure_digests
from cadence.services.outbox import send_waiting
from signals.models import Alert, Band
from tests.factories import AccountFactory, ContactFactory, TeamFactory, UserFactory, ValueItemFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]

TUESDAY = dt.date(2026, 6, 30)
MONDAY = dt.date(2026, 7, 6)
# The Fridays before the nights on which clocks are changed, forwards and back.
FRIDAYS = [
    ("America/New_York", dt.date(2026, 3, 6)),
    ("America/New_York", dt.date(2026, 10, 30)),
    ("Europe/Berlin", dt.date(2026, 3, 27)),
    ("Europe/Berlin", dt.date(2026, 10, 23)),
    ("Australia/Lord_Howe", dt.date(2026, 4, 3)),
    ("Australia/Lord_Howe", dt.date(2026, 10, 2)),
]


def at(day: dt.date, hour: int, minute: int = 0, zone: str = "UTC") -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZoneInfo(zone))


def wanted(user: User, **kinds: bool) -> None:
    DigestChoice.objects.create(user=user, chosen_at=at(dt.date(2026, 1, 1), 0), **kinds)


def overdue(name: str, owner: User, team: Team) -> Account:
    account = AccountFactory(name=name, owner=owner, team=team)
    ContactFactory(account=account, name="Ana Ruiz", title="Buyer", phone="+34 600 11")
    judged(
        account,
        band=Band.DRIFTING,
        due_on=dt.date(2026, 5, 1),
        latest_on=dt.date(2026, 5, 15),
        last_contact_on=dt.date(2026, 4, 1),
    )
    return account


def made(now: dt.datetime) -> list[tuple[str, dt.date]]:
    with time_machine.travel(now, tick=False):
        ensure_digests(now)
    return list(Digest.objects.order_by("day", "kind").values_list("kind", "day"))


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)
def test_it_is_made_from_half_past_six_of_the_company_s_clock(manager: User, zone: str) -> None:
    Company.objects.update(time_zone=zone)
    wanted(manager, daily=True)
    assert made(at(TUESDAY, 6, 29, zone)) == []
    assert made(at(TUESDAY, 6, 30, zone)) == [("daily", TUESDAY)]
    assert made(at(TUESDAY, 23, 59, zone)) == [("daily", TUESDAY)]


@pytest.mark.parametrize(("zone", "from_day"), FRIDAYS)
def test_a_beat_every_half_hour_over_a_clock_change_makes_each_once(
    manager: User, zone: str, from_day: dt.date
) -> None:
    Company.objects.update(time_zone=zone)
    wanted(manager, daily=True, weekly=True)
    start, ends = at(from_day, 0, 0, zone).astimezone(dt.UTC), []
    for half_hour in range(4 * 24 * 2 - 2):
        ends = made(start + half_hour * dt.timedelta(minutes=30))
    friday_and_monday = [("daily", from_day), ("weekly", from_day + dt.timedelta(days=3))]
    assert ends == friday_and_monday


def test_a_missed_morning_is_made_up_for_until_the_date_is_over(manager: User) -> None:
    wanted(manager, daily=True)
    assert made(at(TUESDAY, 22)) == [("daily", TUESDAY)]
    assert made(at(TUESDAY + dt.timedelta(days=2), 7)) == [
        ("daily", TUESDAY),
        ("daily", TUESDAY + dt.timedelta(days=2)),
    ]


@pytest.mark.parametrize(("day", "country"), [(dt.date(2026, 7, 4), ""), (dt.date(2026, 5, 1), "Germany")])
def test_none_on_days_on_which_nobody_works(manager: User, day: dt.date, country: str) -> None:
    Company.objects.update(country=country)
    wanted(manager, daily=True)
    assert made(at(day, 8)) == []


def test_who_takes_both_gets_one_mail_on_a_monday(manager: User) -> None:
    wanted(manager, daily=True, weekly=True)
    assert made(at(MONDAY, 8)) == [("weekly", MONDAY)]


def test_nobody_gets_one_unasked_and_not_who_may_not(manager: User, north: Team) -> None:
    for fields in ({"role": Role.OPERATIONS}, {"role": Role.READ_ONLY}, {"is_active": False}):
        wanted(UserFactory(teams=[north], **fields), daily=True)
    wanted(UserFactory(teams=[north]), daily=False, weekly=True)
    assert made(at(TUESDAY, 8)) == []


def test_who_chooses_at_noon_begins_the_next_morning(manager: User) -> None:
    with time_machine.travel(at(TUESDAY, 12), tick=False):
        choose(manager, daily=True, weekly=False)
    assert made(at(TUESDAY, 12, 1)) == []
    assert made(at(TUESDAY + dt.timedelta(days=1), 6, 30)) == [("daily", TUESDAY + dt.timedelta(days=1))]


def test_nothing_is_sent_where_there_is_nothing_to_say_and_it_is_not_asked_again(manager: User, north: Team) -> None:
    wanted(manager, daily=True)
    made(at(TUESDAY, 8))
    overdue("Brenner", manager, north)
    made(at(TUESDAY, 9))
    assert (Digest.objects.count(), OutgoingMail.objects.count()) == (1, 0)


def test_what_it_says(manager: User, north: Team) -> None:
    account = overdue("Brenner & <b>Co</b>", manager, north)
    ValueItemFactory(title="New norms")
    wanted(manager, daily=True)
    made(at(TUESDAY, 8))
    send_waiting()
    (mail,) = sent.outbox
    row = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == ([manager.email], row.subject)
    assert mail.subject.startswith("Today: 1 overdue")
    assert mail.extra_headers["Message-ID"] == row.message_id
    assert isinstance(mail, EmailMultiAlternatives)
    html = mail.alternatives[0][0]
    assert isinstance(html, str)
    for text, name in ((str(mail.body), "Brenner & <b>Co</b>"), (html, "Brenner &amp; &lt;b&gt;Co&lt;/b&gt;")):
        assert name in text
        assert f"http://localhost/accounts/{account.pk}/" in text
        assert "Ana Ruiz" in text
        assert "+34 600 11" in text
        assert "Promise broken for 46 days" in text
    assert "<b>Co</b>" not in html
    assert 'href="tel:+3460011"' in html


def test_the_next_one_tells_only_what_came_after(manager: User, north: Team) -> None:
    account = AccountFactory(name="Brenner", owner=manager, team=north)
    judged(account, band=Band.HEALTHY)
    fields = {"account": account, "signal": "silence", "opened_on": TUESDAY, "judged_on": TUESDAY, "level": 0.9}
    alert = Alert.objects.create(**fields, released_on=TUESDAY, sentence="silent")
    Alert.objects.filter(pk=alert.pk).update(recorded_at=at(TUESDAY, 3))
    Account.objects.filter(pk=account.pk).update(recorded_at=at(TUESDAY - dt.timedelta(days=9), 3))
    company = Company.the()
    first = content(manager, Digest.Kind.DAILY, now=at(TUESDAY, 7), company=company)
    assert [line.kind for line in first.changes.lines] == ["opened"]
    Digest.objects.create(user=manager, kind="daily", day=TUESDAY, told_until=at(TUESDAY, 7))
    assert content(manager, Digest.Kind.DAILY, now=at(TUESDAY, 8), company=company).changes.lines == []
    weekly = content(manager, Digest.Kind.WEEKLY, now=at(TUESDAY, 8), company=company)
    assert [line.kind for line in weekly.changes.lines] == ["opened"]


def test_a_leader_reads_of_the_team_and_of_no_other(leader: User, manager: User, north: Team) -> None:
    overdue("Brenner", manager, north)
    overdue("Zanzibar", UserFactory(), TeamFactory())
    text = letter(content(leader, Digest.Kind.DAILY, now=at(TUESDAY, 8), company=Company.the())).text
    assert ("Brenner" in text, "Zanzibar" in text) == (True, False)


def test_the_number_of_statements_does_not_follow_the_accounts(manager: User, north: Team) -> None:
    counted = []
    for number in (1, 14):
        for n in range(number):
            overdue(f"Brenner {number} {n}", manager, north)
        with CaptureQueriesContext(connection) as asked:
            said = content(manager, Digest.Kind.DAILY, now=at(TUESDAY, 8), company=Company.the())
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert said.rest == 15 - 8


def test_a_zone_that_does_not_exist_keeps_no_mail_back(manager: User) -> None:
    Company.objects.update(time_zone="Mars/Olympus")
    wanted(manager, daily=True)
    assert made(at(TUESDAY, 6, 30)) == [("daily", TUESDAY)]


def link_of(user: User, north: Team) -> tuple[str, OutgoingMail]:
    overdue("Brenner", user, north)
    wanted(user, daily=True, weekly=True)
    made(at(TUESDAY, 8))
    mail = OutgoingMail.objects.get()
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert link in mail.text
    assert link in mail.html
    return link.removeprefix("http://localhost"), mail


def test_a_mail_program_unsubscribes_for_its_reader_with_one_press(manager: User, north: Team) -> None:
    link, mail = link_of(manager, north)
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert DigestChoice.objects.values_list("daily", "weekly").get() == (False, True)


def test_looking_at_the_link_unsubscribes_nobody(manager: User, north: Team) -> None:
    link, _mail = link_of(manager, north)
    for _time in range(2):
        assert "No more daily digests?" in Client().get(link).content.decode()
    assert DigestChoice.objects.get().daily
    page = Client(enforce_csrf_checks=True).post(link, {"page": "1"}, follow=True)
    assert "No daily digest is sent to you" in page.content.decode()
    assert 'href="/me/#digests"' in page.content.decode()


def test_a_changed_link_is_missing(manager: User, north: Team) -> None:
    link, _mail = link_of(manager, north)
    wrong = link[:-3] + ("a" if link[-3] != "a" else "b") + link[-2:]
    assert (Client().get(wrong).status_code, Client().post(wrong).status_code) == (404, 404)
    assert DigestChoice.objects.get().daily


def personal(user: User, path: str, **body: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(path, body) if body else client.get(path)


def test_the_preview_is_the_mail(manager: User, north: Team) -> None:
    overdue("Brenner", manager, north)
    mail = letter(content(manager, Digest.Kind.DAILY, now=at(TUESDAY, 8), company=Company.the()))
    page = personal(manager, "/me/digest/").content.decode()
    assert mail.subject in page

    def words(html: str) -> str:
        body = html.split('<div class="mail">')[1].split("mail-foot", maxsplit=1)[0]
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    assert words(page) == words(mail.html)
    assert OutgoingMail.objects.count() == 0
    assert "The week from" in personal(manager, "/me/digest/?kind=weekly").content.decode()


def test_the_choice_is_kept_and_shown(manager: User) -> None:
    assert personal(manager, "/me/digests/", weekly="on").status_code == 302
    assert DigestChoice.objects.values_list("daily", "weekly").get() == (False, True)
    page = personal(manager, "/me/").content.decode()
    assert re.search(r'name="weekly"[^>]*checked', page)
    assert not re.search(r'name="daily"[^>]*checked', page)


def test_operations_are_offered_neither(north: Team) -> None:
    user = UserFactory(role=Role.OPERATIONS, teams=[north])
    page = personal(user, "/me/").content.decode()
    assert ("Digest by mail" in page, "Draw an address" in page, "Second factor" in page) == (False, False, True)
    assert personal(user, "/me/calendar/renew/", x="1").status_code == 403
