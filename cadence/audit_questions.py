"""The questions of the first version; a company changes them under Audits, which makes the next version."""

QUESTIONS: list[dict[str, str]] = [
    {
        "key": "people_known",
        "dimension": "people",
        "text": "Do we know the people who decide, on every level that matters?",
        "guide": "1: one contact, or only operational ones. 5: every level known by name, met in the last quarter.",
    },
    {
        "key": "people_depth",
        "dimension": "people",
        "text": "Would the relationship survive if one person left, on either side?",
        "guide": "1: it hangs on two people. 5: several of us know several of them well.",
    },
    {
        "key": "presence_between_orders",
        "dimension": "presence",
        "text": "Were we present when there was nothing to sell and nothing to mend?",
        "guide": "1: only orders and incidents brought us there. 5: every promised contact kept, on our initiative.",
    },
    {
        "key": "presence_early",
        "dimension": "presence",
        "text": "Do we hear of their plans before a request for quotation goes out?",
        "guide": "1: we learn of projects from the request, or after the award. 5: they ask us while they still plan.",
    },
    {
        "key": "value_brought",
        "dimension": "value",
        "text": "Did our contacts bring something they could use?",
        "guide": "1: visits without a reason. 5: each brought something they used, and they said so.",
    },
    {
        "key": "value_initiatives",
        "dimension": "value",
        "text": "Do we know their initiatives and the figures they watch, and do we work on one of them?",
        "guide": "1: we could not name one. 5: we contribute to one that their management reports on.",
    },
    {
        "key": "service_kept",
        "dimension": "service",
        "text": "Did we deliver and answer as promised, small incidents included?",
        "guide": "1: small troubles stayed open for weeks. 5: kept throughout, and told early where not.",
    },
    {
        "key": "service_learnt",
        "dimension": "service",
        "text": "Was what went wrong mended at its cause, and did they see it?",
        "guide": "1: the same trouble came again. 5: cause found, told, and not seen since.",
    },
    {
        "key": "business_share",
        "dimension": "business",
        "text": "Is our share of what they buy stable or growing?",
        "guide": "1: orders shrink or products fall away. 5: new products, larger share, awards won.",
    },
    {
        "key": "business_terms",
        "dimension": "business",
        "text": "Is the business safe beyond the next notice deadline?",
        "guide": "1: it may end this quarter and nobody talked about it. 5: renewed, or renewal agreed in words.",
    },
    {
        "key": "our_side_time",
        "dimension": "our_side",
        "text": "Does the owner have the time and the backing this account needs?",
        "guide": "1: overloaded, or changed lately without a hand-over. 5: time protected, deputy known to them.",
    },
    {
        "key": "our_side_promises",
        "dimension": "our_side",
        "text": "Was what we promised last quarter done?",
        "guide": "1: most of it open. 5: all of it done, and the customer told.",
    },
]
