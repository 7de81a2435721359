"""What of a compiled model is different when the body is: fields of `MjModel` that `Batch.expand` takes."""

from collections.abc import Mapping

import mujoco
import mujoco.batch
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.bodies.quantities import BodyTable
from sns_mujoco.cosim.brain import find_brains
from sns_mujoco.errors import ParameterError
from sns_mujoco.muscles.finding import find_muscles

Fields = dict[str, NDArray]

# Fields that nothing else in a compiled model follows from, so that no compiler is needed.
DIRECT = {"friction": "geom_friction", "damping": "dof_damping", "stiffness": "jnt_stiffness"}
TREE = ("bvh_child", "bvh_nodeid", "bvh_depth")  # how geoms are grouped for the search for contacts
READ_OF_MUSCLES = ("rest_length", "slack", "force")
NO_PHYSICS = ("text_data", "names", "paths", "tex_", "mat_", "skin_", "light_", "cam_", "mesh_", "oct_", "hfield_")


class Variants:
    """Compares bodies with the described one.

    Attributes:
        model: The body with its nervous system, as it is described.
    """

    def __init__(self, table: BodyTable, model: mujoco.MjModel) -> None:
        """Keep what is described: the body alone, and with its nervous system."""
        self.model = model
        self._plain = table.model
        self._names = [name for name in dir(self._plain) if isinstance(getattr(self._plain, name, None), np.ndarray)]
        self._muscles = find_muscles(self._plain)
        heard = {
            name for brain in find_brains(model).values() for wire in brain.afferent_details
            for name in (wire.source, *wire.drives, *(source for source, _ in wire.quantities))
        }  # fmt: skip
        self._heard = [name for name, muscle in self._muscles.items() if muscle.kind == "mujoco" and name in heard]

    def is_direct(self, quantity: str) -> bool:
        """Whether a quantity is a number of the compiled model as it is."""
        return quantity in DIRECT

    def fields(self, body: mujoco.MjSpec) -> Fields:
        """The fields in which a changed body differs, each as a whole.

        Raises:
            ParameterError: Individuals of one population cannot differ in what is different.
        """
        try:
            changed = body.compile()
        except ValueError as error:
            raise ParameterError(f"MuJoCo cannot build the changed body: {error}") from error
        self._check_muscles(changed)
        found = {
            name: value for name in self._names
            if not _same(value := getattr(changed, name), getattr(self._plain, name))
        }  # fmt: skip
        if any(name in found for name in TREE):
            found = {name: value for name, value in found.items() if name not in TREE}
            found["bvh_aabb"] = self._boxes(found)
        for name in found:
            fits = name in mujoco.batch.MODEL_FIELDS and found[name].shape == getattr(self.model, name).shape
            if not fits and not name.startswith(NO_PHYSICS):
                raise ParameterError(
                    f"individuals of one population cannot differ in {name!r} of the model, which the changed body "
                    "does; leave that change out, or step such an animal alone"
                )
        return {name: value.copy() for name, value in found.items() if name in mujoco.batch.MODEL_FIELDS}

    def written(self, fields: Fields, direct: Mapping[tuple[str, str], float]) -> Fields:
        """Fields with what needs no compiler written into them."""
        fields = dict(fields)
        for (quantity, name), value in direct.items():
            field = DIRECT[quantity]
            if field not in fields:
                fields[field] = getattr(self.model, field).copy()
            if quantity == "friction":
                fields[field][self.model.geom(name).id, 0] = value
            elif quantity == "damping":
                fields[field][self.model.joint(name).dofadr[0]] = value
            else:
                fields[field][self.model.joint(name).id] = value
        return fields

    def _boxes(self, fields: Fields) -> NDArray:
        """Bounding boxes of a changed body in the groups of the described one: groups cannot differ, boxes must fit."""
        model = self._plain.__copy__()
        for name, value in fields.items():
            if name in mujoco.batch.MODEL_FIELDS:
                getattr(model, name)[:] = value
        mujoco.mj_setConst(model, mujoco.MjData(model))
        return model.bvh_aabb

    def _check_muscles(self, changed: mujoco.MjModel) -> None:
        """Afferents of MuJoCo's muscles were made for the lengths that its compiler found in the described body."""
        if not self._heard:
            return
        muscles = find_muscles(changed)
        for name in self._heard:
            for field in READ_OF_MUSCLES:
                if getattr(muscles[name], field) != getattr(self._muscles[name], field):
                    raise ParameterError(
                        f"MuJoCo's compiler gives muscle {name!r} another {field.replace('_', ' ')} in the changed "
                        "body, on which its afferents depend; give the muscle a length_range and a force"
                    )


def _same(one: NDArray, other: NDArray) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()
