"""`Alone`: the numbers of a single animal, as if it were a population of one."""

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
        self._rows: ParameterRows | None = None
        self._body: BodyRows | None = None

    @property
    def rows(self) -> ParameterRows:
        """Numbers of the nervous system; the network is known, since a change of them has been planned."""
        if self._rows is None:
            assert self._subject.table is not None
            self._rows = ParameterRows(self._subject.table, 1, self.field)
        return self._rows

    @property
    def body(self) -> BodyRows:
        """Numbers of the body, which is known likewise."""
        if self._body is None:
            described = self._subject.described
            assert described is not None and described.body is not None
            self._body = BodyRows(described.body, self._subject.model, 1, self.field)
        return self._body

    def field(self, name: str) -> NDArray[Any]:
        """A field of the model [1, ...], a view."""
        owner, _, field = name.rpartition(".")
        return np.asarray(getattr(self._model.opt if owner else self._model, field))[None]

    def kept(self) -> dict[str, Any]:
        """What the model's numbers are called and follow from, by where that is kept."""
        known = {"rows": self._rows, "body": self._body}
        return {name: owner.kept() for name, owner in known.items() if owner is not None}
