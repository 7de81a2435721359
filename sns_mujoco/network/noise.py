"""Noise that neurons receive."""

from dataclasses import dataclass
from typing import Any, ClassVar

from numpy.typing import ArrayLike

from sns_mujoco.network.described import Bounds, Described, checked, settle_columns


@dataclass(frozen=True, slots=True)
class OrnsteinUhlenbeckNoise(Described):
    """A current that wanders around its mean, of its own in every neuron.

        dI = (mean - I) dt / time_constant + sigma sqrt(2 dt / time_constant) n

    with n standard normal (Uhlenbeck & Ornstein 1930, Phys Rev 36:823). Its values at the steps are exact for every
    step, whatever the integrator: I <- mean + keep (I - mean) + sigma sqrt(1 - keep^2) n with keep = exp(-dt /
    time_constant). Random numbers follow from the seed in the state, the step and the source alone.

    Spikes that come at random: `PoissonNeuron` with event synapses.

    Attributes:
        sigma: Standard deviation, nA; one, or one for each neuron, as all others.
        time_constant: ms; 0: an independent current in every step.
        mean: nA.
        initial: At the start, nA; the mean if left out.
    """

    BOUNDS: ClassVar[Bounds] = {
        "sigma": {"least": 0.0}, "time_constant": {"least": 0.0}, "mean": {}, "initial": {},
    }  # fmt: skip
    OPTIONAL: ClassVar[frozenset[str]] = frozenset({"initial"})

    sigma: ArrayLike = 1.0
    time_constant: ArrayLike = 5.0
    mean: ArrayLike = 0.0
    initial: ArrayLike | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        settle_columns(self, checked(self.label, self.columns, self.BOUNDS, self.OPTIONAL))

    @property
    def per_neuron(self) -> dict[str, Any]:
        """What takes one value, or one for each neuron of a population."""
        return self.columns
