"""The pages of the quarterly audit: what they say, what each role may do there, and that nothing typed is lost."""

import html
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, Company, Role, Team, Tier, User
from cadence.models import Audit, AuditAction, AuditCycle, AuditPolicy, AuditQuestions
from cadence.services.audit_acts import add_action, answer, judge
from cadence.services.audit_signing import send_back, sign_as_leader, sign_as_owner
from cadence.services.audits import open_cycle
from signals.models import Band
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = date(2026, 6, 30)
NEXT_QUARTER = datetime(2026, 9, 28, 8, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))


def opened(user: User, address: str, status: int = 200) -> str:
    response = client_of(user).get(address)
    assert response.status_code == status
    return words(response)


def sent(user: User, address: str, body: dict[str, Any], *, fragment: bool = False) -> Any:
    return client_of(user).post(address, body, headers=HTMX if fragment else {})


def url(name: str, audit: Audit, *more: int) -> str:
    return reverse(f"cadence:{name}", args=[audit.cycle.name, audit.account_id, *more])


def signed_by(user: User, audit: Audit, role: str) -> Any:
    """Sign what the page shows."""
    page = client_of(user).get(url("audit", audit)).content.decode()
    mark = re.search(rf'value="{role}"><input type="hidden" name="seen" value="(\w+)"', page)
    return sent(user, url("audit_sign", audit), {"as": role, "seen": mark[1] if mark else ""})


def answers_of(key: str, score: int | str, reason: str, **more: Any) -> dict[str, Any]:
    return {f"score-{key}": score, f"reason-{key}": reason, f"seen-{key}": "", "only": key, **more}


def answered(audit: Audit, score: int = 3, **scores: int) -> Audit:
    """Every question scored by the reviewer, and judged."""
    reviewer = audit.reviewer
    assert reviewer is not None
    for one in audit.cycle.questions.questions:
        answer(audit, one["key"], scores.get(one["key"], score), f"Why {one['key']}", ["risk"], reviewer)
    judge(audit, Band.DRIFTING, "They wait for our answer.", reviewer)
    audit.refresh_from_db()
    return audit


@pytest.fixture
def elin(north: Team) -> User:
    return UserFactory(name="Elin Sandström", teams=[north])


@pytest.fixture
def kern(manager: User, elin: User, leader: User, north: Team) -> Account:
    """Of an audited tier and the only one: elin is the other account manager of the team."""
    AuditPolicy.objects.update_or_create(pk=1, defaults={"revenue_share": 0})
    Tier.objects.update(audited=False)
    tier = Tier.objects.get(key="key")
    tier.audited = True
    tier.save()
    account = AccountFactory(name="Kern Pumpen", owner=manager, team=north, tier=tier)
    judged(account)
    return account


@pytest.fixture
def audit(kern: Account, leader: User, elin: User) -> Audit:
    open_cycle(TODAY, leader)
    found = Audit.objects.select_related("cycle__questions", "account").get(account=kern)
    found.reviewer = elin
    found.save()
    return found


@pytest.fixture
def signed(audit: Audit, manager: User, leader: User, elin: User) -> Audit:
    add_action(audit, "Meet their new head of purchasing", manager, date(2026, 7, 20), elin)
    answered(audit, people_known=2)
    sign_as_owner(audit, manager)
    sign_as_leader(audit, leader)
    audit.refresh_from_db()
    return audit


# The list and opening a quarter


def test_without_any_audit_the_list_teaches_and_a_leader_may_open(kern: Account, leader: User, elin: User) -> None:
    text = opened(leader, "/audits/")
    assert "No quarter is audited yet" in text
    assert "Look and open 2026-Q2" in text
    assert "A sales leader or an administrator opens the first one" in opened(elin, "/audits/")


def test_the_preview_says_whom_the_policy_chooses_and_why(kern: Account, leader: User, north: Team) -> None:
    risky = AccountFactory(name="Risky Works", team=north, tier=Tier.objects.get(key="strategic"))
    judged(risky, Band.AT_RISK)
    AccountFactory(name="Calm Works", team=north, tier=Tier.objects.get(key="strategic"))
    text = opened(leader, "/audits/open/")
    assert "The policy takes in 2 accounts: 1 by audited tier, 1 by band." in text
    assert "Answers are due 21 Jul, both signatures 31 Jul." in text
    assert "Risky Works" in text
    assert "Calm Works" not in text


