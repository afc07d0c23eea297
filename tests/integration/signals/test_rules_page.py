"""The editor of the rules: looked at before it is saved, saved as a new version, never over somebody else's."""

import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from accounts_app.models import Account, Role, User
from signals.compute.rules import DEFAULT_RULES, RuleSetValues
from signals.models import Alert, Band, RuleSet, Run, Standing
from signals.pages.rules.words import differences, flat
from signals.services.rule_changes import OvertakenError, save_rules
from signals.services.rule_preview import outlook
from signals.services.rules import current_rules, values_of
from tests.factories import TeamFactory, UserFactory
from tests.integration.signals.portfolio import DAY, make_portfolio

pytestmark = pytest.mark.django_db

URL = "/settings/rules/"


@pytest.fixture
def leader() -> User:
    return UserFactory(name="Mara Sanz", role=Role.SALES_LEADER, teams=[TeamFactory(name="Led")])


@pytest.fixture
def portfolio(db: None) -> list[int]:
    """Ten accounts, of which the tenth has stopped ordering."""
    return make_portfolio(accounts=10, orders=30, contacts=12)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    newest = current_rules()
    return {**flat_typed(newest), "based_on": newest.version, "looked_at": "", "reason": "", "act": "look", **changes}


def flat_typed(rules: RuleSet) -> dict[str, Any]:
    return {
        name: f"{value:g}" if isinstance(value, float | int) else value
        for name, value in flat(rules.weights).items()
        if value is not None
    }


