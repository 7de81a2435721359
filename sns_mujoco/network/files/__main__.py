"""Write the published JSON Schema anew: `python -m sns_mujoco.network.files`."""

from sns_mujoco.network.files.schema import PUBLISHED, published_schema

PUBLISHED.write_text(published_schema(), encoding="utf-8")
