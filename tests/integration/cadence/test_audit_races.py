"""People who sign, score and send back at the same moment: no line outside the hash, and one of them wins."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import count
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection
from psycopg.errors import DeadlockDetected

from accounts_app.models import Team, User
from cadence.models import Audit, AuditAction, AuditAnswer, AuditCycle, AuditRecord
from cadence.services.audit_acts import add_action, answer
from cadence.services.audit_records import content_hash, verify
from cadence.services.audit_signing import send_back, sign_as_leader, sign_as_owner
from cadence.services.audits import AuditError, open_cycle
from tests.factories import AccountFactory, UserFactory
from tests.factories.audits import answer_all, open_audit
from tests.factories.judgement import judged
from tests.integration.at_once import in_threads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("unfrozen_afterwards")]

RACES_IN_STORM = 200
RACES = 20
MOST_ATTEMPTS = 60
REMOVED_SHARE = 0.2
Act = Callable[[], object]


@pytest.fixture
def audit(north: Team, manager: User) -> Audit:
    reviewer = UserFactory(teams=[north])
    return answer_all(open_audit(AccountFactory(team=north, owner=manager), reviewer), reviewer)


def raced(acts: Sequence[Act]) -> list[str]:
    """What each of them heard, all at the same moment over connections of their own."""
    start = Barrier(len(acts))

    def work(act: Act) -> str:
        start.wait()
        try:
            act()
        except AuditError as error:
            return str(error)
        except (IntegrityError, OperationalError) as error:
            # Past the services a line is held before its audit: against others PostgreSQL ends one of them.
            return f"refused: {error}"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(work, act) for act in acts]]


def writers(audit: Audit, number: int) -> list[Act]:
    """Through the services, and past them: the ORM and raw SQL know nothing of the lock.

    Each writes on until it is refused, so that some line is always on its way while somebody signs.
    """
    by = audit.reviewer
    assert by is not None
    counted = count()

    def one_more() -> None:
        question = f"raced_{next(counted)}"
        AuditAnswer.objects.create(
            audit=audit, question=question, dimension="people", score=2, reason=f"Race {number}", answered_by=by
        )

    def raw() -> None:
        score = 1 + next(counted) % 5
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cadence_auditanswer SET score = %s WHERE audit_id = %s", [score, audit.pk])

    def move() -> None:
        AuditAction.objects.filter(audit=audit).update(text=f"Race {number} moved {next(counted)}")

    return [
        until_refused(lambda: answer(audit, "people_known", 1 + next(counted) % 5, f"Race {number}", [], by=by)),
        until_refused(lambda: add_action(audit, f"Race {number}", by, date(2026, 9, 30), by=by)),
        until_refused(one_more),
        until_refused(raw),
        until_refused(move),
    ]


def until_refused(act: Act) -> Act:
    def repeated() -> None:
        for _attempt in range(MOST_ATTEMPTS):
            act()

    return repeated


def once_more(sign: Act) -> Act:
    """Two who write past the services may each wait for the other's line, and the signer between them for both.

    PostgreSQL then ends one of the three. Where it is the signer, nothing was signed, and a person presses again.
    """

    def repeated() -> None:
        for _attempt in range(MOST_ATTEMPTS):
            try:
                sign()
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
            else:
                return

    return repeated


def race(north: Team, manager: User, leader: User, races: int) -> Counter[str]:
    """Sign while others write, again and again; after each the hash is that of the rows."""
    seed = 20_260_630
    print(f"seed {seed}")
    draw, told = random.Random(seed), Counter[str]()
    for number in range(races):
        reviewer = UserFactory(teams=[north])
        audit = answer_all(open_audit(AccountFactory(team=north, owner=manager), reviewer), reviewer)
        others = draw.sample(writers(audit, number), 2)
        if draw.random() < REMOVED_SHARE:
            others.append(AuditAnswer.objects.filter(audit=audit, question="people_depth").delete)
        acts: list[Act] = [*others, once_more(partial(sign_as_owner, audit, by=manager))]
        draw.shuffle(acts)
        heard = raced(acts)
        told.update("done" if one == "done" else "refused" for one in heard)
        if Audit.objects.get(pk=audit.pk).state != Audit.State.OWNER_SIGNED:
            # Not complete any more, so not signed; nothing else keeps the owner from it.
            assert not audit.answers.filter(question="people_depth").exists(), heard
            continue
        told.update(["signed by owner"])
        assert audit.signatures.get().content_hash == content_hash(Audit.objects.get(pk=audit.pk))
        raced([*draw.sample(writers(audit, number), 1), partial(sign_as_leader, audit, by=leader)])
        assert Audit.objects.get(pk=audit.pk).state == Audit.State.SIGNED
    assert verify() == []
    return told


def test_no_line_stands_outside_the_hash(north: Team, manager: User, leader: User) -> None:
    told = race(north, manager, leader, RACES)
    # Both outcomes must have happened, or nothing raced.
    assert told["refused"] > 0
    assert told["signed by owner"] == AuditRecord.objects.count() > RACES // 2


@pytest.mark.storm
@pytest.mark.timeout(1800)
def test_no_line_stands_outside_the_hash_in_full_size(north: Team, manager: User, leader: User) -> None:
    told = race(north, manager, leader, RACES_IN_STORM)
    print(told)
    assert told["refused"] > 0
    assert told["signed by owner"] == AuditRecord.objects.count() > RACES_IN_STORM // 2


def test_two_owners_at_once_give_one_signature(audit: Audit, manager: User) -> None:
    heard = sorted(raced([partial(sign_as_owner, audit, by=manager)] * 2))
    assert heard == ["The owner has signed this audit: it can be changed once the leader has sent it back.", "done"]
    assert audit.signatures.count() == 1


def test_two_leaders_at_once_make_one_record(audit: Audit, manager: User, leader: User, north: Team) -> None:
    other = UserFactory(role=leader.role, name="Ines Costa", teams=[north])
    sign_as_owner(audit, by=manager)
    heard = raced([lambda: sign_as_leader(audit, by=leader), lambda: sign_as_leader(audit, by=other)])
    assert heard.count("done") == 1
    winner = leader if heard[0] == "done" else other
    assert f"{winner} has signed it already: it stays as it is." in heard
    assert AuditRecord.objects.count() == 1


def test_signing_and_sending_back_at_once_do_one_of_both(audit: Audit, manager: User, leader: User) -> None:
    sign_as_owner(audit, by=manager)
    heard = raced([lambda: sign_as_leader(audit, by=leader), lambda: send_back(audit, "Look again.", by=leader)])
    assert heard.count("done") == 1
    audit.refresh_from_db()
    assert audit.state == (Audit.State.SIGNED if heard[0] == "done" else Audit.State.OPEN)
    assert audit.answers.count() == len(audit.cycle.questions.questions)
    assert verify() == []


def test_audits_signed_at_once_stand_in_one_chain(north: Team, manager: User, leader: User) -> None:
    audits = []
    for _n in range(6):
        reviewer = UserFactory(teams=[north])
        audits.append(answer_all(open_audit(AccountFactory(team=north, owner=manager), reviewer), reviewer))
        sign_as_owner(audits[-1], by=manager)
    assert raced([partial(sign_as_leader, audit, by=leader) for audit in audits]) == ["done"] * 6
    assert list(AuditRecord.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert verify() == []


def test_opened_twice_at_once_is_one_cycle(north: Team, manager: User, leader: User) -> None:
    judged(AccountFactory(team=north, owner=manager))

    def open_it() -> str:
        try:
            return open_cycle(date(2026, 6, 30), by=leader).name
        except (AuditError, DatabaseError) as error:
            return str(error)

    heard = sorted(in_threads(2, open_it))
    assert heard == ["2026-Q2", f"The audit 2026-Q2 is open already: {leader} opened it on 30\N{NO-BREAK SPACE}Jun."]
    assert AuditCycle.objects.get().audits.count() == 1
