"""Muscles: parts of the body that MuJoCo steps natively, each pulling on a tendon and driven by an excitation, 0 to 1."""
