"""What may go wrong with workers, queue and database in the middle of a night, small and in full size.

The full sizes run by `make storm`. A test prints the seed of its dice; pytest's `-p randomly_seed=SEED`
throws them again.
"""
