"""Time of one keystroke in the command palette, all kinds searched, beside a page that searches nothing.

    python -m benchmarks.search [--accounts 10000] [--contacts 50000] [--notes 1000000]

Starts a throw-away PostgreSQL unless DATABASE_URL names another, and works in a database of its own. Words of notes are
as frequent as in a language (the n-th as 1/n): the most frequent stands in most notes, most stand in a handful. Target
(issue 3): 95 of 100 answers within 100 ms of server time, whoever asks.
"""

import argparse
import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import django

# The servers start when these settings are read, and models can be imported only then.
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts_app.models import Account, Role, Team, User  # noqa: E402

TARGET_MS = 100.0
REPEATS = 12
# How many accounts each may see; an administrator sees all of them.
WHO = (
    ("manager", Role.ACCOUNT_MANAGER, 30),
    ("leader", Role.SALES_LEADER, 1_500),
    ("administrator", Role.ADMINISTRATOR, 0),
)
QUESTIONS = (
    ("two letters", "ha"),
    ("a name", "halvorsen mar"),
    ("a name with a slip", "halvrosen"),
    ("a person", "ingrid so"),
    ("a common word", "delivery"),
    ("common words", "the pump price"),
    ("a rare word", "fenlin66"),
    ("words never together", "delivery price call order visit quality"),
    ("nothing", "zzqqyx"),
)
EMPTY_PAGE = "/keys/"

# Names and words are put together from syllables, so that many begin alike, as names and words do.
NAMES = """
CREATE TEMP TABLE made_name AS
SELECT row_number() OVER () - 1 AS n, initcap(a || b) AS word
FROM unnest(ARRAY['hal','ber','mar','vor','kel','sand','nor','öst','gru','fer','cas','tor','alde','bry','lin','mül']) a,
     unnest(ARRAY['vorsen','mann','tellan','borg','wick','quist','dahl','ström','berg','eira','ova','ński','son']) b;
CREATE TEMP TABLE made_line AS
SELECT row_number() OVER () - 1 AS n, line FROM unnest(ARRAY['Marine Systems','Pumps','Papel','& Figli','Hydraulics',
    'Foundry','Verpackung','Chemie','Maskin','Energi','Glass','Seals','Valves','Robotics','Plast','Motors']) line;
CREATE TEMP TABLE made_word AS
SELECT row_number() OVER () AS n, word FROM (
    SELECT unnest(ARRAY['delivery','price','call','about','the','order','next','asked','visit','quality','pump','seal'])
    UNION ALL (
        SELECT a || b || coalesce(c::text, '')
        FROM unnest(ARRAY['ka','lo','mi','ru','sen','tal','vor','bri','do','fen','gu','hal','jo','ne','pra']) a,
             unnest(ARRAY['ba','cho','den','fi','gar','hu','lin','mo','nus','pe','ri','sto','tu','va']) b,
             unnest(array_append(ARRAY(SELECT generate_series(1, 99)), NULL::int)) c
        ORDER BY md5(a || b || coalesce(c::text, '')))
) made (word);
ANALYZE made_word
"""
FACTS = """
INSERT INTO accounts_app_feed (name, title, currency) VALUES ('made', '', 'EUR');
INSERT INTO accounts_app_account (name, tier_id, team_id, country, own_interval_reason, known_on)
SELECT word || ' ' || line, (SELECT min(id) FROM accounts_app_tier) + g % 4, {teams}, '', '', '2020-01-01'
FROM generate_series(0, {accounts} - 1) g
JOIN made_name ON made_name.n = g % (SELECT count(*) FROM made_name)
JOIN made_line ON made_line.n = g / (SELECT count(*) FROM made_name) % (SELECT count(*) FROM made_line);
CREATE TEMP TABLE numbered AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS n, (SELECT id FROM accounts_app_feed WHERE name = 'made') AS feed
FROM accounts_app_account;
ANALYZE numbered;
INSERT INTO accounts_app_accountkey (feed_id, key, account_id) SELECT feed, 'C-' || 10000 + n, id FROM numbered;
INSERT INTO accounts_app_contact (feed_id, external_key, known_on, account_id, name, email, phone, title, level, role,
    "primary", note)
SELECT feed, g, '2020-01-01', id, first || ' ' || word, 'p' || g || '@example.test', '', '', 'operational', 'user',
    false, ''
FROM (SELECT g, (ARRAY['Ingrid','Jonas','Anna','Andrés','José','Müge','Lena','Paweł','Zoë','Håkon','Chiara','Élodie'])
             [1 + g * 7 % 12] AS first FROM generate_series(1, {contacts}) g) made
JOIN numbered ON numbered.n = g % {accounts}
JOIN made_name ON made_name.n = g * 13 % (SELECT count(*) FROM made_name)
"""
# The n-th word as often as 1/n: the exponential of an even number.
NOTES = """
CREATE TEMP TABLE made_note AS
SELECT g, string_agg(word, ' ') AS note
FROM (SELECT g, ceil(exp(random() * ln((SELECT count(*) FROM made_word))))::int AS n
      FROM generate_series(1, {notes}) g, generate_series(1, 14)) made
JOIN made_word USING (n) GROUP BY g;
INSERT INTO accounts_app_interaction (feed_id, external_key, known_on, account_id, state, channel, initiator, purpose,
    happened_on, happened_known_on, note, void_reason)
SELECT feed, g, '2020-01-01', id, 'done', 'call', 'us', 'proactive', day, day, note, ''
FROM (SELECT g, note, date '2016-01-01' + (g::bigint * 104729 % 3960)::int AS day FROM made_note) made
JOIN numbered ON numbered.n = g::bigint * 7919 % {accounts};
INSERT INTO accounts_app_incident (feed_id, external_key, known_on, account_id, number, title, kind, severity,
    opened_at)
SELECT feed, g, '2020-01-01', id, 'T-' || g, left(note, 80), 'delivery', 'minor',
       timestamptz '2016-01-01 09:00Z' + (g * 104729::bigint % 3960) * interval '1 day'
FROM made_note JOIN numbered ON numbered.n = g::bigint * 7919 % {accounts} WHERE g <= {notes} / 20
"""
TABLES = ("account", "accountkey", "contact", "interaction", "incident")