def looked(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    """The same with the mark that the look leaves in the form."""
    answer = client.post(URL, body)
    return {**body, "looked_at": answer.context["form"].data["looked_at"], "act": "save"}


def test_rules_in_force_are_shown_with_unit_source_and_range(leader: User) -> None:
    text = logged_in(leader).get(URL).content.decode()
    assert "Drifting from" in text
    assert "Points of risk, 1 to 99" in text
    assert "Elicited by the authors, not measured" in text
    assert "0 of 30 outcomes known" in text
    assert "it is called risk, not probability" in text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"drifting_from": "120"}, "drifting_from", "A number from 1 to 99."),
        ({"eta": "much"}, "eta", "A number from 0 to 1."),
        ({"eta": "nan"}, "eta", "A number from 0 to 1."),
        ({"drifting_from": ""}, "drifting_from", "A number from 1 to 99."),
        ({"drifting_from": "65"}, "at_risk_from", "Must lie above “Drifting from” (65)."),
        ({"alert_closes_under": "0.8"}, "alert_opens_at", "Must lie above “It closes by itself under” (0.8)."),
        ({"max_base_rate": "0.3"}, "max_base_rate", "keep it under 30 %"),
        ({"likelihood_ratio__silence": "0.9"}, "likelihood_ratio__silence", "A number from 1 to 100."),
        ({"coverage__silence": "-1"}, "coverage__silence", "A number from 0 to 100."),
        ({"family__silence": "weather"}, "family__silence", "weather is not one"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(
    leader: User, changes: dict[str, str], field: str, said: str
) -> None:
    answer = logged_in(leader).post(URL, typed(**changes))
    assert answer.status_code == 422
    assert said in " ".join(answer.context["form"].errors[field])
    text = answer.content.decode()
    assert said.replace("“", "“") in text
    (name, value), *_others = changes.items()
    assert answer.context["form"][name].value() == value
    assert RuleSet.objects.count() == 1


def test_a_rule_set_in_which_nothing_weighs_is_refused(leader: User) -> None:
    nothing = {name: "0" for name in typed() if name.startswith("coverage__")}
    answer = logged_in(leader).post(URL, typed(**nothing))
    assert "At least one signal must weigh something" in answer.content.decode()


def test_the_look_names_who_would_change_band_and_saves_nothing(
    portfolio: list[int], assess: Callable[..., Run], leader: User
) -> None:
    assess()
    Account.objects.update(team=leader.teams.get())
    answer = logged_in(leader).post(URL, typed(at_risk_from="99", drifting_from="98"))
    shown = answer.context["preview"]
    dangerous = {Band.AT_RISK, Band.DRIFTING}
    expected = set(Standing.objects.filter(band__in=dangerous, risk__lt=93).values_list("account", flat=True))
    assert {one.account.pk for one in shown.first if one.band in dangerous} == expected
    assert expected
    for pk in expected:
        assert Account.objects.get(pk=pk).name in answer.content.decode()
    assert RuleSet.objects.count() == 1


def test_the_rules_in_force_change_nobody(portfolio: list[int], assess: Callable[..., Run]) -> None:
    run = assess()
    found = outlook(values_of(run.rule_set))
    assert found is not None
    assert list(found.accounts["band"]) == list(found.accounts["new_band"])
    assert list(found.accounts["risk"]) == list(found.accounts["new_risk"])
    assert (found.opening, found.closing) == (0, 0)


def test_what_the_look_foretells_is_what_the_run_does(
    portfolio: list[int], assess: Callable[..., Run], leader: User
) -> None:
    assess()
    rules = RuleSetValues.from_json(
        DEFAULT_RULES.to_json()
        | {"drifting_from": 70, "at_risk_from": 98, "max_base_rate": 0.12, "alert_opens_at": 0.6}
    )
    foretold = outlook(rules)
    assert foretold is not None
    before = set(Alert.objects.unclosed().values_list("account", "signal"))
    save_rules(rules, based_on=1, reason="Earlier", by=leader)
    assess()
    stored = dict(Standing.objects.values_list("account", "band"))
    assert foretold.accounts["new_band"].to_dict() == stored
    assert foretold.accounts["new_risk"].to_dict() == dict(Standing.objects.values_list("account", "risk"))
    assert (foretold.accounts["band"] != foretold.accounts["new_band"]).any()
    assert foretold.opening == len(set(Alert.objects.unclosed().values_list("account", "signal")) - before)


def test_saving_needs_the_look_and_a_reason_and_makes_a_version(leader: User) -> None:
    client = logged_in(leader)
    body = typed(drifting_from="40", reason="Too many drifting", act="save")
    unseen = client.post(URL, body)
    assert "These values were not looked at yet" in unseen.content.decode()
    without_reason = client.post(URL, looked(client, {**body, "reason": ""}))
    assert without_reason.status_code == 422
    assert "Say why" in without_reason.content.decode()
    assert RuleSet.objects.count() == 1
    saved = client.post(URL, looked(client, body))
    assert saved.status_code == 302
    newest = current_rules()
    assert (newest.version, newest.made_by, newest.reason) == (2, leader, "Too many drifting")
    assert values_of(newest).drifting_from == 40
    assert values_of(RuleSet.objects.get(version=1)) == DEFAULT_RULES
    assert [(one.before, one.after) for one in differences(RuleSet.objects.get(version=1).weights, newest.weights)] == [
        ("35", "40")
    ]


def test_values_changed_after_the_look_are_looked_at_again(leader: User) -> None:
    client = logged_in(leader)
    body = looked(client, typed(drifting_from="40", reason="Why not"))
    answer = client.post(URL, {**body, "drifting_from": "45"})
    assert "not looked at yet" in answer.content.decode()
    assert RuleSet.objects.count() == 1


def test_saving_asks_for_a_run_of_the_day_shown(portfolio: list[int], assess: Callable[..., Run], leader: User) -> None:
    assess()
    client = logged_in(leader)
    client.post(URL, looked(client, typed(drifting_from="40", reason="Later")))
    run = Run.objects.get(kind=Run.Kind.EXPLICIT, business_date=DAY)
    assert (run.state, run.rule_set.version) == (Run.State.OPEN, 2)
    page = client.get(URL).content.decode()
    assert "every account is being judged" in page or "judged for the first time" in page


def test_the_second_of_two_is_told_and_overwrites_nothing(leader: User) -> None:
    client = logged_in(leader)
    mine = looked(client, typed(drifting_from="40", reason="Mine"))
    other = UserFactory(name="Ada Lind", role=Role.ADMINISTRATOR)
    theirs = RuleSetValues.from_json(DEFAULT_RULES.to_json() | {"at_risk_from": 70})
    save_rules(theirs, based_on=1, reason="Theirs", by=other)
    answer = client.post(URL, mine)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Ada Lind saved version 2 meanwhile" in text
    assert "At risk from 60 → 70" in text
    assert RuleSet.objects.count() == 2
    form = answer.context["form"]
    assert (form["drifting_from"].value(), form["at_risk_from"].value(), form["reason"].value()) == ("40", 70, "Mine")
    again = {**mine, "at_risk_from": "70", "based_on": "2", "looked_at": form.data["looked_at"]}
    assert client.post(URL, again).status_code == 302
    assert (values_of(current_rules()).drifting_from, values_of(current_rules()).at_risk_from) == (40, 70)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told() -> None:
    by = UserFactory(role=Role.ADMINISTRATOR)
    current_rules()
    barrier = threading.Barrier(2)
    overtaken: list[bool] = []

    def save(line: float) -> None:
        values = RuleSetValues.from_json(DEFAULT_RULES.to_json() | {"drifting_from": line})
        barrier.wait()
        try:
            save_rules(values, based_on=1, reason="At once", by=by)
            overtaken.append(False)
        except OvertakenError:
            overtaken.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(line,)) for line in (36, 37)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(overtaken) == [False, True]
    assert RuleSet.objects.count() == 2