def test_opening_leads_to_the_quarter_and_twice_is_refused(kern: Account, leader: User) -> None:
    response = sent(leader, "/audits/open/", {})
    assert (response.status_code, response["Location"]) == (302, "/audits/2026-Q2/")
    again = sent(leader, "/audits/open/", {})
    assert again.status_code == 422
    assert "is open already" in words(again)
    assert AuditCycle.objects.count() == 1


def test_the_list_says_first_what_waits_for_whom(audit: Audit, manager: User, leader: User, elin: User) -> None:
    assert re.search(r"1 audit waits for you\. .*Kern Pumpen 2026-Q2 Answer due 21 Jul", opened(elin, "/audits/"))
    assert "Nothing waits for you." in opened(manager, "/audits/")
    add_action(audit, "Call them", manager, date(2026, 7, 1), elin)
    answered(audit)
    assert "Read and sign" in opened(manager, "/audits/")
    sign_as_owner(audit, manager)
    assert "Sign or send back" in opened(leader, "/audits/")
    with time_machine.travel(datetime(2026, 7, 4, 8, 0, tzinfo=UTC), tick=False):
        text = opened(manager, "/audits/")
    assert "1 action waits for you, 1 overdue." in text
    assert "Call them" in text


def test_the_number_of_queries_of_the_list_is_that_of_one_audit(audit: Audit, leader: User, elin: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(elin, "/audits/")
        return len(seen)

    few = queries()
    more_audits(audit, 12)
    assert queries() == few


def gone(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def test_a_reviewer_who_left_is_to_be_replaced_by_a_leader(
    audit: Audit, manager: User, leader: User, elin: User
) -> None:
    gone(elin)
    task = r"Kern Pumpen 2026-Q2 Name a reviewer"
    assert re.search(task, opened(leader, "/audits/"))
    assert "Nothing waits for you." in opened(manager, "/audits/")
    text = opened(leader, url("audit", audit))
    assert "Elin Sandström, who reviews it, has left: a leader of the team names somebody else. Name a reviewer" in text
    assert "nobody reviews it yet" in opened(leader, "/audits/2026-Q2/")


def test_who_may_sign_for_an_owner_who_is_not_here_is_told(
    audit: Audit, manager: User, leader: User, north: Team
) -> None:
    deputy = UserFactory(name="Ines Duarte", teams=[north])
    Account.objects.update(deputy=deputy)
    answered(audit)
    assert "Read and sign" not in opened(deputy, "/audits/")
    AbsenceFactory(colleague=ColleagueFactory(user=manager), from_day=TODAY, until_day=TODAY)
    assert "Read and sign for the owner" in opened(deputy, "/audits/")
    Account.objects.update(deputy=None)
    gone(manager)
    assert "Name an owner of the account" in opened(leader, "/audits/")
    assert "its owner has left, or it has none. Name an owner" in opened(leader, url("audit", audit))


def test_a_customer_lost_meanwhile_is_said(audit: Audit, leader: User) -> None:
    assert "no longer a customer" not in opened(leader, url("audit", audit))
    Account.objects.update(status=Account.Status.FORMER)
    assert "They are no longer a customer." in opened(leader, url("audit", audit))
    assert "Kern Pumpen former customer" in opened(leader, "/audits/2026-Q2/")


def test_of_much_that_waits_the_most_urgent_is_shown_first(audit: Audit, leader: User, elin: User) -> None:
    more_audits(audit, 13)
    Audit.objects.update(judged_band="", judgement="")
    assert "The 12 most urgent of 14. Show all" in opened(elin, "/audits/")
    assert opened(elin, "/audits/?show=all").count("2026-Q2 Answer") == 14


def more_audits(audit: Audit, number: int) -> list[Audit]:
    """Of as many accounts, each answered and with an action."""
    made = []
    for n in range(number):
        account = AccountFactory(name=f"Works {n}", owner=audit.owner, team=audit.account.team, tier=audit.account.tier)
        judged(account)
        other = Audit.objects.create(
            cycle=audit.cycle,
            account=account,
            owner=audit.owner,
            reviewer=audit.reviewer,
            evidence=audit.evidence,
            evidence_on=TODAY,
        )
        made.append(answered(other))
    return made


# The page of a quarter


def test_the_quarter_begins_with_a_sentence_and_unanswered_is_said(audit: Audit, leader: User) -> None:
    text = opened(leader, "/audits/2026-Q2/")
    assert "0 of 1 audit signed; there is no earlier quarter to compare with." in text
    assert text.count("unanswered") == 14  # six dimensions and the mean, of the account and of all accounts
    assert "0.0" not in text


def test_overdue_counts_answers_from_their_day_and_signatures_from_theirs(
    audit: Audit, manager: User, leader: User
) -> None:
    with time_machine.travel(datetime(2026, 7, 22, 8, 0, tzinfo=UTC), tick=False):
        assert "0 of 1 audit signed, 1 overdue" in opened(leader, "/audits/2026-Q2/")
    answered(audit)
    with time_machine.travel(datetime(2026, 7, 22, 8, 0, tzinfo=UTC), tick=False):
        assert "0 of 1 audit signed; " in opened(leader, "/audits/2026-Q2/")
    with time_machine.travel(datetime(2026, 8, 1, 8, 0, tzinfo=UTC), tick=False):
        assert "0 of 1 audit signed, 1 overdue" in opened(leader, "/audits/2026-Q2/")


def test_means_differences_and_the_fall_are_those_of_the_scores(signed: Audit, leader: User, manager: User) -> None:
    # Signed in Q2: people 2 and 3, all else 3. Now people 1 and 1, value 5 and 5, all else 3.
    with time_machine.travel(NEXT_QUARTER, tick=False):
        now = next_audit(signed, leader)
        answered(now, people_known=1, people_depth=1, value_brought=5, value_initiatives=5)
        text = opened(leader, "/audits/2026-Q3/")
        assert "0 of 1 audit signed; People got worse at 1 account." in text
        row = text[text.index("Kern Pumpen") :]
        assert "Drifting 1.0 ↓ worse by 1.5 3.0 = as before 5.0 ↑ better by 2.0" in row
        assert "Kern Pumpen" in opened(leader, "/audits/2026-Q3/?state=worse-people").split("Progress by manager")[0]
        assert "No account is among these." in opened(leader, "/audits/2026-Q3/?state=worse-value")


def next_audit(before: Audit, leader: User) -> Audit:
    """The audit of the same account in the next quarter, with the same reviewer."""
    open_cycle(date(2026, 9, 28), leader)
    now = Audit.objects.select_related("cycle__questions", "account").get(
        account=before.account_id, cycle__name="2026-Q3"
    )
    now.reviewer = before.reviewer
    now.save()
    return now


def test_the_quarter_counts_what_was_on_time_and_shows_actions_and_themes(signed: Audit, leader: User) -> None:
    text = opened(leader, "/audits/2026-Q2/")
    assert "1 of 1 audit signed" in text
    assert re.search(r"Audited on time 100 % 1 of 1 so far, due 31 Jul", text)
    assert "Meet their new head of purchasing" in text
    assert re.search(r"Do we know the people who decide.* mean 2\.0 of 1 answer · 1 scored 1 or 2", text)
    assert "Why people_known" in text


def test_the_day_of_a_signature_and_what_was_on_time_go_by_the_companys_clock(
    audit: Audit, manager: User, leader: User
) -> None:
    answered(audit)
    # Half past midnight of 1 August in Berlin, still July in Greenwich.
    with time_machine.travel(datetime(2026, 7, 31, 22, 30, tzinfo=UTC), tick=False):
        sign_as_owner(audit, manager)
        sign_as_leader(audit, leader)
    Company.objects.update(time_zone="Europe/Berlin")
    text = opened(leader, "/audits/2026-Q2/?state=on_time")
    assert "0 of 1 so far, due 31 Jul" in text
    assert "No account is among these." in text
    Company.objects.update(time_zone="UTC")
    text = opened(leader, "/audits/2026-Q2/?state=on_time")
    assert "1 of 1 so far, due 31 Jul" in text
    assert "Kern Pumpen Jonas Okafor signed 31 Jul" in text
    assert 'href="?state=on_time#accounts"' in client_of(leader).get("/audits/2026-Q2/").content.decode()


def test_narrowing_by_manager_state_and_band(audit: Audit, leader: User, manager: User, elin: User) -> None:
    def shown(query: str) -> bool:
        return "Kern Pumpen" in opened(leader, f"/audits/2026-Q2/{query}").split("Progress by manager")[0]

    assert shown(f"?owner={manager.pk}")
    assert not shown(f"?owner={elin.pk}")
    assert shown("?state=answers")
    assert not shown("?state=signed")
    assert shown("?band=healthy")
    assert not shown("?band=at_risk")
    assert shown("?owner=x&state=nothing&band=%00&sort=mars&page=x")


def test_the_order_is_that_of_the_heading_and_unknown_comes_last(audit: Audit, leader: User) -> None:
    first, second = more_audits(audit, 2)
    answer(first, "people_known", 5, "Met all", [], first.reviewer)  # type: ignore[arg-type]

    def order(sort: str) -> list[str]:
        found = re.findall(r"Kern Pumpen|Works \d", opened(leader, f"/audits/2026-Q2/?sort={sort}"))
        return list(dict.fromkeys(found))

    assert order("people") == [second.account.name, first.account.name, "Kern Pumpen"]
    assert order("-people") == [first.account.name, second.account.name, "Kern Pumpen"]
    assert order("name") == ["Kern Pumpen", "Works 0", "Works 1"]


def test_the_number_of_queries_of_a_quarter_is_that_of_one_account(audit: Audit, leader: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(leader, "/audits/2026-Q2/")
        return len(seen)

    more_audits(audit, 1)
    few = queries()
    more_audits(audit, 12)
    assert queries() == few


def test_another_team_sees_neither_accounts_nor_names(signed: Audit) -> None:
    south = UserFactory(role=Role.SALES_LEADER, teams=[TeamFactory(name="South")])
    text = opened(south, "/audits/2026-Q2/")
    assert "None of your accounts is audited in this quarter" in text
    assert "Kern" not in text + opened(south, "/audits/")
    opened(south, url("audit", signed), status=404)
    assert sent(south, url("audit_sign", signed), {}).status_code == 404


# Answering


def test_a_saved_score_brings_the_comparison_and_the_mean_with_it(signed: Audit, leader: User, elin: User) -> None:
    with time_machine.travel(NEXT_QUARTER, tick=False):
        now = next_audit(signed, leader)
        text = words(sent(elin, url("audit_answers", now), answers_of("people_known", 1, "Gone quiet"), fragment=True))
        quarter = opened(leader, "/audits/2026-Q3/")
    assert "Of the questions, 0 got better and 1 worse since 2026-Q2" in text
    # Of the two questions about people the one that is answered: 2 before, 1 now.
    assert "1.0 ↓ worse by 1.0" in quarter[quarter.index("Kern Pumpen") :]
    assert "mean 1.0 · ↓ worse by 1.0" in text


def test_one_question_is_saved_by_itself_and_the_next_act_follows(audit: Audit, elin: User) -> None:
    body = answers_of("people_known", 4, "Met all three levels", **{"evidence-people_known": ["contacts", "risk"]})
    response = sent(elin, url("audit_answers", audit), body, fragment=True)
    assert response.status_code == 200
    stored = audit.answers.get()
    assert (stored.score, stored.reason, stored.evidence) == (4, "Met all three levels", ["contacts", "risk"])
    assert 'id="question-people_known"' in response.content.decode()
    assert "1 of 12 questions answered" in words(response)
    assert "Saved." in words(response)


def test_without_script_all_that_is_filled_in_is_saved_whichever_button(audit: Audit, elin: User) -> None:
    body = answers_of("people_known", 4, "Known") | answers_of("people_depth", 2, "Two people")
    response = sent(elin, url("audit_answers", audit), body)
    assert (response.status_code, audit.answers.count()) == (302, 2)


@pytest.mark.parametrize("fragment", [True, False])
def test_what_is_refused_comes_back_as_typed_and_the_rest_is_kept(audit: Audit, elin: User, fragment: bool) -> None:
    body = answers_of("people_known", 4, "Known") | answers_of("people_depth", 2, "")
    response = sent(elin, url("audit_answers", audit), body, fragment=fragment)
    assert response.status_code == 422
    assert "Give the reason of the score" in words(response)
    assert re.search(r'name="score-people_depth"[^>]*value="2" checked', response.content.decode())
    assert audit.answers.count() == (0 if fragment else 1)
    missing = sent(elin, url("audit_answers", audit), answers_of("people_depth", "", "Only a reason"), fragment=True)
    assert "Choose a score from 1 to 5." in words(missing)
    assert "Only a reason" in words(missing)


def test_who_answered_meanwhile_is_shown_and_not_overwritten(audit: Audit, elin: User, leader: User) -> None:
    answer(audit, "people_known", 2, "The leader's words", [], leader)
    typed = answers_of("people_known", 5, "My words")
    response = sent(elin, url("audit_answers", audit), typed, fragment=True)
    assert response.status_code == 422
    assert "has answered this meanwhile: 2, “The leader's words”" in words(response)
    assert "My words" in words(response)
    assert audit.answers.get().reason == "The leader's words"
    mark = re.search(r'name="seen-people_known" value="(\w+)"', response.content.decode())
    assert mark
    again = sent(elin, url("audit_answers", audit), typed | {"seen-people_known": mark[1]}, fragment=True)
    assert (again.status_code, audit.answers.get().reason) == (200, "My words")


def test_an_emptied_answer_is_taken_back(audit: Audit, elin: User) -> None:
    answer(audit, "people_known", 2, "Once", [], elin)
    page = client_of(elin).get(url("audit", audit)).content.decode()
    mark = re.search(r'name="seen-people_known" value="(\w+)"', page)
    assert mark
    body = answers_of("people_known", "", "") | {"seen-people_known": mark[1]}
    assert sent(elin, url("audit_answers", audit), body, fragment=True).status_code == 200
    assert not audit.answers.exists()


@pytest.mark.parametrize("score", ["0", "6", "x", "44", "²"])
def test_a_score_that_is_none_is_refused_in_words(audit: Audit, elin: User, score: str) -> None:
    response = sent(elin, url("audit_answers", audit), answers_of("people_known", score, "Why"), fragment=True)
    assert response.status_code == 422
    assert not audit.answers.exists()


def test_the_owner_cannot_score_and_sees_no_fields(audit: Audit, manager: User) -> None:
    page = client_of(manager).get(url("audit", audit)).content.decode()
    assert 'name="score-' not in page
    response = sent(manager, url("audit_answers", audit), answers_of("people_known", 5, "Mine"), fragment=True)
    assert response.status_code == 422
    assert not audit.answers.exists()


def test_roles_that_only_look_may_not_act(audit: Audit, north: Team) -> None:
    reader = UserFactory(role=Role.READ_ONLY, teams=[north])
    assert "Kern Pumpen" in opened(reader, url("audit", audit))
    for name in ("audit_answers", "audit_judge", "audit_sign", "audit_send_back", "action_add", "audit_refresh"):
        assert sent(reader, url(name, audit), {}).status_code == 403
    assert client_of(UserFactory(role=Role.OPERATIONS)).get(url("audit", audit)).status_code == 403


def test_the_judgement_is_saved_and_half_of_one_is_refused(audit: Audit, elin: User) -> None:
    half = sent(elin, url("audit_judge", audit), {"band": "at_risk", "text": ""}, fragment=True)
    assert half.status_code == 422
    assert "both" in words(half)
    page = client_of(elin).get(url("audit", audit)).content.decode()
    mark = re.search(r'name="seen" value="(\w+)"', page)
    assert mark
    body = {"band": "at_risk", "text": "They go quiet.", "seen": mark[1]}
    assert sent(elin, url("audit_judge", audit), body, fragment=True).status_code == 200
    audit.refresh_from_db()
    assert (audit.judged_band, audit.judgement) == ("at_risk", "They go quiet.")
    overtaken = sent(elin, url("audit_judge", audit), body | {"text": "Another view"}, fragment=True)
    assert "Somebody has judged meanwhile: At risk, “They go quiet.”" in words(overtaken)
    assert "Another view" in words(overtaken)


def test_actions_are_entered_removed_and_refused_in_place(audit: Audit, elin: User, manager: User) -> None:
    body = {"text": "Meet the board", "owner": manager.pk, "due_on": "2026-08-01"}
    assert "Meet the board" in words(sent(elin, url("action_add", audit), body, fragment=True))
    past = sent(elin, url("action_add", audit), body | {"due_on": "2026-06-01", "text": "Too late"}, fragment=True)
    assert past.status_code == 422
    assert "lies in the past" in words(past)
    assert 'value="Too late"' in past.content.decode()
    action = audit.actions.get()
    assert sent(elin, url("action_remove", audit, action.pk), {}).status_code == 302
    assert not AuditAction.objects.exists()


def test_only_own_actions_are_offered_for_removal_and_their_words_stay_in_the_form(
    audit: Audit, elin: User, manager: User
) -> None:
    theirs = add_action(audit, "Meet the board", manager, date(2026, 8, 1), elin)
    own = add_action(audit, "Call the plant", manager, date(2026, 8, 2), manager)
    page = client_of(manager).get(url("audit", audit)).content.decode()
    assert url("action_remove", audit, own.pk) in page
    assert url("action_remove", audit, theirs.pk) not in page
    response = sent(manager, url("action_remove", audit, own.pk), {}, fragment=True)
    assert "Removed: “Call the plant”." in words(response)
    assert 'value="Call the plant"' in response.content.decode()
    assert 'value="2026-08-02"' in response.content.decode()


def test_the_evidence_is_taken_anew_until_the_owner_signs(audit: Audit, elin: User, manager: User) -> None:
    with time_machine.travel(datetime(2026, 7, 3, 8, 0, tzinfo=UTC), tick=False):
        response = sent(elin, url("audit_refresh", audit), {}, fragment=True)
    assert response.status_code == 200
    audit.refresh_from_db()
    assert audit.evidence_on == date(2026, 7, 3)
    answered(audit)
    sign_as_owner(audit, manager)
    late = sent(elin, url("audit_refresh", audit), {}, fragment=True)
    assert late.status_code == 422
    assert "The owner has signed this audit" in words(late)


# Signing


def test_the_owner_sees_what_is_missing_with_the_way_there(audit: Audit, manager: User) -> None:
    page = client_of(manager).get(url("audit", audit)).content.decode()
    assert 'href="#question-people_known">12 questions are not answered' in page
    assert 'href="#judgement">The judgement is missing' in page
    response = sent(manager, url("audit_sign", audit), {"as": "owner"})
    assert response.status_code == 422
    assert "It cannot be signed yet." in words(response)


def test_signing_sending_back_and_signing_again(audit: Audit, manager: User, leader: User, elin: User) -> None:
    answered(audit)
    assert "Sign as owner" in opened(manager, url("audit", audit))
    assert signed_by(manager, audit, "owner").status_code == 302
    assert "Sign as leader" in opened(leader, url("audit", audit))
    assert sent(elin, url("audit_send_back", audit), {"reason": "Mine"}).status_code == 403
    without = sent(leader, url("audit_send_back", audit), {"reason": " "})
    assert without.status_code == 422
    assert sent(leader, url("audit_send_back", audit), {"reason": "Look at the notice day"}).status_code == 302
    text = opened(elin, url("audit", audit))
    assert re.search(r"sent it back on 30 Jun ?: Look at the notice day", text)
    assert "Sent back: Elin Sandström looks at it again, then Jonas Okafor signs" in text
    assert "Sent back: look at it again" in opened(elin, "/audits/")
    assert "Sent back: read it again and sign" in opened(manager, "/audits/")
    assert signed_by(manager, audit, "owner").status_code == 302
    unseen = sent(leader, url("audit_sign", audit), {"as": "leader"})
    assert unseen.status_code == 422
    assert "read it again, then sign" in words(unseen)
    assert signed_by(leader, audit, "leader").status_code == 302
    audit.refresh_from_db()
    assert audit.state == Audit.State.SIGNED
    twice = sent(leader, url("audit_sign", audit), {"as": "leader"})
    assert twice.status_code == 422
    assert "has signed it already" in words(twice)


def test_what_is_typed_into_a_signed_audit_comes_back_with_the_reason(audit: Audit, manager: User, elin: User) -> None:
    answered(audit)
    sign_as_owner(audit, manager)
    typed = answers_of("people_known", 1, "My late words")
    response = sent(elin, url("audit_answers", audit), typed, fragment=True)
    assert response.status_code == 422
    assert "The owner has signed this audit" in words(response)
    assert "My late words" in words(response)


def test_a_signed_audit_is_read_only_and_shows_its_hash(signed: Audit, leader: User, elin: User) -> None:
    page = client_of(elin).get(url("audit", signed)).content.decode()
    assert signed.record.hash in page
    assert "Signed by both: it stays as it is." in page
    assert 'name="score-' not in page
    assert "Sign as" not in page
    renamed = Account.objects.get(pk=signed.account_id)
    renamed.owner = elin
    renamed.save()
    assert "owner Jonas Okafor" in opened(leader, url("audit", signed))


def test_a_correction_is_begun_and_the_signed_one_can_still_be_read(signed: Audit, leader: User, elin: User) -> None:
    assert sent(leader, url("audit_correct", signed), {"reason": ""}).status_code == 422
    assert sent(leader, url("audit_correct", signed), {"reason": "A wrong score"}).status_code == 302
    text = opened(elin, url("audit", signed))
    assert "Corrects revision 1: A wrong score" in text
    assert "Until it is signed, the signed one counts." in text
    assert "Signed by both" in opened(elin, url("audit", signed) + "?revision=1")
    opened(elin, url("audit", signed) + "?revision=9", status=404)
    assert "1 of 1 audit signed" in opened(leader, "/audits/2026-Q2/")


def test_leaving_out_taking_in_and_naming_a_reviewer(audit: Audit, leader: User, north: Team) -> None:
    asked = sent(leader, url("audit_leave_out", audit), {"reason": ""})
    assert asked.status_code == 422
    response = client_of(leader).post(url("audit_leave_out", audit), {"reason": "Sold"}, follow=True)
    assert f'action="{url("audit_take_in", audit)}?revision=1"' in response.content.decode()
    assert "Left out of this audit: Sold." in opened(leader, url("audit", audit))
    undone = sent(leader, url("audit_take_in", audit), {}, fragment=True)
    assert undone["HX-Redirect"] == url("audit", audit)
    other = UserFactory(name="Ines Duarte", teams=[north])
    assert sent(leader, url("audit_reviewer", audit), {"reviewer": other.pk}).status_code == 302
    audit.refresh_from_db()
    assert (audit.state, audit.reviewer) == (Audit.State.OPEN, other)
    stranger = UserFactory(teams=[TeamFactory(name="South")])
    assert sent(leader, url("audit_reviewer", audit), {"reviewer": stranger.pk}).status_code == 422


# Actions afterwards, and the next quarter


def test_an_action_is_closed_in_place_and_the_message_takes_it_back(signed: Audit, manager: User) -> None:
    action = signed.actions.get()
    response = sent(manager, url("action_close", signed, action.pk), {"outcome": "done"}, fragment=True)
    assert response.status_code == 200
    assert url("action_reopen", signed, action.pk) in response.content.decode()
    assert not AuditAction.objects.open().exists()
    assert sent(manager, url("action_reopen", signed, action.pk), {}, fragment=True).status_code == 200
    assert AuditAction.objects.open().exists()
    dropped = sent(manager, url("action_close", signed, action.pk), {"outcome": "dropped"}, fragment=True)
    assert dropped.status_code == 422
    assert "Say why it was dropped." in words(dropped)
    plain = sent(manager, url("action_close", signed, action.pk), {"outcome": "done", "back": "/audits/"})
    assert plain["Location"] == "/audits/"
    assert "Kern Pumpen" in words(
        sent(manager, url("action_reopen", signed, action.pk), {"back": "/audits/"}, fragment=True)
    )
    of_account = {"outcome": "done", "back": url("audit", signed)}
    assert "Kern Pumpen" not in words(sent(manager, url("action_close", signed, action.pk), of_account, fragment=True))
    foreign = {"outcome": "done", "back": "//evil.example/"}
    sent(manager, url("action_reopen", signed, action.pk), {})
    assert "evil" not in sent(manager, url("action_close", signed, action.pk), foreign)["Location"]


def test_the_next_quarter_compares_scores_reasons_and_promises(signed: Audit, leader: User, elin: User) -> None:
    with time_machine.travel(NEXT_QUARTER, tick=False):
        now = next_audit(signed, leader)
        text = opened(elin, url("audit", now))
        assert "2026-Q2: 2 Why people_known" in text
        assert "of the actions promised, 1 of 1 not done" in text
        answered(now, people_known=4, value_brought=1)
        text = opened(elin, url("audit", now))
    assert "Of the questions, 1 got better and 1 worse since 2026-Q2; of the actions promised, 1 of 1 not done." in text
    assert "Judged Drifting, as in 2026-Q2." in text
    assert re.search(r"Got worse Did our contacts bring something they could use\? 3 → 1", text)


def test_the_number_of_queries_of_an_audit_does_not_grow_with_it(signed: Audit, leader: User, elin: User) -> None:
    def queries(audit: Audit) -> int:
        with CaptureQueriesContext(connection) as seen:
            opened(elin, url("audit", audit))
        return len(seen)

    with time_machine.travel(NEXT_QUARTER, tick=False):
        now = next_audit(signed, leader)
        add_action(now, "One", elin, date(2026, 10, 20), elin)
        answer(now, "people_known", 2, "One", [], elin)
        few = queries(now)
        for one in now.cycle.questions.questions[1:-1]:
            answer(now, one["key"], 4, "Why", ["risk"], elin)
        for n in range(5):
            add_action(now, f"Act {n}", elin, date(2026, 10, 20), elin)
        assert queries(now) == few


def test_the_account_shows_its_audits(signed: Audit, manager: User) -> None:
    text = opened(manager, reverse("cadence:account_audits", args=[signed.account_id]))
    assert "2026-Q2: judged Drifting; 1 action is open." in text
    assert "2.5" in text
    assert "They wait for our answer." in text


# Policy and questions


def test_the_policy_is_looked_at_before_it_is_saved(kern: Account, leader: User, elin: User) -> None:
    page = client_of(leader).get("/audits/policy/").content.decode()
    mark = re.search(r'name="seen" value="(\w+)"', page)
    assert mark
    body = {"revenue_share": 0, "bands": ["healthy"], "days_to_answer": 10, "days_to_sign": 5, "remind_days": 3}
    looked = sent(leader, "/audits/policy/", body | {"seen": mark[1], "look": "1"})
    assert "Not saved yet. The policy takes in 1 account: 1 by audited tier, 1 by band." in words(looked)
    assert AuditPolicy.the().days_to_answer == 21
    assert sent(leader, "/audits/policy/", body | {"seen": mark[1]}).status_code == 302
    assert AuditPolicy.the().bands == ["healthy"]
    overtaken = sent(leader, "/audits/policy/", body | {"seen": mark[1], "days_to_sign": 7})
    assert overtaken.status_code == 422
    assert "Somebody has changed the policy meanwhile" in words(overtaken)
    wrong = sent(leader, "/audits/policy/", body | {"revenue_share": 101, "days_to_answer": 0})
    assert wrong.status_code == 422
    assert client_of(elin).get("/audits/policy/").status_code == 403


def question_fields(latest: AuditQuestions, **changes: str) -> dict[str, str]:
    body = {"base": str(latest.version), "rows": str(len(latest.questions) + 2), "reason": "Clearer words"}
    for n, one in enumerate([*latest.questions, {}, {}]):
        body |= {f"q{n}-{part}": one.get(part, "") for part in ("key", "text", "guide")}
        body[f"q{n}-dimension"] = one.get("dimension", "people")
    return body | changes


def test_another_wording_keeps_its_key_and_a_new_question_gets_one(audit: Audit, leader: User) -> None:
    first = AuditQuestions.latest()
    body = question_fields(
        first, **{"q0-text": "Do we know who decides?", "q12-text": "Is the site safe?", "q1-drop": "1"}
    )
    looked = sent(leader, "/audits/questions/edit/", body | {"look": "1"})
    assert looked.status_code == 200
    assert "Reworded, compared with earlier quarters as before: Do we know who decides?" in words(looked)
    assert AuditQuestions.objects.count() == 1
    assert sent(leader, "/audits/questions/edit/", body).status_code == 302
    second = AuditQuestions.latest()
    keys = [one["key"] for one in second.questions]
    assert (second.version, second.reason, second.made_by) == (2, "Clearer words", leader)
    assert keys[:2] == ["people_known", "people_is_the_site_safe"]
    assert "people_depth" not in keys
    assert "people_depth" in [one["key"] for one in audit.cycle.questions.questions]
    overtaken = sent(leader, "/audits/questions/edit/", body)
    assert overtaken.status_code == 422
    assert "has made version 2 meanwhile" in words(overtaken)
    assert "Is the site safe?" in words(overtaken)
    assert "Not asked any more:" in opened(leader, "/audits/questions/")
    opened(leader, "/audits/questions/?version=7", status=404)


def test_a_version_wants_a_reason_and_a_change(audit: Audit, leader: User, elin: User) -> None:
    latest = AuditQuestions.latest()
    same = sent(leader, "/audits/questions/edit/", question_fields(latest))
    assert "Nothing is changed" in words(same)
    silent = sent(leader, "/audits/questions/edit/", question_fields(latest, reason="", **{"q0-text": "Who?"}))
    assert silent.status_code == 422
    assert "Say why the questions change" in words(silent)
    assert "Who?" in words(silent)
    assert "Do we know the people who decide" in opened(elin, "/audits/questions/")
    assert client_of(elin).get("/audits/questions/edit/").status_code == 403


def test_an_audited_tier_is_chosen_in_the_settings(kern: Account, north: Team) -> None:
    tier = Tier.objects.get(key="strategic")
    page = client_of(UserFactory(role=Role.ADMINISTRATOR)).get(reverse("accounts:tier_edit", args=[tier.pk]))
    assert 'name="audited"' in page.content.decode()


def test_sent_back_by_the_service_reads_the_same(audit: Audit, manager: User, leader: User) -> None:
    answered(audit)
    sign_as_owner(audit, manager)
    send_back(audit, "Too rosy", leader)
    assert "Too rosy" in opened(manager, url("audit", audit))
