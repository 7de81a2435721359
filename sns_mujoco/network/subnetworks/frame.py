"""The frame of a design: where potentials rest and how far they go, and the synapses that follow from a wanted gain.

Everything is counted from rest. With U = V - V_rest and u = U / R, a synapse opens from u = 0 to u = 1, and a neuron of
conductance G that synapses g_i with reversal potentials dE_i above rest act on settles at

    U = sum g_i u_i dE_i / (G + sum g_i u_i)

(Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37). The sum below is what bends the response. A *balanced*
synapse has a companion that closes while it opens, g (1 - u), with its reversal potential at rest: then the sum below
is G + sum g_i whatever the inputs are, and the response is linear.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingMatrixConnection, NonSpikingNeuron, NonSpikingSynapse
from sns_mujoco.network.checks import number
from sns_mujoco.network.synapses import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Rest, range and conductance of the neurons of a subnetwork.

    Attributes:
        owner: How messages call the subnetwork.
        rest: Potential without input, mV: the resting potential, and what a bias adds to it.
        span: R, mV: how far above rest a fully active neuron is.
        conductance: G, uS.
    """

    owner: str
    rest: float
    span: float
    conductance: float

    @classmethod
    def of(cls, owner: str, neuron: NonSpikingNeuron, R: float) -> "Frame":
        """The frame of a kind of neuron.

        Raises:
            NetworkError: It is not a plain `NonSpikingNeuron`, its parameters are arrays, it does not leak, or
                R is not positive.
        """
        if type(neuron) is not NonSpikingNeuron:
            raise NetworkError(
                f"{owner}: neuron_type is {neuron!r}; the design holds for plain leaky membranes: give a "
                "NonSpikingNeuron"
            )
        conductance = number(owner, "membrane_conductance", neuron.membrane_conductance, above=0.0)
        bias = number(owner, "bias", neuron.bias)
        rest = number(owner, "resting_potential", neuron.resting_potential) + bias / conductance
        return cls(owner=owner, rest=rest, span=number(owner, "R", R, above=0.0), conductance=conductance)

    def synapse(
        self, conductance: ArrayLike, delta_e: float, *, low: float = 0.0, high: float = 1.0, name: str | None = None
    ) -> Connection:
        """A graded synapse between neurons of this frame.

        Args:
            conductance: uS; [n_destination, n_source] for one by one.
            delta_e: Reversal potential above rest, mV.
            low: Where it begins to open, as a share of R.
            high: Where it is fully open; less than low for one that closes.
            name: Name of the kind; the default one if left out.
        """
        kind = NonSpikingMatrixConnection if np.ndim(conductance) else NonSpikingSynapse
        label = {} if name is None else {"name": name}
        e_lo, e_hi = self.rest + low * self.span, self.rest + high * self.span
        return kind(conductance, self.rest + delta_e, e_lo, e_hi, **label)  # type: ignore[arg-type]

    def join(
        self,
        network: Network,
        source: int | str,
        destination: int | str,
        conductance: ArrayLike,
        delta_e: float,
        *,
        balanced: bool = False,
    ) -> None:
        """Add a synapse, and if it is to be balanced its companion.

        The companion comes first, so that with SNS-Toolbox's semantics, where the last synapse of a pair replaces the
        others, the plain design is left.
        """
        if balanced:
            ends = (network.populations[network.get_population_index(end)].name for end in (source, destination))
            companion = self.synapse(conductance, 0.0, low=1.0, high=0.0, name="Balance")
            network.add_connection(companion, source, destination, "->".join(ends) + " balance")
        network.add_connection(self.synapse(conductance, delta_e), source, destination)

    def conductances(self, gains: Sequence[float], delta_e: Sequence[float], *, balanced: bool = False) -> list[float]:
        """Conductances, uS, of synapses that meet in one neuron, from the gains wanted.

        Each alone: g = G k R / (dE - k R). Balanced: g = (G + S) k R / dE, where S, the sum of all, follows from
        S = G q / (1 - q), q = sum k R / dE.

        Args:
            gains: k of each, mV over mV.
            delta_e: Reversal potential of each above rest, mV.
            balanced: Whether they will be.

        Raises:
            NetworkError: No positive conductance gives one of the gains; or, balanced, not all of them together.
        """
        shares = []
        for gain, reversal in zip(gains, delta_e, strict=True):
            reach = gain * self.span
            if reach == 0 or reversal == 0 or not 0 < reach / reversal < 1:
                raise NetworkError(
                    f"{self.owner}: no conductance gives a gain of {gain:g} over R = {self.span:g} mV with a reversal "
                    f"potential {reversal:g} mV from rest; the gain must not be 0, and the reversal potential must lie "
                    f"beyond gain * R = {reach:g} mV"
                )
            shares.append(reach / reversal)
        if not balanced:
            return [self.conductance * share / (1 - share) for share in shares]
        if sum(shares) >= 1:
            raise NetworkError(
                f"{self.owner}: balanced synapses give gains only while the sum of gain * R / reversal potential is "
                f"less than 1; it is {sum(shares):g}: give reversal potentials farther from rest, or smaller gains"
            )
        total = self.conductance / (1 - sum(shares))
        return [total * share for share in shares]


def plain(neuron: NonSpikingNeuron | None) -> NonSpikingNeuron:
    """What was given, or the default neuron (5 nF, 1 uS, rest 0 mV)."""
    return NonSpikingNeuron() if neuron is None else neuron
