"""What a page may wish for: short messages, checked, and carried out."""

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

from sns_mujoco.errors import SnsError
from sns_mujoco.rendering.live.life import Life
from sns_mujoco.rendering.live.painter import Painter

Reply = dict[str, Any]
_LARGEST_SEED = 2**32


class Wishes:
    """Carries out what a page wishes.

    A wish is a JSON object whose `do` says what; it brings what that needs. What cannot be done is answered with a
    `notice` that says why.
    """

    def __init__(self, life: Life, painter: Painter, save: Callable[[], str]) -> None:
        """Know whom to tell.

        Args:
            life: The animal's life.
            painter: Who draws it.
            save: Saves what was done; returns a line about it.
        """
        self._life, self._painter, self._save = life, painter, save
        self._known: dict[str, Callable[[dict[str, Any]], Reply | None]] = {
            "play": lambda _: life.play(),
            "pause": lambda _: life.pause(),
            "step": lambda wish: life.step(_whole(wish, "n")),
            "reset": self._reset,
            "speed": lambda wish: life.set_speed(_number(wish, "value")),
            "command": lambda wish: life.command(_text(wish, "name"), _number(wish, "value")),
            "inject": lambda wish: life.inject(_text(wish, "neuron"), _number(wish, "current")),
            "silence": lambda wish: life.silence(_text(wish, "neuron")),
            "release": lambda wish: life.release(_text(wish, "neuron")),
            "cut": lambda wish: life.lesion(_text(wish, "synapse")),
            "restore": lambda wish: life.lesion(_text(wish, "synapse"), intact=True),
            "push": lambda wish: life.push(_text(wish, "body"), _force(wish), _number(wish, "seconds")),
            "size": lambda wish: painter.resize(_number(wish, "width"), _number(wish, "height")),
            "view": lambda wish: painter.look(_number(wish, "turn"), _number(wish, "tilt"), _number(wish, "zoom")),
            "pick": self._pick,
            "protocol": lambda _: {"protocol": life.past().protocol.to_yaml()},
            "save": lambda _: {"saved": save()},
        }

    def grant(self, message: str | bytes) -> Reply | None:
        """Carry out a wish.

        Args:
            message: JSON.

        Returns:
            What to answer; None for nothing.
        """
        try:
            wish = json.loads(message)
            if not isinstance(wish, dict) or wish.get("do") not in self._known:
                raise ValueError(f"the page wished {str(message)[:80]!r}, which is not known here")
            return self._known[wish["do"]](wish)
        except (SnsError, OSError, ValueError, OverflowError, RecursionError) as error:
            return {"notice": str(error)}

    def _reset(self, wish: dict[str, Any]) -> None:
        seed = wish.get("seed")
        if seed is not None and not 0 <= _whole(wish, "seed") < _LARGEST_SEED:
            raise ValueError(f"the seed is {seed}; give 0 to {_LARGEST_SEED - 1}")
        self._life.reset(seed)

    def _pick(self, wish: dict[str, Any]) -> Reply:
        x, y = _number(wish, "x"), _number(wish, "y")
        if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            raise ValueError(f"the place {x:g}, {y:g} is outside the picture")
        body, right, up = self._painter.body_at(x, y)
        return {"picked": body, "right": right, "up": up}


def _number(wish: dict[str, Any], name: str) -> float:
    value = wish.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{name} is {value!r}; give a finite number")
    return float(value)


def _whole(wish: dict[str, Any], name: str) -> int:
    value = wish.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} is {value!r}; give a whole number")
    return value


def _text(wish: dict[str, Any], name: str) -> str:
    value = wish.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}; give a name")
    return value


def _force(wish: dict[str, Any]) -> tuple[float, float, float]:
    value = wish.get("force")
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError(f"force is {value!r}; give three numbers, N")
    x, y, z = (_number({"force": part}, "force") for part in value)
    return x, y, z
