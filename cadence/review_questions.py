"""The discovery questions that come with the product, by the level of who is asked; a company changes them."""

QUESTIONS: dict[str, tuple[str, ...]] = {
    "executive": (
        "What has to be different in your business a year from now?",
        "Which figure will you be measured by this year, and where does it stand?",
        "What could keep you from getting there?",
        "Which of your customers' demands are changing?",
    ),
    "management": (
        "Which project takes most of your attention this quarter?",
        "Where do you lose most time or money today?",
        "What would you change first about how we work together?",
        "Which decision lies ahead in which we could help with criteria or figures?",
    ),
    "operational": (
        "What went wrong with our products or deliveries that never became a complaint?",
        "What do you do by hand today that should go by itself?",
        "Which of our answers took too long for you?",
        "What do others do better than we do?",
    ),
}
