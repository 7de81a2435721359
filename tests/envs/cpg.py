"""A small rhythm that can be put into any body with a few actuators."""

from collections.abc import Sequence

from sns_mujoco.adapters import Afferent, AntagonistPair, Command, Efferent
from sns_mujoco.network import Network
from sns_mujoco.network.subnetworks import HalfCentreNetwork


def cpg(actuators: Sequence[str], *, noise: float = 0.0) -> tuple[Network, list[Afferent | Efferent]]:
    """A half-centre whose halves pull actuators to and fro, every second one the other way round.

    The command "quicken" shortens its period, and "lean" (-1 to 1) favours one half.

    Args:
        actuators: Their names.
        noise: Standard deviation of noise on "quicken".
    """
    network = HalfCentreNetwork(400.0, "rhythm")
    ends = ("rhythmA", "rhythmB")
    adapters: list[Afferent | Efferent] = [
        Command("quicken", to=end, range=(0.0, 1.0), gain=2.0, noise=noise) for end in ends
    ]
    adapters.append(Command("lean", to=ends[0], range=(1.0, -1.0), gain=4.0, offset=-2.0))
    pairs = (ends, ends[::-1])
    adapters += [AntagonistPair(*pairs[i % 2], drives=actuator) for i, actuator in enumerate(actuators)]
    return network, adapters
