"""One module a kind: what its file may hold, and how its rows become facts."""
