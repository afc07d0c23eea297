"""Every address x role x method, with own, foreign and missing objects; an address this test does not know fails."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts_app.management.commands.access_table import declared, table
from accounts_app.models import (
    OWN_FEED,
    Absence,
    Account,
    Colleague,
    Company,
    Feed,
    ImportBatch,
    Role,
    Upload,
    User,
    ValueItem,
)
from accounts_app.services import contact_departure as departures
from accounts_app.services.facts import stamp
from accounts_app.services.hand_over import HandOver, ticket_of
from accounts_app.services.uploads import files
from cadence.models import Audit, AuditAction, AuditPack, DiscoveryQuestion, OutgoingMail, Review
from signals.models import Alert, BulkAct, RuleSet, SavedView
from signals.services.alerts import acknowledge
from tests.factories import (
    AbsenceFactory,
    AccountFactory,
    ChangeEventFactory,
    ColleagueFactory,
    ContactFactory,
    ContractFactory,
    CustomerMetricFactory,
    IncidentFactory,
    InitiativeFactory,
    InquiryFactory,
    InteractionFactory,
    LinkFactory,
    LossFactory,
    MetricValueFactory,
    OrderFactory,
    PromiseFactory,
    QuietPeriodFactory,
    SurveyAnswerFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.audits import audit_cycle, open_audit
from tests.factories.backtest import backtested, record
from tests.factories.judgement import judged
from tests.factories.reviews import answer_of, question, review_of

pytestmark = pytest.mark.django_db

ROUTES = [pytest.param(route, access, id=route) for route, _name, access in declared() if not access.by_secret]
# These ask for no log-in: the address is the secret.
SECRETS = [pytest.param(route, access, id=route) for route, _name, access in declared() if access.by_secret]
MARKER = "Zanzibar"
MISSING = 2_000_000_000
# What lets somebody in: also the answer that a form lacks something. 204: nothing has changed since the last look.
LET_IN = {200, 204, 302, 422}
# A form that is right, by the last part of the address, where what is typed decides what else can go wrong.
BODIES: dict[str, dict[str, str]] = {
    "snooze": {"until": str(date.today() + timedelta(days=7)), "reason": "plant closed"},  # noqa: DTZ011
    "resolve": {"outcome": "false", "cause": ""},
}


@dataclass
class World:
    own: Account
    foreign: Account
    users: dict[Role, User]


def account_with_rows(name: str, **fields: Any) -> Account:
    account = AccountFactory(name=name, **fields)
    ContactFactory(account=account, name=f"{name} contact")
    InteractionFactory(account=account, note=f"{name} note", value_item=shared_item())
    OrderFactory(account=account, number=f"{name} order")
    IncidentFactory(account=account, title=f"{name} incident")
    InquiryFactory(account=account, title=f"{name} inquiry")
    ContractFactory(account=account, title=f"{name} contract")
    ChangeEventFactory(account=account, title=f"{name} event")
    LossFactory(account=account, part=f"{name} loss")
    QuietPeriodFactory(account=account, reason=f"{name} closure")
    SurveyAnswerFactory(account=account, comment=f"{name} answer")
    PromiseFactory(account=account, text=f"{name} promise")
    InitiativeFactory(account=account, title=f"{name} initiative")
    judged(account)
    Alert.objects.create(
        account=account,
        signal="silence",
        opened_on=date(2026, 3, 1),
        judged_on=date(2026, 3, 1),
        released_on=date(2026, 3, 1),
        level=0.9,
        sentence=f"{name} alert",
    )
    return account


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(settings, "UPLOAD_DIR", tmp_path)
    north, south = TeamFactory(name="North"), TeamFactory(name="South")
    users = {role: UserFactory(role=role, teams=[north]) for role in Role}
    Company.the()
    return World(
        own=account_with_rows("Own", team=north, owner=users[Role.ACCOUNT_MANAGER]),
        foreign=account_with_rows(MARKER, team=south, owner=UserFactory(teams=[south])),
        users=users,
    )


def filled(route: str, account: Account | None) -> str:
    """The address for an account's objects, or for objects that do not exist."""

    def value(match: re.Match[str]) -> str:
        if account is None:
            return str(MISSING)
        before = route[: match.start()].strip("/")
        return str(next(find(account) for part, find in SUBJECTS if re.fullmatch(part, before)))

    return re.sub(r"<\w+:\w+>", value, route)


