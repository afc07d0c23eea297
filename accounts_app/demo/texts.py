"""Short notes and titles, as an account manager or a service desk would write them."""

from typing import Final

NOTES: Final = {
    ("us", "proactive"): (
        "Went through the wear pattern on their main press cylinders; they will send photos.",
        "Asked how the new line is running; cycle time is still their main worry.",
        "Showed the change in seal materials and what it means for their spare parts list.",
        "Discussed next year's volumes; no figures yet, budget is settled in autumn.",
        "Walked the shop floor with maintenance; two hoses past their change date.",
        "Talked about lead times for pumps and agreed a buffer for two sizes.",
        "Compared oil cleanliness readings with last year's.",
        "Brought an application engineer along; open question on the accumulator size.",
    ),
    ("us", "review"): (
        "Quarterly review: deliveries, open points, plans for the next quarter.",
        "Reviewed the service figures together and agreed three actions.",
        "Review with management: projects ahead, price development, stock agreement.",
    ),
    ("us", "order"): ("Confirmed the delivery date.", "Clarified part numbers on the order."),
    ("us", "incident"): ("Explained the cause and the corrective step.", "Called to report progress on the open case."),
    ("us", "renewal"): ("Talked through the frame agreement for the coming year.",),
    ("them", "order"): (
        "Asked for a delivery date.",
        "Wanted to move part of the order forward.",
        "Sent the order with a question on packaging.",
        "Asked whether two call-offs can travel together.",
    ),
    ("them", "incident"): ("Reported the fault.", "Asked when the case will be closed."),
    ("them", "consultation"): (
        "Asked for advice on a seal for higher temperatures.",
        "Wanted a proposal for a quieter pump.",
        "Asked which valve replaces a discontinued one.",
        "Sent a drawing and asked for a cylinder quotation.",
        "Asked for help with an oil leak on a test bench.",
    ),
}
NOT_REACHED: Final = "Nobody reached; left a message."
PLANNED: Final = {
    "proactive": ("Ask about the plans for the coming months", "Bring the wear comparison", "See the new line running"),
    "review": ("Quarterly review", "Review of deliveries and open points"),
}

INCIDENT_TITLES: Final = {
    "delivery": (
        "Delivery two days late",
        "Part of the delivery missing",
        "Wrong carrier used",
        "Delivered to the wrong gate",
    ),
    "quality": (
        "Seal ring out of tolerance",
        "Scratched piston rod",
        "Leak at the valve block",
        "Coupling thread damaged",
    ),
    "invoice": ("Invoice shows the old price", "Purchase order number missing on invoice", "Credit note outstanding"),
    "technical": ("Pump louder than specified", "Pressure drops under load", "Data sheet does not match the part"),
    "complaint": ("No answer to a quotation request", "Unhappy with repeated date changes"),
}
PAUSE_REASONS: Final = ("Waiting for the customer's photos", "Waiting for the returned part", "Customer's plant closed")

QUOTATION_TITLES: Final = (
    "Cylinders for the second press line",
    "Pump sets for next year's machines",
    "Valve blocks, yearly need",
    "Hoses and fittings, frame quantity",
    "Power unit for a test rig",
    "Seal kits for the service stock",
    "Drives for a new conveyor",
)
CONSULTATION_TITLES: Final = (
    "Seals for higher temperatures",
    "A quieter pump for the assembly hall",
    "Replacement of a discontinued valve",
    "Oil leak on a test bench",
    "Sizing of an accumulator",
)
COMPETITORS: Final = ("Hydravex", "Norrpump", "Cilindra", "Maurer & Voss Hydraulik", "Fluxor Systems")
EVENT_TITLES: Final = {
    "new_executive": ("New managing director", "New head of purchasing for the group", "New technical director"),
    "merger": ("Merged with a competitor of theirs", "Taken over by an investor"),
    "divestiture": ("Sells its service branch", "Gives up a product line"),
    "restructuring": ("Purchasing is centralised", "Restructuring announced", "Two plants become one"),
    "market_shift": ("Orders in their market fall", "Their largest customer buys less"),
    "product_launched": ("New machine shown at the fair", "Starts series production of the new line"),
    "product_cancelled": ("Stops the small series", "New project cancelled"),
    "litigation": ("In court with a supplier",),
}
EVENT_SOURCES: Final = ("Told by the buyer", "Trade press", "Their web site", "Heard at a fair")
SURVEY_COMMENTS: Final = {
    "low": (
        "Nobody has been here for a long time.",
        "Dates change too often.",
        "We hear from you when you want an order.",
    ),
    "middle": ("Good parts, slow answers.", "Could be quicker with quotations.", ""),
    "high": ("They know our machines.", "Quick help when it counts.", ""),
}
LOSS_NOTES: Final = {
    "slowing": "Volumes went over to another supplier step by step.",
    "abrupt_stop": "Everything placed with another supplier at once.",
    "buyer_left": "The new people brought their own supplier.",
    "our_absence": "They said that they had not seen us for a long time.",
    "contact_silence": "No answer to anything any more.",
}
MATTERS: Final = {
    "Head of purchasing": "Total cost over the year, and dates that hold. Wants figures before a visit.",
    "Maintenance manager": "No stops on the second line. Trusts whoever has seen the machine.",
    "Design engineer": "Quieter units and 3D models without asking twice.",
    "Managing director": "Stock and risk of supply; one page is enough.",
    "Technical director": "Energy use of the whole plant.",
}
HOURS_A_WEEK: Final = {"Sales leader": 8, "Account manager": 26, "Application engineer": 10, "Order desk": 6}
OWN_HOURS_A_WEEK: Final = {"Giulia Bonetti": 2}
"""Who has fewer: the promised contacts of this manager's accounts take more than there is."""
