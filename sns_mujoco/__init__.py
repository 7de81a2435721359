"""Synthetic nervous systems that live inside MuJoCo physics."""