def typed_in(factory: Callable[..., Any]) -> Callable[[Account], object]:
    """A fact that people entered, new each time: the walk removes it."""
    return lambda account: factory(account=account, feed=Feed.objects.get(name=OWN_FEED)).pk


def departure_of(account: Account) -> str:
    """The ticket of a departure that can be taken back."""
    contact = ContactFactory(account=account)
    return departures.ticket_of(departures.Departure(contact.pk, stamp(contact), {"left_on": None}))


def own_link(account: Account) -> int:
    return LinkFactory(contact__account=account, feed=Feed.objects.get(name=OWN_FEED)).pk


def owner_of(account: Account) -> User:
    """Every account of this walk has one."""
    assert account.owner is not None
    return account.owner


def person_of(account: Account) -> Colleague:
    """The owner as one of our people, with hours of the own team only."""
    owner = owner_of(account)
    return Colleague.objects.filter(user=owner).first() or ColleagueFactory(user=owner, name=f"{account.name} person")


def absence_of(account: Account) -> Absence:
    day = date(2026, 3, 2)
    own = Feed.objects.get(name=OWN_FEED)
    return AbsenceFactory(colleague=person_of(account), from_day=day, until_day=day, feed=own)


def saved_view(account: Account) -> SavedView:
    """The own account's owner shares a view; that of the foreign one is private."""
    name = f"{account.name} view {SavedView.objects.count()}"
    return SavedView.objects.create(owner=owner_of(account), name=name, shared=account.name != MARKER)


def handed_in(account: Account, *, imported: bool = False) -> Upload:
    """A file somebody uploaded, waiting; or taken in, with rejected rows."""
    feed, _new = Feed.objects.get_or_create(name="erp")
    done = {"kind": "orders", "feed": feed, "file_name": "orders.csv"}
    batch = ImportBatch.objects.create(**done, finished_at=timezone.now()) if imported else None
    state = {"step": "import", "state": "done", "batch": batch} if imported else {}
    upload = Upload.objects.create(**done, **state, size=1, by=owner_of(account))
    files.rejects_of(upload).parent.mkdir(parents=True)
    files.rejects_of(upload).write_text("reason")
    return upload


def shared_item() -> ValueItem:
    """A value item with a document, brought to the own account and to the foreign one."""
    item, is_new = ValueItem.objects.get_or_create(title="Norms", kind=ValueItem.Kind.INFORMATION)
    if is_new:
        item.file.save("norms.pdf", ContentFile(b"%PDF-1.7"))
    return item


# What belongs to one person, not to an account: who may, and what the other roles are told.
PERSONAL: dict[str, tuple[set[Role], int]] = {
    "portfolio/views/<int:view_pk>/edit/": ({Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR}, 403),
    "portfolio/views/<int:view_pk>/delete/": ({Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR}, 403),
    "portfolio/views/<int:view_pk>/restore/": ({Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR}, 404),
    "portfolio/bulk/<int:act_pk>/undo/": ({Role.ACCOUNT_MANAGER}, 404),
    **dict.fromkeys(
        ("audits/packs/<int:pk>/", "audits/packs/<int:pk>/cancel/", "audits/packs/<int:pk>/file/"),
        ({Role.ACCOUNT_MANAGER}, 404),
    ),
    # Of a company that is not simulated nobody's mail is made up.
    "log/from-file/sample.eml/": (set(), 404),
    "log/from-file/sample.ics/": (set(), 404),
}


def given_up(_account: Account) -> int:
    """A mail that did not leave; administrators alone see it."""
    key = f"mail {OutgoingMail.objects.count()}"
    content = {"message_id": key, "recipient": "a@example.test", "subject": "Own mail", "state": "failed"}
    return OutgoingMail.objects.create(key=key, **content).pk


