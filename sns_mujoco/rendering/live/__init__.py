"""Live view: an animal in a browser, with its nervous system beside it, in real time.

    with LiveView(load("hexapod")) as view:
        print(view.url)
        input()

The page is the project's own: the body comes as pictures from the renderers that films use, so that it needs neither
WebGL nor a graphics card, and the nervous system as numbers that the page draws. MuJoCo Studio's web viewer steps and
draws the model in the browser, where the engine plugins of the nervous system do not exist.

Only this machine can reach it, and only who has the address with its secret; see `server`.
"""

from sns_mujoco.rendering.live.view import LiveView

__all__ = ["LiveView"]
