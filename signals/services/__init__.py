"""Writes across models: the ledger of runs, assessments, history and alerts."""