def audit_of(account: Account) -> Audit:
    """An audit in progress."""
    cycle = audit_cycle(date(2026, 1, 1), by=owner_of(account))
    found = Audit.objects.filter(cycle=cycle, account=account).first()
    return found or open_audit(account, None, cycle, evidence={})


def action_of(account: Account) -> int:
    """An action agreed in it, new each time: the walk removes it."""
    said = {"text": f"{account.name} action", "due_on": date(2026, 3, 1), "made_by": owner_of(account)}
    return AuditAction.objects.create(audit=audit_of(account), owner=owner_of(account), **said).pk


def own_metric_value(account: Account) -> int:
    own = Feed.objects.get(name=OWN_FEED)
    return MetricValueFactory(metric__account=account, feed=own).pk


def library_question() -> int:
    found = DiscoveryQuestion.objects.first() or question()
    return found.pk


def kept_review(account: Account) -> Review:
    """The review of the account, or a new one where the walk has removed it."""
    return Review.objects.filter(account=account).first() or review_of(account, title=f"{account.name} review")


def pack_of(account: Account) -> int:
    """A pack its owner asked for, ready to be read."""
    audit = audit_of(account)
    done = {"state": "done", "audits": [audit.pk], "done": 1, "total": 1}
    pack = AuditPack(cycle=audit.cycle, asked_by=owner_of(account), **done)
    pack.file.save("pack.pdf", ContentFile(b"%PDF-1.7"), save=False)
    pack.save()
    return pack.pk


# Whose key stands in an address, by what stands before it; another kind of object gets a line here.
SUBJECTS: list[tuple[str, Callable[[Account], object]]] = [
    ("accounts", lambda account: account.pk),
    ("alerts", lambda account: Alert.objects.get(account=account).pk),
    ("alerts/<int:pk>/steps", lambda _account: "step-1"),
    # A playbook is nobody's: the foreign one is one that does not exist.
    ("settings/playbooks", lambda account: "nothing" if account.name == MARKER else "silence"),
    ("settings/alarm-budget", lambda account: account.owner_id),
    ("incidents", lambda account: account.incidents.get().pk),
    ("interactions", lambda account: account.interactions.get().pk),
    ("accounts/<int:pk>/orders", lambda account: account.orders.get().pk),
    ("accounts/<int:pk>/contacts", typed_in(ContactFactory)),
    ("accounts/<int:pk>/inquiries", typed_in(InquiryFactory)),
    ("accounts/<int:pk>/contracts", typed_in(ContractFactory)),
    ("accounts/<int:pk>/change-events", typed_in(ChangeEventFactory)),
    ("accounts/<int:pk>/losses", typed_in(LossFactory)),
    ("accounts/<int:pk>/quiet-periods", typed_in(QuietPeriodFactory)),
    ("accounts/<int:pk>/survey-answers", typed_in(SurveyAnswerFactory)),
    ("accounts/<int:pk>/promises", typed_in(PromiseFactory)),
    ("accounts/<int:pk>/initiatives", typed_in(InitiativeFactory)),
    ("accounts/<int:pk>/metrics", typed_in(CustomerMetricFactory)),
    ("accounts/<int:pk>/metric-values", own_metric_value),
    # Questions are everybody's: the foreign one is one that does not exist.
    ("reviews/questions", lambda account: 0 if account.name == MARKER else library_question()),
    ("reviews", lambda account: kept_review(account).pk),
    ("reviews/<int:pk>/answers", lambda account: answer_of(kept_review(account), said=f"{account.name} said").pk),
    # An item is everybody's: the foreign one is one that does not exist. Where it was brought is not.
    ("values", lambda account: 0 if account.name == MARKER else shared_item().pk),
    ("accounts/<int:pk>/relationships/links", own_link),
    ("accounts/<int:pk>/relationships/meetings", typed_in(InteractionFactory)),
    ("backtest", lambda account: backtested({account: record()}).pk),
    ("losses", lambda account: LossFactory(account=account).pk),
    ("portfolio/rows", lambda account: account.pk),
    ("today", lambda account: account.pk),
    # The rules are everybody's: the foreign version is one that does not exist.
    ("rules", lambda account: 0 if account.name == MARKER else RuleSet.objects.latest("version").version),
    ("today/<int:pk>/hand-over", lambda account: account.interactions.get().pk),
    ("portfolio/views", lambda account: saved_view(account).pk),
    ("portfolio/bulk", lambda account: BulkAct.objects.create(kind="tier", by=owner_of(account), said=account.name).pk),
    ("data/feeds", lambda account: Feed.objects.create(name=f"feed-{Feed.objects.count()}").pk),
    ("data/uploads", lambda account: handed_in(account).pk),
    ("data/imports", lambda account: handed_in(account, imported=True).batch_id),
    ("settings/people", lambda account: person_of(account).pk),
    ("settings/people/of-user", lambda account: account.owner_id),
    ("settings/people/<int:pk>/absences", lambda account: absence_of(account).pk),
    ("settings/users", lambda account: account.owner_id),
    ("settings/mail", given_up),
    ("settings/teams", lambda account: account.team_id),
    ("settings/tiers", lambda account: account.tier_id),
    # A quarter is everybody's: the foreign one is one that does not exist. The audits in it are not.
    ("audits", lambda account: "nothing" if account.name == MARKER else audit_of(account).cycle.name),
    ("audits/packs", pack_of),
    ("audits/<slug:name>", lambda account: account.pk),
    ("audits/<slug:name>/<int:pk>/actions", action_of),
    ("team", lambda account: account.owner_id),
    ("accounts/<int:pk>/contacts/undo", departure_of),
    ("settings/hand-over/undo", lambda account: ticket_of(HandOver(0, {account.pk: 0}, {}, date(2026, 3, 1)))),
]