@dataclass(frozen=True)
class Timing:
    """The answers to one question: its name, who asked, and milliseconds."""

    who: str
    question: str
    milliseconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        return p95(self.milliseconds)


def p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


def make_database(accounts: int, contacts: int, notes: int) -> None:
    """All rows in SQL. The audit trail's triggers rest meanwhile: they are measured where people save."""
    teams = {who: Team.objects.create(name=who).pk for who, _role, _number in WHO}
    leader = f"WHEN g % {accounts // 1_500} = 1 THEN {teams['leader']}"
    teams_sql = f"CASE WHEN g % {accounts // 30} = 0 THEN {teams['manager']} {leader} ELSE {teams['administrator']} END"
    sizes = {"accounts": accounts, "contacts": contacts, "notes": notes, "teams": teams_sql}
    with connection.cursor() as cursor:
        triggers("DISABLE")
        cursor.execute("SET work_mem = '400MB'; SELECT setseed(0.5)")
        for statement in (NAMES, FACTS, NOTES):
            cursor.execute(statement.format(**sizes))
        triggers("ENABLE")
        cursor.execute("RESET work_mem")
        cursor.execute("VACUUM ANALYZE")


def triggers(verb: str) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE accounts_app_{table} {verb} TRIGGER USER")


def users() -> Iterator[tuple[str, User]]:
    for who, role, _number in WHO:
        user = User.objects.create_user(f"{who}@example.test", name=who, role=role)
        user.teams.set(Team.objects.filter(name=who))
        yield who, user
        seen = Account.objects.visible_to(user).count()
        print(f"  {who} sees {seen} accounts")


def milliseconds(client: Client, address: str) -> float:
    begun = time.perf_counter()
    response = client.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return (time.perf_counter() - begun) * 1000


def measure() -> tuple[list[Timing], float]:
    """Every question of everybody, in turns; and the median of a page without a search."""
    timings, empty = [], []
    for who, user in users():
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        for name, text in QUESTIONS:
            address = f"/search/palette/?q={text.replace(' ', '+')}"
            milliseconds(client, address)  # the first one brings the pages of the index into memory
            timings.append(Timing(who, name, [milliseconds(client, address) for _ in range(REPEATS)]))
            empty += [milliseconds(client, EMPTY_PAGE) for _ in range(2)]
    return timings, statistics.median(empty)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--contacts", type=int, default=50_000)
    parser.add_argument("--notes", type=int, default=1_000_000)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    make_database(options.accounts, options.contacts, options.notes)
    sizes = f"{options.accounts} accounts, {options.contacts} contacts, {options.notes} notes"
    print(f"search, {dt.datetime.now(dt.UTC).date()}: {sizes}, {os.cpu_count()} cores")
    timings, empty = measure()
    for one in timings:
        print(f"  {one.who:14} {one.question:22} median {one.median:6.1f} ms   p95 {one.p95:6.1f} ms")
    worst = p95([value for one in timings for value in one.milliseconds])
    print(f"  all of them: p95 {worst:.1f} ms (target {TARGET_MS:.0f} ms)")
    print(f"  a page without a search: {empty:.1f} ms; the p95 is {worst / empty:.1f} times that")
    return 0 if worst < TARGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
