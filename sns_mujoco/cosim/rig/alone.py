"""`Alone`: the numbers of a single animal, as if it were a population of one."""

from functools import cached_property
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies import BodyRows
from sns_mujoco.cosim.parameters import ParameterRows
from sns_mujoco.cosim.rig.subject import Subject


class Alone:
    """Who keeps the numbers of one animal: its model, written to in place."""

    def __init__(self, model: mujoco.MjModel, subject: Subject) -> None:
        """Begin.

        Args:
            model: Of the animal.
            subject: The animal as it was described, whose tables are used.
        """
        self._model, self._subject = model, subject

    @cached_property
    def rows(self) -> ParameterRows:
        """Numbers of the nervous system; the network is known, since a change of them has been planned."""
        assert self._subject.table is not None
        return ParameterRows(self._subject.table, 1, self.field)

    @cached_property
    def body(self) -> BodyRows:
        """Numbers of the body, which is known likewise."""
        described = self._subject.described
        assert described is not None and described.body is not None
        return BodyRows(described.body, self._subject.model, 1, self.field)

    def field(self, name: str) -> NDArray[Any]:
        """A field of the model [1, ...], a view."""
        owner, _, field = name.rpartition(".")
        return np.asarray(getattr(self._model.opt if owner else self._model, field))[None]

    def kept(self) -> dict[str, Any]:
        """What the model's numbers are called and follow from, by where that is kept."""
        return {name: self.__dict__[name].kept() for name in ("rows", "body") if name in self.__dict__}
