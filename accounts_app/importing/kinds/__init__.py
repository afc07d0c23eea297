"""How each kind of file becomes facts: one module a kind, set-based SQL over the staging tables."""