def test_an_old_version_is_taken_up_again_as_a_new_one(leader: User) -> None:
    current_rules()
    save_rules(RuleSetValues.from_json(DEFAULT_RULES.to_json() | {"eta": 0.5}), based_on=1, reason="Softer", by=leader)
    client = logged_in(leader)
    page = client.get(f"{URL}?version=1")
    assert "Filled with version 1" in page.content.decode()
    form = page.context["form"]
    assert (form["eta"].value(), form["reason"].value()) == (0.7, "Version 1 taken up again.")
    body = {**typed(eta="0.7"), "reason": "Back", "looked_at": form.data["looked_at"], "act": "save"}
    assert client.post(URL, body).status_code == 302
    assert (current_rules().version, values_of(current_rules()).eta) == (3, 0.7)
    history = client.get(f"{URL}history/").content.decode()
    for words in (
        "Softer",
        "Back",
        "Mara Sanz",
        "Damping of what overlaps: 0.5 → 0.7",
        "in force",
        "the first version",
    ):
        assert words in history


def test_a_version_that_is_not_there_is_not_found(leader: User) -> None:
    assert logged_in(leader).get(f"{URL}?version=99").status_code == 404


@pytest.mark.parametrize("statement", ["UPDATE signals_ruleset SET reason = 'x'", "DELETE FROM signals_ruleset"])
def test_no_version_is_ever_changed(statement: str) -> None:
    current_rules()
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_version_somebody_makes_has_a_reason(leader: User) -> None:
    RuleSet.objects.create(version=7, weights={}, made_by=leader, reason="Because")
    with pytest.raises(IntegrityError, match="rule_set_of_a_person_has_reason"), transaction.atomic():
        RuleSet.objects.create(version=8, weights={}, made_by=leader)


def test_a_leader_sees_names_of_own_teams_and_counts_of_others(
    portfolio: list[int], assess: Callable[..., Run], leader: User
) -> None:
    assess()
    Account.objects.filter(pk__in=portfolio[:4]).update(team=leader.teams.get())
    Account.objects.filter(pk__in=portfolio[4:]).update(team=TeamFactory(name="South"))
    answer = logged_in(leader).post(
        URL,
        typed(at_risk_from="3", drifting_from="2", band_margin="0", max_base_rate="0.015", default_base_rate="0.01"),
    )
    shown = answer.context["preview"]
    assert {one.account.pk for one in shown.first} <= set(portfolio[:4])
    assert shown.elsewhere > 0
    assert f"{shown.elsewhere} more of other teams" in answer.content.decode()


def test_the_look_costs_the_same_statements_for_any_number_of_accounts(
    portfolio: list[int], assess: Callable[..., Run], django_assert_max_num_queries: Any
) -> None:
    assess()
    current_rules()
    with django_assert_max_num_queries(8):
        outlook(DEFAULT_RULES)


def test_the_state_is_asked_only_while_a_run_is_on_its_way(
    portfolio: list[int], assess: Callable[..., Run], leader: User
) -> None:
    assess()
    client = logged_in(leader)
    assert "every 3s" not in client.get(f"{URL}state/").content.decode()
    save_rules(RuleSetValues.from_json(DEFAULT_RULES.to_json() | {"eta": 0.5}), based_on=1, reason="Softer", by=leader)
    assert "every 3s" in client.get(f"{URL}state/").content.decode()
    assess(DAY)
    done = client.get(f"{URL}state/").content.decode()
    assert "every 3s" not in done
    assert "Version 2" in done


def test_whoever_sees_accounts_reads_the_rules_and_changes_nothing() -> None:
    changed = DEFAULT_RULES.to_json() | {"drifting_from": 40}
    save_rules(RuleSetValues.from_json(changed), based_on=current_rules().version, reason="Later", by=UserFactory())
    manager = logged_in(UserFactory(role=Role.ACCOUNT_MANAGER))
    text = manager.get("/rules/2/").content.decode()
    assert "Later" in text
    assert re.search(r"<dt>Drifting from</dt><dd[^>]*>40</dd><dd[^>]*>set here", text)
    assert re.search(r"<dt>At risk from</dt><dd[^>]*>60</dd><dd[^>]*><span[^>]*>assumption", text)
    assert "odds of losing the account × 1.5" in text
    assert "its level is itself the chance of no order" in text
    assert "Change the rules" not in text
    assert '<form method="post" action="/settings/rules/' not in text
    assert "version 2 is in force" in manager.get("/rules/1/").content.decode()
    assert manager.get("/rules/3/").status_code == 404
    assert logged_in(UserFactory(role=Role.OPERATIONS)).get("/rules/1/").status_code == 403
