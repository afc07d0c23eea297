"""The post-mortem: read from the days judged, told in sentences, concluded by who may edit the account."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts_app.models import BEGINNING, Account, Company, Loss, Order, Ownership, Team, User
from accounts_app.services.changes import mark_changed
from signals.fact_blocks import portfolio_facts
from signals.facts import read_facts
from signals.models import Alert, PostMortem, RiskDay, Run
from signals.pages.losses.replay import replays_of
from signals.services import assess, history, marks, store
from signals.services.alerts import acknowledge
from signals.services.post_mortems import rank_losses
from signals.services.rules import values_of
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


def judged_weekly(
    account: Account, *, rose_weeks_before: int, weeks: int = 53, origin: str = "shown", on: date = LOST
) -> None:
    finished_run()
    RiskDay.objects.bulk_create(
        RiskDay(
            account=account,
            day=on - timedelta(weeks=back),
            band="at_risk" if back <= rose_weeks_before else "healthy",
            risk=70 if back <= rose_weeks_before else 10,
            coverage=0.9,
            levels={"silence": 0.9 if back <= rose_weeks_before else 0.1, "order_rhythm": 0.2},
            origin=origin,
        )
        for back in range(weeks)
    )


def words_of(loss: Loss, user: User) -> str:
    words = spoken(client_of(user).get(f"/losses/{loss.pk}/").content.decode())
    return words.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_the_days_judged_are_read_at_once(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    replay = replays_of([loss])[loss.pk]
    assert replay.first
    assert (replay.first.key, replay.first.day) == ("silence", LOST - timedelta(weeks=10))
    assert (len(replay.weeks), replay.is_whole) == (53, True)
    assert [week.day for week in replay.weeks] == sorted(week.day for week in replay.weeks)
    assert "as it was shown then" in words_of(loss, leader)


def test_of_each_week_the_last_day_counts_and_no_day_after_the_loss(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=-1)
    judged_weekly(loss.account, rose_weeks_before=60, weeks=1, on=LOST - timedelta(days=6))  # of the last week, earlier
    judged_weekly(loss.account, rose_weeks_before=60, weeks=1, on=LOST + timedelta(days=1))
    judged_weekly(AccountFactory(), rose_weeks_before=60)
    replay = replays_of([loss])[loss.pk]
    assert (len(replay.weeks), replay.first) == (53, None)


def test_two_losses_of_an_account_are_told_apart(loss: Loss) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    earlier = LossFactory(account=loss.account, lost_on=LOST - timedelta(weeks=20), part="Pumps")
    found = replays_of([loss, earlier])
    assert found[loss.pk].first
    assert found[earlier.pk].first is None
    assert (len(found[earlier.pk].weeks), found[earlier.pk].is_whole) == (33, False)


def test_what_was_computed_afterwards_is_said_to_be(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10, origin="history")
    assert "computed afterwards from what was known on each day" in words_of(loss, leader)
    RiskDay.objects.filter(day__gt=LOST - timedelta(weeks=4)).update(origin="shown")
    assert "; since 10 Apr as it was shown then" in words_of(loss, leader)


def test_a_year_not_judged_is_not_known_for_a_reason(loss: Loss, leader: User) -> None:
    finished_run()
    words = words_of(loss, leader)
    assert "Which signal rose first is not known: no day of the year before was judged." in words
    assert "The next nightly run has it judged afterwards." in words
    assert "rose first," not in words
    finished_run(kind=Run.Kind.HISTORY, from_day=date(2026, 1, 1), ticket=7, state=Run.State.OPEN, finished_at=None)
    assert "Past days are being judged at this moment" in words_of(loss, leader)
    Loss.objects.update(lost_on=date(2023, 7, 1))
    assert "for losses of the last three years only" in words_of(loss, leader)


def test_a_year_judged_in_part_tells_from_when(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10, weeks=20)
    words = words_of(loss, leader)
    assert "What rose before 19 Dec 2025 is not known: the account was not judged before." in words
    assert "Silence rose first, 70 days before the loss." in words


def filling(night: Run) -> Run:
    """The history that a night asks for, with what was learnt on its first day."""
    facts = portfolio_facts(assess.account_ids())
    first = history.first_day_missing(night)
    assert first
    plan = {"from_day": first, "every_account": False, "ticket": night.ticket + 1}
    learnt = {first.isoformat(): assess.learn(facts, values_of(night.rule_set), first)}
    return finished_run(night.business_date, kind=Run.Kind.HISTORY, params=learnt, **plan)


def test_the_year_before_a_loss_is_judged_further_back_than_the_usual_weeks_of_the_others(
    loss: Loss, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "WEEKS", 13)
    night, other = finished_run(date(2026, 6, 29)), AccountFactory(team=loss.account.team)
    loss.lost_on = night.business_date - timedelta(weeks=4)
    loss.save(update_fields=["lost_on"])
    Loss.objects.update(known_on=loss.lost_on)
    for month in range(24):
        day = loss.lost_on - timedelta(days=400) + timedelta(days=15 * month)
        OrderFactory(account=loss.account, ordered_on=day, known_on=day)
    run = filling(night)
    assert run.from_day == night.business_date - timedelta(weeks=57)  # 4 and 53
    assert history.accounts_of(run) == sorted([loss.account_id, other.pk])
    store.write_risk_days(history.slide([loss.account_id, other.pk], run), RiskDay.Origin.HISTORY)
    assert replays_of([loss])[loss.pk].is_whole
    first_of_the_other = RiskDay.objects.filter(account=other).earliest("day").day
    assert first_of_the_other == night.business_date - timedelta(weeks=13)
    assert history.lost_unjudged(night.business_date) == {}
    assert history.first_day_missing(night) is None


def test_a_loss_recorded_late_is_filled_in_for_its_account_alone(loss: Loss) -> None:
    night = finished_run()
    for account in (loss.account, AccountFactory()):
        judged_weekly(account, rose_weeks_before=10, on=night.business_date)
    Loss.objects.update(lost_on=date(2025, 7, 1), known_on=date(2025, 7, 9))
    assert history.lost_unjudged(date(2025, 7, 8)) == {}  # not known yet
    assert list(history.lost_unjudged(night.business_date)) == [loss.account_id]
    assert history.first_day_missing(night) == date(2024, 6, 25)  # whole weeks before, 53 before the loss at least
    run = Run(kind=Run.Kind.HISTORY, business_date=night.business_date, every_account=False)
    assert history.accounts_of(run) == [loss.account_id]
    Loss.objects.update(lost_on=night.business_date - history.LOSSES_OF)
    assert history.first_day_missing(night) is None


def test_the_rank_is_by_revenue_of_the_12_months_before_among_all_accounts(loss: Loss) -> None:
    OrderFactory(account=loss.account, ordered_on=LOST - timedelta(days=364), reporting_amount=100, amount=100)
    OrderFactory(account=loss.account, ordered_on=LOST - timedelta(days=365), reporting_amount=900, amount=900)
    late = OrderFactory(account=loss.account, ordered_on=LOST, reporting_amount=900, amount=900)
    Order.objects.filter(pk=late.pk).update(known_on=LOST + timedelta(days=1))
    for amount in (99, 101):
        OrderFactory(account=AccountFactory(), ordered_on=LOST, reporting_amount=amount, amount=amount)
    rank_losses([loss.account_id])
    assert PostMortem.objects.get(loss=loss).rank_before == 2


def test_without_revenue_there_is_no_rank(loss: Loss) -> None:
    rank_losses([loss.account_id])
    assert PostMortem.objects.get(loss=loss).rank_before is None


def test_a_worked_off_mark_ranks_anew_and_leaves_the_conclusion(loss: Loss, manager: User) -> None:
    PostMortem.objects.create(loss=loss, conclusion="Call.", done_by=manager, done_on=LOST)
    OrderFactory(account=loss.account, ordered_on=LOST)
    mark_changed([loss.account_id])
    marks.remove(marks.of_accounts([loss.account_id]))
    made = PostMortem.objects.get(loss=loss)
    assert (made.rank_before, made.conclusion) == (1, "Call.")


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
    words = spoken(client_of(leader).get(f"/losses/{loss.pk}/").content.decode())
    assert "Silence rose first, 70 days before the loss." in words
    assert "The first alert came on 2 Mar, 60 days before: Silence. Acknowledged by" in words
    assert "1 contact in the year before, 1 of them proactive. We last came by ourselves 120 days before." in words
    assert "Jonas Okafor answered for it since 1 Jan 2024." in words


def test_nobody_alerted_and_not_watched_are_told_apart(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    client = client_of(leader)
    assert "Vigil did not watch yet" in spoken(client.get(f"/losses/{loss.pk}/").content.decode())
    Run.objects.update(business_date=date(2025, 1, 1))
    assert "Nobody was alerted in the year before." in spoken(client.get(f"/losses/{loss.pk}/").content.decode())


def test_the_figure_marks_the_first_crossing(loss: Loss, leader: User) -> None:
    client = client_of(leader)

    def figure() -> list[dict[str, Any]]:
        return list(client.get(f"/losses/{loss.pk}/figure.json").json()["data"])

    assert not [trace for trace in figure() if trace.get("meta") == "events"]
    judged_weekly(loss.account, rose_weeks_before=10)
    [marks_of_signals] = [trace for trace in figure() if trace.get("meta") == "events"]
    assert marks_of_signals["x"] == [(LOST - timedelta(weeks=10)).isoformat()]
    assert "Silence reached its line" in marks_of_signals["hovertext"][0]


def test_that_notice_may_be_given_is_not_what_rose_first(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    RiskDay.objects.filter(day__gt=LOST - timedelta(weeks=30)).update(levels={"notice_window": 0.9, "silence": 0.1})
    RiskDay.objects.filter(day__gte=LOST - timedelta(weeks=4)).update(levels={"notice_window": 0.9, "silence": 0.8})
    assert "Silence rose first, 28 days before the loss." in words_of(loss, leader)


def test_signals_that_never_reached_their_line_are_one_line(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
    RiskDay.objects.filter(day=LOST).update(levels={"silence": 0.9, "order_rhythm": 0.699})
    assert "Never reached their line, with their highest level: Order rhythm 69 %." in words_of(loss, leader)
    RiskDay.objects.update(levels={"order_rhythm": 0.2})
    words = words_of(loss, leader)
    assert "No signal reached its line. Highest levels: Order rhythm 20 %." in words


def test_a_conclusion_is_signed_kept_in_the_trail_and_never_overwritten_unseen(
    loss: Loss, manager: User, leader: User
) -> None:
    address, client = f"/losses/{loss.pk}/conclusion/", client_of(manager)
    assert client.post(address, {"conclusion": "Call sooner.", "seen": ""}).status_code == 302
    made = PostMortem.objects.get()
    assert (made.conclusion, made.done_by, made.done_on) == ("Call sooner.", manager, date(2026, 6, 30))
    late = client_of(leader).post(address, {"conclusion": "Visit.", "seen": ""})
    assert late.status_code == 422
    assert "It says: Call sooner." in late.content.decode()
    assert client_of(leader).post(address, {"conclusion": "Visit.", "seen": "Call sooner."}).status_code == 302
    events = PostMortem.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("conclusion", flat=True)) == ["Call sooner.", "Visit."]
    assert client.post(address, {"conclusion": " ", "seen": "Visit."}).status_code == 302
    made.refresh_from_db()
    assert (made.conclusion, made.done_by, made.done_on) == ("", None, None)


def test_only_who_may_edit_the_account_concludes(loss: Loss, north: Team) -> None:
    colleague = client_of(UserFactory(teams=[north]))
    assert colleague.get(f"/losses/{loss.pk}/").status_code == 200
    assert "Write a conclusion" not in colleague.get(f"/losses/{loss.pk}/").content.decode()
    assert colleague.post(f"/losses/{loss.pk}/conclusion/", {"conclusion": "x"}).status_code == 403
    stranger = client_of(UserFactory())
    assert stranger.get(f"/losses/{loss.pk}/").status_code == 404


def test_statements_do_not_grow_with_alerts(loss: Loss, leader: User) -> None:
    judged_weekly(loss.account, rose_weeks_before=10)
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
