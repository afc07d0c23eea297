"""What the simulated reviewers write: reasons of scores, judgements, actions and how they ended."""

from typing import Final

# By dimension: what is written beside a low, a middling and a high score.
REASONS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "people": (
        (
            "One buyer and one planner; above them nobody knows us.",
            "The works manager left and we have not met the next.",
        ),
        (
            "Purchasing and maintenance are known well, management from one visit.",
            "Two levels met, the third by name only.",
        ),
        (
            "All three levels met this quarter, by several of us.",
            "Their board knows ours; three of us could take over.",
        ),
    ),
    "presence": (
        ("Only orders and a complaint brought us there.", "The promised visits fell behind by weeks."),
        ("About half of the promised contacts, the rest late.", "Present, but they call us more than we call them."),
        (
            "Every promised contact held, most before it was due.",
            "They asked us in while the new line was still a plan.",
        ),
    ),
    "value": (
        ("Visits without anything to bring.", "What we brought was known to them already."),
        ("One wear comparison was used, two were filed away.", "Useful to maintenance, unknown to management."),
        ("The seal comparison saved them a change of oil a year.", "They report on the energy figures we worked out."),
    ),
    "service": (
        ("Small incidents stayed open for three weeks and more.", "The same leak came back twice."),
        ("Most closed in time; two invoices took long.", "Causes found, but they had to ask for the report."),
        ("All targets kept, and told early where it was close.", "The cause was mended and shown to them on site."),
    ),
    "business": (
        ("Orders shrink in two product groups at once.", "A second source is qualified for pumps."),
        ("Stable, without anything new.", "Volumes hold, margins are under pressure."),
        ("Two new articles, and the frame agreement renewed.", "We won the inquiry for the second plant."),
    ),
    "our_side": (
        ("The owner has too many accounts to be there.", "Most of what we promised last quarter is open."),
        ("Half of the promised actions done; the deputy is not known to them.", "Time is short but protected."),
        ("All promised actions done and told to the customer.", "Owner and deputy both known and at hand."),
    ),
}
JUDGEMENTS: Final[dict[str, tuple[str, ...]]] = {
    "at_risk": (
        "They speak of us in the past tense. Without a visit to their management this quarter it goes elsewhere.",
        "The figures come late here: the buyer told us in passing that the tender is written around a competitor.",
    ),
    "drifting": (
        "Friendly, but further away than a year ago. Nobody there would fight for us.",
        "The order book hides that we are asked less; the next project decides.",
    ),
    "healthy": (
        "Sound. They come to us with plans, not with requests.",
        "Better than the figures: the pause in orders is their rebuild, agreed with us.",
    ),
    "unknown": ("We know too little to judge; the first visit of a new owner is agreed.",),
}
# By dimension: what is promised where a score is low.
ACTIONS: Final[dict[str, str]] = {
    "people": "Meet the next level: works manager and head of purchasing together",
    "presence": "Hold the overdue visits and plan the quarter's contacts",
    "value": "Bring the wear comparison and agree what they measure",
    "service": "Close the open incidents and tell them the cause in person",
    "business": "Find out who else is qualified, and offer a trial for the second group",
    "our_side": "Introduce the deputy and hand over two smaller accounts",
}
DONE: Final = ("Held; minutes are with the account.", "Done, and told to the customer.", "")
DROPPED: Final = ("They asked us to wait until the rebuild is over.",)
SENT_BACK: Final = "The score for service does not fit the two incidents still open: look at it again."
LEFT_OUT: Final = "Merged into its parent's contract this quarter; audited there."
CORRECTED: Final = "The award was counted for the wrong plant; the score for business is corrected."
CORRECTED_REASON: Final = "The award went to the sister plant; here a second source is qualified."
