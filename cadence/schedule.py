"""When the next proactive contact is due, and the working day that suits it."""
