"""Options about the look of a film, as a user types them."""

from collections.abc import Sequence

from rich.console import Console

from sns_mujoco.rendering.choice import check_panels
from sns_mujoco.rendering.shoot import Style

NOTHING = "none"
NAMED = 3  # of the traces that have no room


def style_of(
    panels: str | None, camera: str, title: str, caption: str, phase: Sequence[str] | None, size: str = "1280x720"
) -> Style:
    """The look of a film.

    Args:
        panels: Names of panels with commas between, "none" for the body alone, None for what suits the animal.
        camera: Name of a camera.
        title: Above the body.
        caption: Below the title.
        phase: Two signals with a comma between, several times for several phase portraits.
        size: Width and height, pixels, as "1280x720".

    Raises:
        UnknownNameError: There is no such panel.
        ValueError: Something is written in another way.
    """
    chosen = None
    if panels is not None:
        chosen = tuple(name.strip() for name in panels.split(",") if name.strip() not in ("", NOTHING))
        check_panels(chosen)
    pairs = []
    for text in phase or ():
        x, comma, y = (part.strip() for part in text.partition(","))
        if not (x and comma and y) or "," in y:
            raise ValueError(f"--phase is {text!r}; give two signals with a comma between, as 'L1 swing,R1 swing'")
        pairs.append((x, y))
    if pairs and chosen is not None and "phase" not in chosen:
        raise ValueError("--phase is given, but phase is not among --panels; add it there")
    if pairs and chosen is None:
        chosen = ("phase", "traces")
    width, times, height = size.partition("x")
    if not (times and width.isdigit() and height.isdigit()):
        raise ValueError(f"--size is {size!r}; give width and height in pixels, as 1280x720")
    return Style(
        panels=chosen, camera=camera, title=title, caption=caption, portraits=tuple(pairs),
        size=(int(width), int(height)),
    )  # fmt: skip


def tell_left_out(console: Console, labels: Sequence[str]) -> None:
    """Say which traces were asked for and have no room in a film."""
    if labels:
        more = ", ..." if len(labels) > NAMED else ""
        traces = "1 trace" if len(labels) == 1 else f"{len(labels)} traces"
        told = f"the film has no room for {traces} ({', '.join(labels[:NAMED])}{more}); ask for fewer --panels"
        console.print(told, highlight=False, markup=False, soft_wrap=True)