def call(client: Client, method: str, address: str, **headers: str) -> HttpResponse:
    body = BODIES.get(address.strip("/").split("/")[-1], {})
    response: HttpResponse = getattr(client, method.lower())(address, body if method == "POST" else {}, headers=headers)
    if response.streaming:
        response.getvalue()  # sent piece by piece: read to its end, else its cursor outlives the test
    return response


@pytest.mark.parametrize(("route", "access"), ROUTES)
def test_own_objects_answer_the_declared_roles_only(world: World, route: str, access: Any) -> None:
    for role, user in world.users.items():
        client = Client()
        client.force_login(user)
        for method in access.methods:
            begin_anew(Alert.objects.get(account=world.own), route, by=user)
            response = call(client, method, filled(route, world.own))
            who, refusal = PERSONAL.get(route.strip("/") + "/", (access.roles, 403))
            allowed = LET_IN if role in who else {refusal if role in access.roles else 403}
            assert response.status_code in allowed, f"{method} {route} as {role}"


def begin_anew(alert: Alert, route: str, *, by: User) -> None:
    """An open alert without a history, or one with something to undo."""
    alert.actions.all().delete()
    fields = {
        "state": "open",
        "snoozed_until": None,
        "snoozed_level": None,
        "outcome": "",
        "cause": "",
        "closed_on": None,
    }
    Alert.objects.filter(pk=alert.pk).update(**fields)
    alert.refresh_from_db()
    if route.endswith("/undo/"):
        acknowledge(alert, by=by)


@pytest.mark.parametrize(("route", "access"), [param for param in ROUTES if "<" in str(param.values[0])])
def test_foreign_and_missing_objects_answer_alike(world: World, route: str, access: Any) -> None:
    for role, user in world.users.items():
        client = Client()
        client.force_login(user)
        for method in access.methods if role in access.roles else ():
            foreign = call(client, method, filled(route, world.foreign))
            missing = call(client, method, filled(route, None))
            assert missing.status_code == 404, f"{method} {route} as {role}"
            if role not in {Role.ADMINISTRATOR, Role.OPERATIONS}:  # who see every account
                assert foreign.status_code == 404, f"{method} {route} as {role}"
                assert MARKER.encode() not in foreign.content


@pytest.mark.parametrize(("route", "access"), ROUTES)
def test_a_wrong_method_is_refused(world: World, route: str, access: Any) -> None:
    client = Client()
    client.force_login(world.users[Role.ADMINISTRATOR])
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(access.methods):
        response = call(client, method, filled(route, world.own))
        expected = 405 if Role.ADMINISTRATOR in access.roles else 403
        assert response.status_code == expected, f"{method} {route}"


