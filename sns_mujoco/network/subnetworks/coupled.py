"""Half-centres that keep wanted phase lags: chains, rings, and any consistent net of links.

A link from one oscillator to another is a delay line for each side: interneurons that low-pass what they hear and pass
it on through a steep synapse around R / 2, so that the wave stays square; the last one weakly excites the same side of
the other oscillator (or the other side, for lags beyond half a cycle). An oscillator that is late is pushed on, one
that is early is held back, so it locks to the delayed wave (for the theory of such chains see Cohen, Holmes & Rand
1982, J Math Biol 13:345). The capacitance of the interneurons that makes the lag the wanted one is found by simulating
a pair.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import ceil

from sns_mujoco.errors import NetworkError
from sns_mujoco.network import Network, NonSpikingNeuron
from sns_mujoco.network.checks import number, whole_numbers
from sns_mujoco.network.subnetworks.frame import Frame
from sns_mujoco.network.subnetworks.half_centre import HalfCentre, design_half_centre, relative_period
from sns_mujoco.network.subnetworks.rhythm import phase_lag, solve

# conductance of a link's last synapse, uS for a half-centre of 1 uS: with twice that, long lags around a ring may hunt
STRENGTH = 0.01
EXCITATION = 5.0  # reversal potential of all its synapses above rest, as a multiple of R
LAG_PER_NEURON = 0.075  # of a cycle; an interneuron delays by a quarter of a cycle at most, and less is steadier
FASTEST = 0.01  # time constant of an interneuron, cycles
STEEPNESS = 0.2  # half width of the steep synapses, as a share of R

Link = tuple[int, int, float]


class CoupledOscillatorsNetwork(Network):
    """Half-centres of one period, held at wanted phase lags by links.

    Measured on chains and rings at neural steps up to a tenth of C / (1 uS), the lags are right to 0.005 of a cycle
    (to 0.01 after the first five cycles of a chain; rings of long lags take up to thirty), and the period is as right
    as that of `HalfCentreNetwork`. A design takes some 0.2 s for every lag that differs from the others.

    Neurons: `<name><i>A` and `<name><i>B` of oscillator i, which behave as in `HalfCentreNetwork`; on the way from i
    to j, `<name><i>A to <j> 1`, `<name><i>A to <j> 2` and so on, and the same with B.
    """

    def __init__(
        self,
        period: float,
        links: Iterable[Link],
        name: str = "Oscillator",
        R: float = 20.0,
        *,
        delta: float | None = None,
        resting_potential: float = 0.0,
        membrane_capacitance: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            period: Of the whole cycle, ms.
            links: (i, j, lag) each: j becomes active `lag` cycles later than i; numbered from 0.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            delta: As for `HalfCentreNetwork`, mV.
            resting_potential: mV.
            membrane_capacitance: As for `HalfCentreNetwork`, nF.

        Raises:
            NetworkError: An oscillator is linked to itself or to nothing, two ways from one to another ask for
                different lags, or the period is too short.
        """
        super().__init__(name)
        owner = f"{type(self).__name__} {name!r}"
        wires = _checked(owner, links)
        phases = _phases(owner, wires)
        unit = design_half_centre(owner, period, R, delta, resting_potential, membrane_capacitance)
        for i, phase in enumerate(phases):
            # the second half of its cycle is B's
            unit.add_to(self, f"{name}{i}", a_first=(-phase + 1e-9) % 1.0 < 0.5)
        arriving = [sum(target == i for _, target, _ in wires) for i in range(len(phases))]
        for source, target, lag in wires:
            _link(self, unit, (f"{name}{source}", f"{name}{target}"), str(target), lag, 1.0 / arriving[target])


