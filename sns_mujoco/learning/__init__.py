"""Learning: what may vary of an animal, how well it does, evolution and reinforcement learning."""