@pytest.mark.parametrize(("route", "access"), ROUTES)
def test_a_stranger_is_sent_to_the_log_in(world: World, route: str, access: Any) -> None:
    for method in access.methods:
        page = call(Client(), method, filled(route, world.own))
        assert page.status_code == 302
        assert page["Location"].startswith(str(settings.LOGIN_URL))
        fragment = call(Client(), method, filled(route, world.own), **{"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Redirect"]) == (401, str(settings.LOGIN_URL))


# How lists are asked for more than they show at first; the page of one object has no more.
WIDER = ("", "?whose=all", "?whose=team", f"?q={MARKER[:4]}")


@pytest.mark.parametrize("role", [Role.ACCOUNT_MANAGER, Role.SALES_LEADER, Role.READ_ONLY])
@pytest.mark.parametrize("fragment", [False, True], ids=["page", "fragment"])
def test_no_page_shows_a_foreign_marker(world: World, role: Role, fragment: bool) -> None:
    client = Client()
    client.force_login(world.users[role])
    headers = {"HX-Request": "true"} if fragment else {}
    for route, _name, access in declared():
        if "GET" in access.methods and role in access.roles:
            for query in WIDER if "<int:" not in route else ("",):
                response = client.get(filled(route, world.own) + query, headers=headers)
                assert MARKER.encode() not in response.getvalue(), f"{route}{query} as {role}"


def test_operations_see_no_money_and_no_risk(world: World) -> None:
    client = Client()
    client.force_login(world.users[Role.OPERATIONS])
    for route, _name, access in declared():
        if "GET" in access.methods and Role.OPERATIONS in access.roles:
            text = client.get(filled(route, world.own)).content.decode()
            assert not re.search(r"EUR|€|Own order|Own note|Own alert|[Rr]evenue|At risk|Drifting", text), route


@pytest.mark.parametrize(("route", "access"), SECRETS)
def test_a_secret_address_wants_its_secret_and_no_log_in(world: World, route: str, access: Any) -> None:
    wrong = re.sub(r"<\w+:\w+>", "d3JvbmcgYnV0IGxvbmcgZW5vdWdo", route)
    clients = [Client(), *(Client() for _role in Role)]
    for client, user in zip(clients[1:], world.users.values(), strict=True):
        client.force_login(user)
    for client in clients:
        for method in access.methods:
            response = call(client, method, wrong)
            assert response.status_code == 404, f"{method} {route}"
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(access.methods):
            assert call(client, method, wrong).status_code == 405, f"{method} {route}"


def test_what_needs_a_log_in_is_not_kept(world: World) -> None:
    client = Client()
    client.force_login(world.users[Role.ACCOUNT_MANAGER])
    assert "no-store" in client.get("/")["Cache-Control"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_the_admin_site_is_for_administrators(world: World, role: Role) -> None:
    client = Client()
    client.force_login(world.users[role])
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_admin_site_asks_on_our_log_in_page(world: World) -> None:
    response = Client().get("/admin/", follow=True)
    assert [path for path, _status in response.redirect_chain][-1].startswith(str(settings.LOGIN_URL))
    client = Client()
    client.force_login(world.users[Role.ADMINISTRATOR])
    assert client.get("/admin/").status_code == 200


def test_nobody_signs_up() -> None:
    before = User.objects.count()
    body = {"email": "new@example.test", "password1": "a long enough password", "password2": "a long enough password"}
    Client().post("/account/signup/", body)
    assert User.objects.count() == before


def test_the_table_in_the_documents_is_today_s() -> None:
    document = Path(settings.BASE_DIR, "docs", "access.md")
    assert document.read_text() == table(), "write it anew: manage.py access_table > docs/access.md"


def test_an_address_without_access_does_not_start(settings: Any) -> None:
    from accounts_app.checks import every_address_declares_its_access

    assert every_address_declares_its_access() == []
    settings.ROOT_URLCONF = "tests.integration.open_urls"
    assert [error.id for error in every_address_declares_its_access()] == ["accounts_app.E001"]
