"""The post-mortem: replayed in the background, read as stored, concluded by who may edit the account."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import BEGINNING, Account, Company, Loss, Ownership, Role, Team, User
from accounts_app.services.changes import mark_changed
from signals.facts import read_facts
from signals.models import Alert, PostMortem, RiskDay, Run
from signals.services import marks, post_mortems
from signals.services.alerts import acknowledge
from tests.factories import AccountFactory, FeedFactory, InteractionFactory, LossFactory, OrderFactory, UserFactory
from tests.factories.judgement import finished_run
from tests.integration.portfolio.reading import spoken

pytestmark = pytest.mark.django_db
LOST = date(2026, 5, 1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def loss(north: Team, manager: User, company: Company) -> Loss:
    account = AccountFactory(name="Ferro", team=north, owner=manager)
    return LossFactory(account=account, lost_on=LOST, known_on=LOST, part="", reason="competitor", went_to="Rival")


def judged_weekly(account: Account, *, rose_weeks_before: int, weeks: int = 53) -> None:
    finished_run()
    RiskDay.objects.bulk_create(
        RiskDay(
            account=account,
            day=LOST - timedelta(weeks=back),
            band="at_risk" if back <= rose_weeks_before else "healthy",
            risk=70 if back <= rose_weeks_before else 10,
            coverage=0.9,
            levels={"silence": 0.9 if back <= rose_weeks_before else 0.1, "order_rhythm": 0.2},
            origin="shown",
        )
        for back in range(weeks)
    )


def replayed(loss: Loss) -> PostMortem:
    post_mortems.sweep()
    made = PostMortem.objects.get(loss=loss)
    post_mortems.replay(made.pk)
    made.refresh_from_db()
    return made


def test_stored_days_are_taken_where_they_cover_the_year(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    made = replayed(loss)
    assert made.replay is not None
    assert (made.replay["origin"], made.replay["first"], len(made.replay["weeks"])) == ("stored", "silence", 53)
    assert made.replay["rises"][0]["day"] == (LOST - timedelta(weeks=10)).isoformat()
    assert made.asked_at is None


def test_a_year_not_judged_is_computed_from_what_was_known_then(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10, weeks=5)
    for month in range(24):
        day = date(2024, 1, 10) + timedelta(days=30 * month)
        OrderFactory(account=loss.account, ordered_on=day, known_on=day)
        InteractionFactory(account=loss.account, happened_on=day, known_on=day, happened_known_on=day)
    made = replayed(loss)
    assert made.error == ""
    assert made.replay is not None
    assert made.replay["origin"] == "computed"
    assert len(made.replay["weeks"]) == 53
    levels = [week["levels"].get("proactive_gap", 0.0) for week in made.replay["weeks"]]
    assert levels[0] < levels[-1]
    assert RiskDay.objects.count() == 5  # what was shown is left as it was


def test_the_rank_is_by_revenue_of_the_12_months_before_among_all_accounts(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    OrderFactory(account=loss.account, ordered_on=LOST - timedelta(days=364), reporting_amount=100, amount=100)
    OrderFactory(account=loss.account, ordered_on=LOST - timedelta(days=365), reporting_amount=900, amount=900)
    for amount in (99, 101):
        OrderFactory(account=AccountFactory(), ordered_on=LOST, reporting_amount=amount, amount=amount)
    made = replayed(loss)
    assert made.revenue_before == 100
    assert made.rank_before == 2


def test_without_revenue_there_is_no_rank(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    assert replayed(loss).rank_before is None


def test_a_worked_off_mark_asks_for_the_replay_anew(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    made = replayed(loss)
    mark_changed([loss.account_id])
    marks.remove(marks.of_accounts([loss.account_id]))
    made.refresh_from_db()
    assert made.asked_at is not None
    assert "Facts have changed since" in spoken(
        client_of(UserFactory(role=Role.ADMINISTRATOR)).get(f"/losses/{loss.pk}/").content.decode()
    )


def test_two_workers_replay_it_once_and_a_filling_history_is_waited_for(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    post_mortems.sweep()
    PostMortem.objects.update(started_at=datetime.now(UTC) + timedelta(days=200))
    made = PostMortem.objects.get()
    post_mortems.replay(made.pk)
    made.refresh_from_db()
    assert made.replay is None
    PostMortem.objects.update(started_at=None)
    finished_run(kind=Run.Kind.HISTORY, from_day=date(2026, 1, 1), ticket=7, state=Run.State.OPEN, finished_at=None)
    post_mortems.replay(made.pk)
    made.refresh_from_db()
    assert made.replay is None


def test_what_fails_is_said_and_may_be_asked_for_again(loss: Loss, manager: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    RiskDay.objects.update(levels={"silence": "a word"})
    made = replayed(loss)
    assert "ValueError" in made.error
    client = client_of(manager)
    assert "could not be replayed" in spoken(client.get(f"/losses/{loss.pk}/").content.decode())
    RiskDay.objects.update(levels={"silence": 0.9})
    assert client.post(f"/losses/{loss.pk}/replay/").status_code == 302
    post_mortems.replay(made.pk)
    made.refresh_from_db()
    assert (made.error, made.replay is None) == ("", False)


def test_the_page_tells_in_sentences_what_rose_who_was_told_and_what_was_done(
    loss: Loss, manager: User, leader: User
) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    Run.objects.update(business_date=date(2025, 1, 1))
    feed = FeedFactory()
    Ownership.objects.create(
        account=loss.account, user=manager, from_day=date(2024, 1, 1), known_on=BEGINNING, feed=feed, external_key="1"
    )
    came = date(2026, 1, 1)
    InteractionFactory(
        account=loss.account,
        happened_on=came,
        known_on=came,
        happened_known_on=came,
        initiator="us",
        purpose="proactive",
    )
    told = date(2026, 3, 2)
    alert = Alert.objects.create(
        account=loss.account,
        signal="silence",
        opened_on=told,
        judged_on=told,
        released_on=told,
        level=0.9,
        sentence="No contact.",
    )
    acknowledge(alert, by=manager)
    replayed(loss)
    words = spoken(client_of(leader).get(f"/losses/{loss.pk}/").content.decode())
    assert "Silence rose first, 70 days before the loss." in words
    assert "Nobody was alerted until 2 Mar, 60 days before: Silence. Acknowledged by" in words
    assert "1 contact in the year before, 1 of them proactive. We last came by ourselves 120 days before." in words
    assert "Jonas Okafor answered for it since 1 Jan 2024." in words
    assert "as it was judged then" in words


def test_nobody_alerted_and_not_watched_are_told_apart(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    replayed(loss)
    client = client_of(leader)
    assert "Vigil did not watch yet" in spoken(client.get(f"/losses/{loss.pk}/").content.decode())
    Run.objects.update(business_date=date(2025, 1, 1))
    assert "Nobody was alerted in the year before." in spoken(client.get(f"/losses/{loss.pk}/").content.decode())


def test_the_figure_marks_the_first_crossing(loss: Loss, leader: User) -> None:
    client = client_of(leader)
    assert client.get(f"/losses/{loss.pk}/figure.json").status_code == 404
    judged_weekly(loss.account, rose_weeks_before=10)
    replayed(loss)
    figure = client.get(f"/losses/{loss.pk}/figure.json").json()
    [marks_of_signals] = [trace for trace in figure["data"] if trace.get("meta") == "events"]
    assert marks_of_signals["x"] == [(LOST - timedelta(weeks=10)).isoformat()]
    assert "Silence reached its line" in marks_of_signals["hovertext"][0]


def test_a_conclusion_is_signed_kept_in_the_trail_and_never_overwritten_unseen(
    loss: Loss, manager: User, leader: User
) -> None:
    post_mortems.sweep()
    address, client = f"/losses/{loss.pk}/conclusion/", client_of(manager)
    assert client.post(address, {"conclusion": "Call sooner.", "seen": ""}).status_code == 302
    made = PostMortem.objects.get()
    assert (made.conclusion, made.done_by, made.done_on) == ("Call sooner.", manager, date(2026, 6, 30))
    late = client_of(leader).post(address, {"conclusion": "Visit.", "seen": ""})
    assert late.status_code == 422
    assert "It says: Call sooner." in late.content.decode()
    assert client_of(leader).post(address, {"conclusion": "Visit.", "seen": "Call sooner."}).status_code == 302
    events = PostMortem.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("conclusion", flat=True)) == ["", "Call sooner.", "Visit."]
    assert client.post(address, {"conclusion": " ", "seen": "Visit."}).status_code == 302
    made.refresh_from_db()
    assert (made.conclusion, made.done_by, made.done_on) == ("", None, None)


def test_only_who_may_edit_the_account_concludes(loss: Loss, north: Team) -> None:
    colleague = client_of(UserFactory(teams=[north]))
    assert colleague.get(f"/losses/{loss.pk}/").status_code == 200
    assert "Write a conclusion" not in colleague.get(f"/losses/{loss.pk}/").content.decode()
    assert colleague.post(f"/losses/{loss.pk}/conclusion/", {"conclusion": "x"}).status_code == 403
    assert colleague.post(f"/losses/{loss.pk}/replay/").status_code == 403
    stranger = client_of(UserFactory())
    assert stranger.get(f"/losses/{loss.pk}/").status_code == 404


def test_statements_do_not_grow_with_alerts(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    replayed(loss)
    client = client_of(leader)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/losses/{loss.pk}/")
        return len(asked)

    def alert(number: int) -> None:
        day = LOST - timedelta(days=number)
        made = Alert.objects.create(
            account=loss.account, signal=f"signal{number}", opened_on=day, judged_on=day, released_on=day, level=0.9
        )
        acknowledge(made, by=leader)

    alert(1)
    one = count()
    for number in range(2, 20):
        alert(number)
    assert count() == one


def test_the_account_says_it_was_lost_and_won_back(loss: Loss, leader: User) -> None:
    client = client_of(leader)
    address = f"/accounts/{loss.account_id}/"
    assert "Lost 1 May : Competitor." in spoken(client.get(address).content.decode())
    OrderFactory(account=loss.account, ordered_on=date(2026, 6, 2))
    Account.objects.update(status=Account.Status.FORMER)
    words = spoken(client.get(address).content.decode())
    assert "Lost 1 May , won back 2 Jun ." in words
    assert "its status is still former" in words


def test_the_absence_of_an_account_won_back_is_quiet_from_the_day_that_is_known(loss: Loss) -> None:
    back = date(2026, 6, 2)
    assert read_facts([loss.account_id]).quiet.empty
    OrderFactory(account=loss.account, ordered_on=back, known_on=date(2026, 6, 5))
    OrderFactory(account=loss.account, ordered_on=back + timedelta(days=9))
    facts = read_facts([loss.account_id])
    [row] = facts.quiet.to_dict("records")
    assert (row["account_id"], row["from_day"].date(), row["until_day"].date()) == (
        loss.account_id,
        LOST + timedelta(days=1),
        back - timedelta(days=1),
    )
    assert facts.until(date(2026, 6, 4)).quiet.empty
    assert len(facts.until(date(2026, 6, 5)).quiet) == 1
    Loss.objects.update(part="Pumps")
    assert read_facts([loss.account_id]).quiet.empty
