"""The hindlimbs of a rat under a two-layer central pattern generator. See README.md beside."""
