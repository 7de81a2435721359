"""States of all individuals by name."""

import mujoco
import numpy as np
from numpy.typing import NDArray

from sns_mujoco.cosim.brain import Brain, find_neuron, sole
from sns_mujoco.cosim.population.commands import PopulationCommands
from sns_mujoco.cosim.population.rows import Rows
from sns_mujoco.errors import unknown_name


class Views:
    """What of a population's states has a name: live views, into which what can be set is written.

    Attributes:
        model: The model.
        brains: Nervous systems by name.
    """

    model: mujoco.MjModel
    brains: dict[str, Brain]

    @property
    def data(self) -> Rows:
        """The batch."""
        raise NotImplementedError

    @property
    def commands(self) -> PopulationCommands:
        """Descending commands by name, each float64 [n]; to be set to one value or to one for each individual."""
        places = {name: place for brain in self.brains.values() for name, place in brain.commands.items()}
        return PopulationCommands(self.data.bind("userdata"), places)

    @property
    def brain(self) -> Brain:
        """The nervous system, where there is one.

        Raises:
            UnknownNameError: There are several; take one from `brains`.
        """
        return sole(self.brains)

    @property
    def time(self) -> NDArray[np.float64]:
        """Simulated time of each individual, s, a live view, float64 [n]."""
        return self.data.bind("time")

    @property
    def potentials(self) -> NDArray[np.float64]:
        """Membrane potentials of the nervous system, a live view, float64 [n, N], mV."""
        brain = self.brain
        return self.data.bind("plugin_state")[:, brain.state.start : brain.state.start + len(brain.neuron_names)]

    def potential(self, neuron: str) -> NDArray[np.float64]:
        """Membrane potentials of one neuron, a live view, float64 [n], mV.

        Raises:
            UnknownNameError: There is none of that name.
        """
        return self.data.bind("plugin_state")[:, find_neuron(self.brains, neuron)]

    def sensor(self, name: str) -> NDArray[np.float64]:
        """What a sensor of the body reads, a live view, float64 [n, its dimension], in its unit.

        Raises:
            UnknownNameError: There is none of that name.
        """
        found = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_SENSOR, name)
        if found < 0:
            raise unknown_name(
                "sensor", name, [self.model.sensor(i).name for i in range(self.model.nsensor)], "the body"
            )
        first, size = int(self.model.sensor_adr[found]), int(self.model.sensor_dim[found])
        return self.data.bind("sensordata")[:, first : first + size]
