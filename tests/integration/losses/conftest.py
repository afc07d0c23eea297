"""A morning in June, a team, its manager and its leader."""

from tests.integration.portfolio.conftest import company, leader, manager, morning, north

__all__ = ["company", "leader", "manager", "morning", "north"]
