"""The motion over which everything is compared: an animal that lives, and its body alone doing the same."""

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.models import Animal

SETTLED = 2.0  # s after its start at which an animal is under way
PIECE = 2500  # physics steps of a piece, at most: a few hundredths of a second
_FIELDS = ("qpos", "qvel", "act", "qacc_warmstart", "ctrl", "mocap_pos", "mocap_quat", "eq_active", "userdata")
SHARED = ("qpos", "qvel", "act", "qacc_warmstart", "mocap_pos", "mocap_quat", "eq_active")

State = dict[str, NDArray[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a motion.

    With the state of its muscles and the solver's warm start as well, animal and body live through the same motion, bit
    for bit.

    Attributes:
        controls: Of the closed loop, [steps, nu].
        closed_state: Fields of `mjData` at the beginning, of the animal.
        open_state: The same, of the body.
    """

    controls: NDArray[np.float64]
    closed_state: State
    open_state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """A stretch of an animal's life.

    Attributes:
        simulation: The animal, at the beginning.
        body: The same body without nervous system and without the sensors that were added for it; muscles are part of
            the body.
        pieces: What it goes through, in pieces of the same length.
    """

    simulation: Simulation
    body: mujoco.MjModel
    pieces: tuple[Piece, ...]


def record(animal: Animal, *, seconds: float) -> Motion:
    """Let an animal live at its cruising commands until it is under way, and record the controls from there on.

    Args:
        animal: The animal, on its usual terrain.
        seconds: How long the motion is to be.
    """
    simulation = animal.simulation()
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    simulation.run(SETTLED)
    body = animal.body(animal.terrains[0], 0).compile()
    steps = round(seconds / body.opt.timestep)
    pieces = -(-steps // PIECE)
    start = simulation.snapshot()
    recorded = tuple(_piece(simulation, body, steps // pieces) for _ in range(pieces))
    simulation.restore(start)
    return Motion(simulation=simulation, body=body, pieces=recorded)


def _piece(simulation: Simulation, body: mujoco.MjModel, steps: int) -> Piece:
    """The next steps of an animal, and where it stands before them."""
    data = simulation.data
    closed = {name: np.array(getattr(data, name), float).ravel() for name in (*_FIELDS, "plugin_state")}
    opened = {name: closed[name] for name in SHARED}
    opened["plugin_state"] = closed["plugin_state"][plugin_places(simulation.model, body)]
    controls = np.empty((steps, simulation.model.nu))
    for k in range(steps):
        simulation.step()
        controls[k] = data.ctrl
    return Piece(
        controls=controls,
        closed_state={name: values for name, values in closed.items() if values.size},
        open_state={name: values for name, values in opened.items() if values.size},
    )


def put(data: mujoco.MjData, state: State) -> None:
    """Write a state into `mjData`."""
    for name, values in state.items():
        getattr(data, name).flat[:] = values


def plugin_places(whole: mujoco.MjModel, body: mujoco.MjModel) -> NDArray[np.intp]:
    """Where in the state of the animal's engine plugins that of the body's own plugins stands, as its muscles'."""
    places: list[int] = []
    taken: set[int] = set()
    for instance in range(body.nplugin):
        twin = next(k for k in range(whole.nplugin) if whole.plugin[k] == body.plugin[instance] and k not in taken)
        taken.add(twin)
        source = int(whole.plugin_stateadr[twin])
        places += range(source, source + int(body.plugin_statenum[instance]))
    return np.array(places, np.intp)
