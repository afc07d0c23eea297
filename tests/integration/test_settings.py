"""Users, teams and tiers in the hands of an administrator."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import AccountMark, Interaction, Membership, Role, Team, Tier, User
from tests.factories import AccountFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = {"name": "Ada Lind", "email": "Ada.Lind@Example.test", "role": "account_manager"}
PASSWORD = "correct horse battery staple"


@pytest.fixture
def boss() -> User:
    return UserFactory(role=Role.ADMINISTRATOR, name="Boss")


@pytest.fixture
def client(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def test_a_new_user_gets_teams_and_no_password(client: Client) -> None:
    team = TeamFactory(name="North")
    answer = client.post(reverse("accounts:user_add"), NEW | {"teams": [team.pk]}, follow=True)
    user = User.objects.get(email="ada.lind@example.test")
    assert "invite them from the list" in answer.content.decode()
    assert (user.role, user.is_active, user.has_usable_password()) == (Role.ACCOUNT_MANAGER, True, False)
    assert list(user.teams.all()) == [team]


def test_an_invitation_lets_exactly_that_user_choose_a_password_once(client: Client) -> None:
    client.post(reverse("accounts:user_add"), NEW)
    user = User.objects.get(email="ada.lind@example.test")
    page = client.post(reverse("accounts:user_invite", args=[user.pk]))
    link = str(page.context["link"])
    invited = Client()
    form = invited.get(link, follow=True)
    assert form.status_code == 200
    path = form.redirect_chain[-1][0]
    invited.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_the_same_address_in_another_case_is_refused_at_its_field(client: Client) -> None:
    UserFactory(email="ada.lind@example.test")
    answer = client.post(reverse("accounts:user_add"), NEW, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]
    assert 'value="Ada Lind"' in answer.content.decode()


def test_who_owns_accounts_cannot_be_shut_out(client: Client) -> None:
    owner = UserFactory(name="Ola Berg")
    AccountFactory(owner=owner)
    form = {"name": owner.name, "email": owner.email, "role": owner.role}
    answer = client.post(reverse("accounts:user_edit", args=[owner.pk]), form)
    assert answer.status_code == 422
    assert "Ola Berg answers for 1 account. Hand it over first." in answer.content.decode()
    assert f"{reverse('accounts:hand_over')}?from={owner.pk}" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.is_active


@pytest.mark.parametrize("change", [{"role": "read_only", "is_active": "on"}, {"role": "administrator"}])
def test_the_last_administrator_stays_one(client: Client, boss: User, change: dict[str, str]) -> None:
    form = {"name": boss.name, "email": boss.email} | change
    answer = client.post(reverse("accounts:user_edit", args=[boss.pk]), form)
    assert answer.status_code == 422
    assert "only administrator left" in answer.content.decode()
    UserFactory(role=Role.ADMINISTRATOR)
    assert client.post(reverse("accounts:user_edit", args=[boss.pk]), form).status_code == 302


def test_a_change_of_user_is_in_the_audit_trail(client: Client) -> None:
    user = UserFactory(role=Role.READ_ONLY)
    form = {"name": "New Name", "email": user.email, "role": "operations", "is_active": "on"}
    client.post(reverse("accounts:user_edit", args=[user.pk]), form)
    last = apps.get_model("accounts_app", "UserEvent").objects.filter(pgh_obj=user).latest("pgh_id")
    assert (last.name, last.role) == ("New Name", "operations")


def test_teams_are_added_renamed_and_removed_when_empty(client: Client) -> None:
    client.post(reverse("accounts:team_add"), {"name": "North"})
    team = Team.objects.get(name="North")
    client.post(reverse("accounts:team_edit", args=[team.pk]), {"name": "Far North"})
    Membership.objects.create(team=team, user=UserFactory())
    refused = client.post(reverse("accounts:team_remove", args=[team.pk]))
    assert (refused.status_code, "Far North still has accounts or people" in refused.content.decode()) == (422, True)
    team.memberships.all().delete()
    assert client.post(reverse("accounts:team_remove", args=[team.pk])).status_code == 302
    assert not Team.objects.exists()


def channels(hours: str, **changes: str) -> dict[str, str]:
    """Every contact a visit of so many hours."""
    names = Interaction.Channel.values
    shares = {f"share_{name}": "100" if name == "visit" else "0" for name in names}
    return shares | {f"hours_{name}": hours for name in names} | changes


def tier_form(**changes: str) -> dict[str, Any]:
    form = {"name": "Key", "ideal_days": 45, "max_days": 60, "min_levels": 1, "review_days": ""}
    return form | {"critical_days": 1, "major_days": 3, "minor_days": 7} | channels("3", **changes)


def test_what_a_contact_takes_is_the_mean_of_its_channels(client: Client) -> None:
    tier = Tier.objects.get(key="key")
    form = tier_form(share_visit="25", hours_visit="5", share_call="75", hours_call="0.5")
    assert client.post(reverse("accounts:tier_edit", args=[tier.pk]), form).status_code == 302
    tier.refresh_from_db()
    assert float(tier.contact_hours) == 1.6  # 1.25 + 0.375
    stored = {one.channel: (one.share, float(one.hours)) for one in tier.channel_hours.all()}
    assert (stored["visit"], stored["call"], stored["mail"]) == ((25, 5.0), (75, 0.5), (0, 3.0))


@pytest.mark.parametrize(
    "changes",
    [
        {"share_visit": "99"},
        {"share_call": "1"},
        {"share_visit": "-1"},
        {"share_visit": "x"},
        {"hours_visit": "81"},
        {"hours_visit": ""},
        {"hours_visit": "0"},
    ],
)
def test_shares_that_make_no_hundred_and_contacts_of_no_time_are_refused(
    client: Client, changes: dict[str, str]
) -> None:
    tier = Tier.objects.get(key="key")
    before = (tier.contact_hours, list(tier.channel_hours.values()))
    answer = client.post(reverse("accounts:tier_edit", args=[tier.pk]), tier_form(**changes))
    assert answer.status_code == 422
    assert answer.context["channels"].errors
    tier.refresh_from_db()
    assert (tier.contact_hours, list(tier.channel_hours.values())) == before


def test_a_tier_s_promise_marks_its_accounts_only(client: Client) -> None:
    tier = Tier.objects.get(key="key")
    concerned, _other = AccountFactory(tier=tier), AccountFactory(tier=Tier.objects.get(key="other"))
    AccountMark.objects.all().delete()
    form: dict[str, Any] = {"name": "Key", "ideal_days": 40, "max_days": 50} | channels("2.5")
    form |= {"critical_days": 1, "major_days": 3, "minor_days": 7, "min_levels": 2, "review_days": 180}
    client.post(reverse("accounts:tier_edit", args=[tier.pk]), form)
    tier.refresh_from_db()
    assert (tier.ideal_days, tier.max_days, float(tier.contact_hours)) == (40, 50, 2.5)
    assert (tier.min_levels, tier.review_days) == (2, 180)
    assert list(AccountMark.objects.values_list("pk", flat=True)) == [concerned.pk]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("ideal_days", "0", "ideal_days"),
        ("ideal_days", "61", "max_days"),
        ("max_days", "10000", "max_days"),
        ("major_days", "8", "minor_days"),
        ("minor_days", "", "minor_days"),
        ("min_levels", "4", "min_levels"),
        ("min_levels", "-1", "min_levels"),
        ("min_levels", "", "min_levels"),
        ("review_days", "0", "review_days"),
        ("review_days", "10000", "review_days"),
        ("review_days", "44", "review_days"),
    ],
)
def test_a_promise_that_cannot_be_is_refused_at_its_field(client: Client, field: str, value: str, named: str) -> None:
    tier = Tier.objects.get(key="key")
    form: dict[str, Any] = {"name": "Key", "ideal_days": 45, "max_days": 60} | channels("3")
    form |= {"critical_days": 1, "major_days": 3, "minor_days": 7, "min_levels": 1, "review_days": "", field: value}
    answer = client.post(reverse("accounts:tier_edit", args=[tier.pk]), form)
    assert answer.status_code == 422
    assert named in answer.context["form"].errors
    tier.refresh_from_db()
    assert (tier.ideal_days, tier.max_days, tier.minor_days) == (45, 60, 7)


def test_no_review_need_be_promised(client: Client) -> None:
    tier = Tier.objects.get(key="key")
    Tier.objects.filter(pk=tier.pk).update(review_days=180)
    form: dict[str, Any] = {
        "name": "Key",
        "ideal_days": 45,
        "max_days": 60,
        "min_levels": 0,
        "review_days": "",
    } | channels("3")
    form |= {"critical_days": 1, "major_days": 3, "minor_days": 7}
    assert client.post(reverse("accounts:tier_edit", args=[tier.pk]), form).status_code == 302
    tier.refresh_from_db()
    assert (tier.min_levels, tier.review_days) == (0, None)
    assert "none" in client.get(reverse("accounts:tier_list")).content.decode()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("user_list", lambda: UserFactory(teams=[TeamFactory()])),
        ("team_list", TeamFactory),
        ("hand_over", lambda: AccountFactory(owner=UserFactory())),
    ],
)
def test_lists_ask_the_same_number_of_questions(
    client: Client, name: str, make: Callable[[], Any], django_assert_num_queries: Any
) -> None:
    make()
    client.get(reverse(f"accounts:{name}"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(f"accounts:{name}"))
    for _n in range(30):
        make()
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse(f"accounts:{name}"))
