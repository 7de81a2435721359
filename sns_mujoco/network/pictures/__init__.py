"""Pictures of networks: circuit diagrams as SVG and Mermaid, and a summary in words."""

from sns_mujoco.network.pictures.mermaid import to_mermaid
from sns_mujoco.network.pictures.summary import summary
from sns_mujoco.network.pictures.svg import to_svg

__all__ = ["summary", "to_mermaid", "to_svg"]
