"""A linter for the wiring between brain and body."""