class ChainNetwork(CoupledOscillatorsNetwork):
    """Half-centres in a row, each leading the next one; see `CoupledOscillatorsNetwork`."""

    def __init__(
        self,
        period: float,
        lags: Sequence[float],
        name: str = "Chain",
        R: float = 20.0,
        *,
        delta: float | None = None,
        resting_potential: float = 0.0,
        membrane_capacitance: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            period: Of the whole cycle, ms.
            lags: From each to the next, cycles; one less than there are oscillators.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            delta: As for `HalfCentreNetwork`, mV.
            resting_potential: mV.
            membrane_capacitance: As for `HalfCentreNetwork`, nF.

        Raises:
            NetworkError: There are no lags, or the period is too short.
        """
        super().__init__(
            period,
            [(i, i + 1, lag) for i, lag in enumerate(lags)],
            name,
            R,
            delta=delta,
            resting_potential=resting_potential,
            membrane_capacitance=membrane_capacitance,
        )


class RingNetwork(CoupledOscillatorsNetwork):
    """Half-centres in a circle, each leading the next one and the last the first; see `CoupledOscillatorsNetwork`."""

    def __init__(
        self,
        period: float,
        lags: Sequence[float],
        name: str = "Ring",
        R: float = 20.0,
        *,
        delta: float | None = None,
        resting_potential: float = 0.0,
        membrane_capacitance: float | None = None,
    ) -> None:
        """Design the network.

        Args:
            period: Of the whole cycle, ms.
            lags: From each to the next, and from the last to the first, cycles; as many as there are oscillators. Their
                sum must be a whole number.
            name: Name, and beginning of the neurons' names.
            R: Range of the potentials, mV.
            delta: As for `HalfCentreNetwork`, mV.
            resting_potential: mV.
            membrane_capacitance: As for `HalfCentreNetwork`, nF.

        Raises:
            NetworkError: The lags do not add up, there are fewer than two, or the period is too short.
        """
        super().__init__(
            period,
            [(i, (i + 1) % len(lags), lag) for i, lag in enumerate(lags)],
            name,
            R,
            delta=delta,
            resting_potential=resting_potential,
            membrane_capacitance=membrane_capacitance,
        )


def _checked(owner: str, links: Iterable[Link]) -> list[Link]:
    wires = []
    for link in links:
        if not isinstance(link, Sequence) or len(link) != 3:
            raise NetworkError(f"{owner}: a link is {link!r}; give (from, to, lag in cycles)")
        source, target = (int(whole_numbers(owner, "the number of an oscillator", end)) for end in link[:2])
        if source == target:
            raise NetworkError(f"{owner}: oscillator {source} is linked to itself; link it to another one")
        if any((source, target) == other[:2] for other in wires):
            raise NetworkError(f"{owner}: there are two links from {source} to {target}; give one")
        wires.append((source, target, number(owner, "lag", link[2])))
    if not wires:
        raise NetworkError(f"{owner}: there are no links; give at least one, for two oscillators")
    return wires


def _phases(owner: str, wires: Sequence[Link]) -> list[float]:
    """Lag of every oscillator behind the first one, cycles.

    Raises:
        NetworkError: One cannot be reached, or can with two different lags.
    """
    phases = {0: 0.0}
    for _ in wires:
        for source, target, lag in wires:
            if source in phases:
                phases.setdefault(target, phases[source] + lag)
            elif target in phases:
                phases[source] = phases[target] - lag
    count = 1 + max(max(source, target) for source, target, _ in wires)
    if len(phases) < count:
        alone = next(i for i in range(count) if i not in phases)
        raise NetworkError(
            f"{owner}: oscillator {alone} is not linked to oscillator 0, not even through others; link it, or "
            "number the oscillators without gaps"
        )
    for source, target, lag in wires:
        off = (phases[source] + lag - phases[target]) % 1.0
        if min(off, 1.0 - off) > 1e-6:
            raise NetworkError(
                f"{owner}: a lag of {lag:g} from {source} to {target} contradicts the other links, which make it "
                f"{(phases[target] - phases[source]) % 1.0:g}; around a ring the lags must add up to whole cycles"
            )
    return [phases[i] for i in range(count)]


def _link(network: Network, unit: HalfCentre, ends: tuple[str, str], suffix: str, lag: float, share: float) -> None:
    """Add the delay lines of one link; its share is less than 1 where several arrive."""
    least = _least_lag(unit.ratio, unit.relative_delta)
    delay = round((lag - least) % 0.5 + least, 9)
    crossed = round((lag - delay) * 2.0) % 2 == 1
    ratio = _delay_ratio(unit.ratio, unit.relative_delta, delay)
    _delay_lines(network, unit, ends, suffix, ratio, _stages(delay), share, crossed=crossed)


def _stages(delay: float) -> int:
    """Number of interneurons in a row for a delay, cycles."""
    return ceil(delay / LAG_PER_NEURON)


def _delay_lines(
    network: Network,
    unit: HalfCentre,
    ends: tuple[str, str],
    suffix: str,
    ratio: float,
    stages: int,
    share: float,
    *,
    crossed: bool,
) -> None:
    """Add both delay lines, whose interneurons have `ratio` times the capacitance of the half-centres."""
    interneuron = NonSpikingNeuron(membrane_capacitance=ratio * unit.capacitance, resting_potential=unit.rest)
    frame = Frame.of(network.name, interneuron, unit.span)
    (passing,) = frame.conductances([1.0], [EXCITATION * unit.span])
    low, high = 0.5 - STEEPNESS, 0.5 + STEEPNESS
    steep = frame.synapse(passing, EXCITATION * unit.span, low=low, high=high)
    last = frame.synapse(share * STRENGTH, EXCITATION * unit.span, low=low, high=high)
    source, target = ends
    for side, other in (("A", "B"), ("B", "A")):
        before = f"{source}{side}"
        for stage in range(1, stages + 1):
            name = f"{source}{side} to {suffix} {stage}"
            network.add_neuron(interneuron, name)
            network.add_connection(steep, before, name)
            before = name
        network.add_connection(last, before, f"{target}{other if crossed else side}")


@lru_cache(maxsize=256)
def _least_lag(ratio: float, relative_delta: float) -> float:
    """Shortest lag, cycles, that a pair is given directly: shorter ones take half a cycle more, from the other side."""
    period = relative_period(ratio, relative_delta)
    return _settled_lag(HalfCentre(ratio=ratio, relative_delta=relative_delta), FASTEST * period, 2, period)


@lru_cache(maxsize=256)
def _delay_ratio(ratio: float, relative_delta: float, delay: float) -> float:
    """Capacitance of the interneurons, in those of the half-centres, that gives a delay, cycles."""
    unit = HalfCentre(ratio=ratio, relative_delta=relative_delta)
    period = relative_period(ratio, relative_delta)
    stages = _stages(delay)

    def lag(capacitance: float) -> float:
        return _settled_lag(unit, capacitance, stages, period)

    low, high = FASTEST * period, 2.0 * FASTEST * period
    while lag(high) < delay and high < period:  # in small steps: too slow ones would no longer pass the wave on
        low, high = high, 1.5 * high
    return solve(lag, delay, low, high, 5e-4)


def _settled_lag(unit: HalfCentre, ratio: float, stages: int, period: float) -> float:
    """Lag at which a pair settles, cycles, from -0.2 to 0.8."""
    net = Network("pair")
    unit.add_to(net, "0")
    unit.add_to(net, "1", a_first=False)
    _delay_lines(net, unit, ("0", "1"), "1", ratio, stages, 1.0, crossed=False)
    for name in ("0A", "0B", "1A", "1B"):
        net.add_output(name)
    dt = min(0.4, max(0.02, period / 2000.0))
    traces = net.compile(dt).run(int(10.0 * period / dt))
    lag = phase_lag(traces[:, 0] - traces[:, 1], traces[:, 2] - traces[:, 3], dt)
    return (lag + 0.2) % 1.0 - 0.2
