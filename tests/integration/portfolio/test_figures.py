"""The key figures above the list, and what a row says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts_app.models import Account, Company, Team, Tier, User
from signals.models import Alert, Band, RiskDay, Standing
from signals.strips import build_strip
from tests.factories import AccountFactory
from tests.factories.judgement import AS_OF, judged
from tests.integration.portfolio.reading import four_bands, page, row, spoken

pytestmark = pytest.mark.django_db


def test_key_figures_count_the_scope_whatever_narrows_the_list(leader: User, north: Team, company: Company) -> None:
    four_bands(north)
    html = page(leader, "?band=healthy&q=calm")
    figures = spoken(html[html.index('class="kpis"') : html.index('id="table"')])
    at_risk = (
        Decimal("0.08") * 9_000_000 + Decimal("0.44") * 50_000 + Decimal("0.72") * 20_000 + Decimal("0.12") * 70_000
    )
    assert at_risk == 764_800
    assert "Revenue at risk, 12 months € 765 k of € 9.14 M" in figures
    assert 'title="€\N{NO-BREAK SPACE}764,800.00"' in html


def test_bands_are_compared_with_a_week_before(leader: User, north: Team) -> None:
    four_bands(north)
    for name, then in (
        ("Gone", Band.HEALTHY),
        ("Slow", Band.DRIFTING),
        ("Calm", Band.HEALTHY),
        ("Dark", Band.DRIFTING),
    ):
        account = Account.objects.get(name=name)
        # The last day at least a week ago counts; what is nearer or two weeks older does not.
        for ago, band in ((3, Band.AT_RISK), (8, then), (13, Band.AT_RISK)):
            RiskDay.objects.create(
                account=account, day=AS_OF - timedelta(days=ago), band=band, risk=5, coverage=1, origin="history"
            )
    html = page(leader)
    figures = spoken(html[html.index('class="kpis"') : html.index('id="table"')])
    assert "At risk 1 +1 in a week" in figures
    assert "Drifting 1 −1 in a week" in figures


def test_a_week_of_which_little_is_known_is_not_compared(leader: User, north: Team) -> None:
    four_bands(north)
    account = Account.objects.get(name="Gone")
    week_ago = AS_OF - timedelta(days=7)
    RiskDay.objects.create(account=account, day=week_ago, band=Band.HEALTHY, risk=5, coverage=1, origin="history")
    assert "in a week" not in spoken(page(leader))


def test_open_alerts_count_the_scope_and_the_menu_the_reader_s_own(manager: User, leader: User, north: Team) -> None:
    own, other = AccountFactory(team=north, owner=manager), AccountFactory(team=north)
    for account in (own, other, other):
        signal = f"s{Alert.objects.count()}"
        Alert.objects.create(
            account=account, signal=signal, opened_on=AS_OF, judged_on=AS_OF, released_on=AS_OF, level=0.8
        )
    html = page(manager)
    assert "Open alerts 1 want attention" in spoken(html)
    assert "Alerts 1 open" in spoken(html[: html.index("<main")])
    assert "Open alerts 3 want attention" in spoken(page(manager, "?whose=team"))
    assert "Alerts 3 open" in spoken(page(leader))


def test_a_row_says_band_reason_contact_plan_and_money(
    leader: User, manager: User, north: Team, company: Company
) -> None:
    account = AccountFactory(name="Halvorsen", team=north, owner=manager, tier=Tier.objects.get(key="strategic"))
    judged(
        account,
        Band.AT_RISK,
        revenue=2_410_000,
        change_30d=19,
        last_proactive_on=AS_OF - timedelta(days=112),
        last_contact_on=AS_OF - timedelta(days=6),
        next_planned_on=date(2026, 7, 26),
        next_planned_channel="call",
        expected_next_on=date(2026, 7, 4),
        strip=build_strip([], [], [], late_from=AS_OF - timedelta(days=20), no_data_from=None, as_of=AS_OF),
        open_incidents=3,
    )
    words = spoken(row(page(leader), "Halvorsen"))
    assert "Strategic · J. Okafor" in words
    assert "At risk 72 +19 in 30 days coverage 90 %" in words
    assert "No contact either way for 40 days, usual gap 12." in words
    assert "112 d , longer than the 45 d promised any 6 d" in words
    assert "26 Jul call" in words
    assert "4 Jul 20 d late" in words
    assert "€ 2.41 M" in words


def test_a_gap_is_marked_only_beyond_the_promised_interval(leader: User, north: Team) -> None:
    for name, days in (("Kept", 60), ("Broken", 61)):
        judged(AccountFactory(name=name, team=north), last_proactive_on=AS_OF - timedelta(days=days))
    html = page(leader)
    assert "longer than" not in row(html, "Kept")
    assert "longer than" in row(html, "Broken")


def test_an_unknown_account_shows_its_coverage_and_no_number(leader: User, north: Team) -> None:
    judged(AccountFactory(name="Dark", team=north), Band.UNKNOWN, coverage=0.38)
    words = spoken(row(page(leader), "Dark"))
    assert "Unknown" in words
    assert "38 % known" in words
    assert "12" not in words.split("Unknown")[1].split("38")[0]


def test_an_account_that_could_not_be_computed_says_so(leader: User, north: Team) -> None:
    judged(
        AccountFactory(name="Poison", team=north),
        Band.UNKNOWN,
        state=Standing.State.NOT_COMPUTED,
        risk=None,
        contributions=[],
        top_reasons=[],
        revenue=0,
        last_contact_on=None,
        last_proactive_on=None,
        next_planned_on=None,
    )
    words = spoken(row(page(leader), "Poison"))
    assert "not computed" in words
    assert "Not judged yet." in words
    assert "€ 0" not in words
    assert "none planned" not in words


def test_never_is_said_only_where_contacts_are_known(leader: User, north: Team) -> None:
    """Where no contact came in at all, nothing is known: that is not the same as nobody having called."""
    judged(AccountFactory(name="Unrecorded", team=north), last_contact_on=None, last_proactive_on=None)
    said = spoken(page(leader))
    assert "Proactive – none known" in said
    assert "never" not in said
    judged(AccountFactory(name="Only their calls", team=north), last_contact_on=AS_OF, last_proactive_on=None)
    assert "Proactive never any 0 d" in spoken(page(leader))
