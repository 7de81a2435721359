"""Speed, measured side by side in one run: what `sns-mujoco bench` does."""
