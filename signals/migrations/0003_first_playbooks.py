"""A first playbook for every signal, for account managers; leaders and administrators write their own over it."""

from django.db import migrations

LOG, PLAN, INCIDENT, NONE = "log_contact", "plan_contact", "log_incident", ""

PLAYBOOKS = {
    "order_rhythm": (
        ("Check that no order is missing from the feed, and whether the customer's plant is closed.", NONE),
        ("Call the person who orders: what has changed in their need since the last order?", LOG),
        ("Ask who else they buy this from now, and since when.", LOG),
        ("Agree on a visit within two weeks, with somebody above the buyer.", PLAN),
    ),
    "order_value": (
        ("Compare the last orders with those of a year ago: fewer pieces, cheaper ones, or a lower price?", NONE),
        ("Ask the contact whether their own volume fell or our share of it.", LOG),
        ("If our share fell, find out what the other supplier does better.", LOG),
        ("Plan a contact about the coming year's demand.", PLAN),
    ),
    "product_breadth": (
        ("See which product group stopped, and who at the customer used it.", NONE),
        ("Ask that person what replaced it.", LOG),
        ("Offer a comparison or a trial of the present range.", PLAN),
    ),
    "silence": (
        ("Check that conversations were logged: ask the colleagues who know this customer.", NONE),
        ("Call the main contact with something that is useful to them, not with a question about orders.", LOG),
        ("No answer within a week: try a second contact, at another level.", LOG),
        ("Plan the next three contacts.", PLAN),
    ),
    "proactive_gap": (
        ("Choose something worth bringing: a figure, a rule that concerns them, an idea seen elsewhere.", NONE),
        ("Visit or call without an order or an incident behind it.", LOG),
        ("Plan the next contact within the interval promised.", PLAN),
    ),
    "consultation_drop": (
        ("Look which questions they used to ask, and who answered them here.", NONE),
        ("Let that colleague call and ask what they are working on.", LOG),
        ("Offer an hour of advice on a matter of theirs.", PLAN),
    ),
    "award_lost": (
        ("Find out who got the job and why: price, date, specification, or were we not asked?", LOG),
        ("Ask how the decision was made and who made it.", LOG),
        ("If we were not asked: speak with the person who draws up the list of suppliers.", PLAN),
        ("Tell the colleagues concerned what we learnt.", NONE),
    ),
    "contact_change": (
        ("Learn where the person went, and who decides until the post is filled.", LOG),
        ("Meet the successor within 30 days, with the history of what we did for them.", PLAN),
        ("Find a second person who knows our work.", PLAN),
    ),
    "single_thread": (
        ("Name two people at the customer whom we ought to know: one who uses our work, one who decides.", NONE),
        ("Bring a colleague of the same trade along to the next visit.", PLAN),
        ("Have our management meet theirs this quarter.", PLAN),
    ),
    "incident_delay": (
        ("Go through the open incidents with operations: which one annoys them most?", NONE),
        ("Call the customer before they call: what is done, and by when the rest.", LOG),
        ("Log what they tell you that is not on the list yet.", INCIDENT),
        ("Tell them when the last one is closed, and what keeps it from happening again.", LOG),
    ),
    "complaint_tone": (
        ("Read the last conversations and the complaint; do not write back, call.", NONE),
        ("Let them say all of it, and say what you will do by when.", LOG),
        ("Log what went wrong as an incident, so that its clock runs.", INCIDENT),
        ("Ask a month later whether it is well now.", PLAN),
    ),
    "change_event": (
        ("Find out what the change means for those you know there.", LOG),
        ("Ask for a review: what do they need from us now?", PLAN),
        ("Check contracts and names that the change touches.", NONE),
    ),
    "owner_change": (
        ("Settle who answers for this account from today on.", NONE),
        ("Hand over in a conversation with the customer, the former and the new manager together.", PLAN),
        ("New manager: visit the three most important contacts.", LOG),
    ),
    "loyalty": (
        ("Read what they wrote, and thank them for it by phone.", LOG),
        ("Ask the one thing that would make them recommend us, and settle it.", LOG),
        ("Ask those who did not answer, in person.", PLAN),
    ),
    "notice_window": (
        ("Check the day by which they may give notice, and what they would have to pay.", NONE),
        ("Settle what is open before talking about the contract.", NONE),
        ("Talk with the person who signs, well before the day.", PLAN),
        ("Bring what we did for them in this term, in their figures.", NONE),
    ),
}  # fmt: skip


def add_playbooks(apps, _schema_editor):
    playbook = apps.get_model("signals", "Playbook")
    for signal, steps in PLAYBOOKS.items():
        named = [{"key": f"step-{n}", "text": text, "act": act} for n, (text, act) in enumerate(steps, start=1)]
        playbook.objects.get_or_create(signal=signal, version=1, defaults={"steps": named})


class Migration(migrations.Migration):
    replaces = [
        ("signals", "0001_initial"),
        ("signals", "0002_ticket"),
        ("signals", "0003_chunk_failures"),
        ("signals", "0004_portfolio_extras"),
        ("signals", "0005_rule_set_reason"),
        ("signals", "0006_rules_and_judgements"),
        ("signals", "0007_alarm_budgets_and_playbooks"),
        ("signals", "0008_backtest"),
        ("signals", "0009_fact_blocks"),
        ("signals", "0010_default_playbooks"),
        ("signals", "0011_notice_deadline"),
        ("signals", "0012_post_mortems"),
        ("signals", "0013_due_days"),
        ("signals", "0014_post_mortems_from_risk_days"),
        ("signals", "0015_first_plan"),
        ("signals", "0016_why_not_computed"),
    ]
    dependencies = [("signals", "0002_noted_changes")]
    operations = [migrations.RunPython(add_playbooks, migrations.RunPython.noop)]
