"""A simulated supplier and its portfolio; docs/demo.md describes the process."""
