"""What a person types about an account: one form for each kind of fact, all written through services."""
