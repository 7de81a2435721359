"""Frequency against current: how a neuron answers steps of injected current, alone or in its animal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sns_mujoco.errors import ExperimentError
from sns_mujoco.experiments.lives import EVERY_STEP, Channel, Progress, Trial, Watch, live
from sns_mujoco.experiments.looks import ACCENT, INK, QUIET, with_margin
from sns_mujoco.experiments.results import Result, Row
from sns_mujoco.experiments.setting import Seeds, Setting, positive, versions
from sns_mujoco.experiments.signals import bursts, levels_of
from sns_mujoco.experiments.statistics import mean_and_margin, told
from sns_mujoco.network import Network
from sns_mujoco.network.neurons import Neuron
from sns_mujoco.protocols import CurrentClamp, Protocol

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sns_mujoco.cosim.population import Population
    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]

RATE = 1000.0  # samples per simulated second of an animal's potentials


@dataclass(frozen=True, slots=True, kw_only=True)
class FICurve(Result):
    """How a neuron answers currents, once for each seed.

    Attributes:
        current: Injected current, nA [C].
        spiking: Whether the neuron spikes. If not, rates are of bursts: rises of its potential, see `signals`.
        rate: Rate in the second half of the step: one over the mean interval, Hz; 0 with less than two spikes [C, S].
        first: One over the first interval of the step, Hz; 0 with less than two spikes [C, S].
        latency: From the begin of the step to the first spike, s; nan without one [C, S].
        potential: Mean membrane potential in the second half, mV [C, S].
        fell: Whether the animal fell, or left the finite numbers: then nothing is known of the neuron but `first` and
            `latency`; of a neuron alone never [C, S].
    """

    kind: ClassVar[str] = "f_i_curve"
    current: Floats
    spiking: bool
    rate: Floats
    first: Floats
    latency: Floats
    potential: Floats
    fell: NDArray[np.bool_]

    @property
    def mean_rate(self) -> Floats:
        """Mean rate over the seeds that did not fall, Hz; nan where all did [C]."""
        return mean_and_margin(self.rate)[0]

    @property
    def rheobase(self) -> float:
        """Least of the currents from which on the neuron fires again and again, nA; nan for none."""
        firing = self.mean_rate > 0
        return float(self.current[firing].min()) if firing.any() else float("nan")

    @property
    def gain(self) -> float:
        """Slope of the rate over the currents at which it fires, Hz/nA, by least squares; nan with less than two."""
        rate = self.mean_rate
        return _slope(self.current[rate > 0], rate[rate > 0])

    @property
    def resistance(self) -> float:
        """Slope of the mean potential, mV/nA, which is MOhm, over the currents at which it does not fire."""
        still = self.mean_rate == 0
        return _slope(self.current[still], mean_and_margin(self.potential)[0][still])

    def to_dataset(self) -> Any:
        """See `Result.to_dataset`."""
        what = "spikes" if self.spiking else "bursts"
        both = ("current", "seed")
        return self._dataset(
            {
                "rate": (both, self.rate, "Hz", f"rate of {what} in the second half of the step"),
                "first_rate": (both, self.first, "Hz", f"one over the first interval between {what}"),
                "latency": (both, self.latency, "s", f"from the begin of the step to the first of the {what}"),
                "potential": (both, self.potential, "mV", "mean membrane potential in the second half of the step"),
                "fell": (both, self.fell, "1", "whether the animal fell"),
            },
            {
                "current": (self.current, "nA", "injected current"),
                "seed": (self.config["seeds"], "1", "seed"),
            },
        )

    def table(self) -> list[Row]:
        """One row for each current, means over seeds."""
        means = (mean_and_margin(of)[0] for of in (self.rate, self.first, self.latency, self.potential, self.fell))
        names = ("current_nA", "rate_Hz", "first_rate_Hz", "latency_s", "potential_mV", "fell")
        return [dict(zip(names, row, strict=True)) for row in zip(self.current, *means, strict=True)]

    def summary(self) -> str:
        """See `Result.summary`."""
        what = "fires" if self.spiking else "bursts"
        lines = [f"{self.config['neuron']}: {len(self.current)} currents from {self.current[0]:g} to "
                 f"{self.current[-1]:g} nA"]  # fmt: skip
        if np.isfinite(self.rheobase):
            lines.append(f"{what} from {self.rheobase:.4g} nA on, up to {np.nanmax(self.mean_rate):.4g} Hz")
            silent = self.current[(self.mean_rate == 0) & (self.current > self.rheobase)]
            if silent.size:
                lines.append(f"and no more from {silent[0]:.4g} nA on")
            if np.isfinite(self.gain):
                lines.append(f"gain {told(self.gain)} Hz/nA")
        else:
            lines.append(f"it never {what}")
        if np.isfinite(self.resistance):
            lines.append(f"input resistance {told(self.resistance)} MOhm where it does not")
        if self.fell.any():
            lines.append(f"the animal fell in {int(self.fell.sum())} of {self.fell.size} lives")
        return "\n".join(lines)

    def draw(self) -> "Figure":
        """Rate, and mean potential, over current."""
        from sns_mujoco.analysis import figures

        fires = bool((self.rate > 0).any())
        figure, axes = figures.canvas(120.0, 95.0 if fires else 60.0, rows=2 if fires else 1, share_x=True)
        if fires:
            top = axes[0, 0]
            if self.spiking:
                top.plot(self.current, self.first.mean(axis=1), color=QUIET, label="first interval")
            top.plot(self.current, self.mean_rate, "o-", color=ACCENT, ms=2.5, label="second half of the step")
            top.set(ylabel="spikes, Hz" if self.spiking else "bursts, Hz")
            top.set_title(str(self.config["neuron"]))
            top.legend(loc="upper left")
        bottom = axes[-1, 0]
        with_margin(bottom, self.current, self.potential, INK)
        bottom.set(xlabel="injected current, nA", ylabel="mean potential, mV")
        if not fires:
            bottom.set_title(str(self.config["neuron"]))
        return figure


def f_i_curve(
    what: "Neuron | Animal | str | PathLike[str]", neuron: str | None = None, *,
    currents: ArrayLike | None = None, seconds: float = 1.0, dt: float = 0.05, settle: float = 1.0,
    seeds: Seeds = 1, terrain: str | None = None, commands: Mapping[str, float] | None = None, threads: int = 0,
    progress: Progress | None = None,
) -> FICurve:  # fmt: skip
    """Inject steps of current into a neuron, and see how fast it fires.

    Args:
        what: A description of a neuron, as `LIFNeuron()`, which is stepped alone from rest; or an animal, into one of
            whose neurons the currents go while it lives.
        neuron: Name of the neuron of the animal.
        currents: Currents, nA [C]; from 0 to 20 in 21 steps if left out.
        seconds: Duration of the step, s.
        dt: Neural step of a neuron alone, ms.
        settle: Of an animal: time before the step, s.
        seeds: Repetitions, or their seeds: of noise, and of an animal's start.
        terrain: Of an animal.
        commands: Of an animal, where they differ from those it cruises at.
        threads: Threads that step animals; 0 for as many as there are processors.
        progress: Is told which share is done.

    Raises:
        ExperimentError: It is a neuron alone and a name is given, or an animal without.
        UnknownNameError: There is no such animal, neuron, terrain or command.
        ValueError: A current is not finite, or a number is out of bounds.
        TimeStepError: The neuron is unstable with this step.
    """
    given = _currents(currents)
    seconds = positive(seconds, "seconds", "s")
    if isinstance(what, Neuron):
        if neuron is not None:
            raise ExperimentError(f"neuron {neuron!r} is named beside {what.name!r}, which stands alone; leave it out")
        return _alone(what, given, seconds, positive(dt, "dt", "ms"), seeds)
    setting = Setting.of(what, terrain=terrain, commands=commands, settle=settle, seeds=seeds, threads=threads)
    if neuron is None:
        raise ExperimentError(f"which neuron of {setting.animal.name!r}? Give its name: f_i_curve(animal, 'name')")
    return _in_animal(setting, setting.named([neuron])[0], given, seconds, progress)


def _alone(kind: Neuron, currents: Floats, seconds: float, dt: float, seeds: Seeds) -> FICurve:
    repeats = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    count = len(currents)
    net = Network("f-I curve")
    net.add_population(kind, count, "neuron")
    net.add_input("neuron", count)
    net.add_output("neuron")
    if kind.spikes:
        net.add_output("neuron", spiking=True)
    model = net.compile(dt=dt, backend="numba")
    steps = round(1e3 * seconds / dt)
    if steps < 2:
        raise ExperimentError(f"{seconds:g} s are fewer than two steps of {dt:g} ms; take more seconds")
    time = np.arange(1, steps + 1, dtype=float) * (dt * 1e-3)
    measured = []
    for seed in repeats:
        model.reset(seed=seed)
        out = model.run(np.broadcast_to(currents, (steps, count)).copy())
        spikes = out[:, count:] > 0 if kind.spikes else None
        measured.append([
            _measure(time, out[:, c], None if spikes is None else time[spikes[:, c]]) for c in range(count)
        ])  # fmt: skip
    config = {
        "experiment": "f_i_curve", "neuron": kind.name, "currents_nA": currents, "seconds": seconds, "dt_ms": dt,
        "seeds": repeats, "versions": versions(),
    }  # fmt: skip
    return _result(config, currents, kind.spikes, np.array(measured), np.zeros((len(repeats), count), bool))


def _in_animal(setting: Setting, neuron: str, currents: Floats, seconds: float, progress: Progress | None) -> FICurve:
    trials = [
        Trial(seed=seed, protocol=Protocol([CurrentClamp(neuron, float(current), start=setting.settle)]))
        for seed in setting.seeds
        for current in currents
    ]
    program = setting.animal.network().to_program(dt=setting.animal.dt)
    fires = program.neuron_names.index(neuron) in program.spiking_neuron
    watch = Watch(neurons=(neuron,), more=_spikes_of(neuron) if fires else None)
    rate = EVERY_STEP if fires else RATE
    lives = live(setting, trials, seconds, watch, rate=rate, progress=progress)
    time = lives.time[1:] - setting.settle
    fired = lives.more.get("spikes")
    measured = []
    for row, down in enumerate(lives.down):
        upright = lives.time[1:] <= lives.fell[row]  # a fallen animal stands still, and a spike of its neuron with it
        spikes = None if fired is None else time[upright & (fired[row, 1:, 0] > 0)]
        own = _measure(time, np.where(upright, lives.potential[row, 1:, 0], np.nan), spikes)
        measured.append((np.nan, own[1], own[2], np.nan) if down else own)
    config = setting.described() | {
        "experiment": "f_i_curve", "neuron": neuron, "currents_nA": currents, "seconds": seconds,
    }  # fmt: skip
    shape = (len(setting.seeds), len(currents), -1)
    return _result(config, currents, fires, np.array(measured).reshape(shape), lives.down.reshape(shape[:2]))


def _spikes_of(neuron: str) -> Callable[["Population"], dict[str, Channel]]:
    def find(population: "Population") -> dict[str, Channel]:
        brain = population.brain
        place = brain.readout.start + len(brain.neuron_names) + brain.spiking.index(brain.neuron(neuron))
        return {"spikes": Channel(field="sensordata", index=np.array([place]))}

    return find


def _result(
    config: Mapping[str, Any], currents: Floats, spiking: bool, measured: Floats, fell: NDArray[np.bool_]
) -> FICurve:
    """Of what was measured [S, C, 4], and of who fell [S, C]."""
    rate, first, latency, potential = np.moveaxis(measured, (2, 1), (0, 1))  # [4, C, S]
    return FICurve(
        config=config, current=currents, spiking=spiking, rate=rate, first=first, latency=latency, potential=potential,
        fell=fell.T,
    )  # fmt: skip


def _measure(time: Floats, potential: Floats, spikes: Floats | None) -> tuple[float, float, float, float]:
    """Rate, first rate, latency and mean potential of one step, from its beginning on."""
    late = time > time[-1] / 2.0
    if spikes is None:
        spikes = bursts(time, potential, levels_of(potential[late])).onsets
    intervals, settled = np.diff(spikes), np.diff(spikes[spikes > time[-1] / 2.0])
    return (
        1.0 / float(settled.mean()) if len(settled) else 0.0,
        1.0 / float(intervals[0]) if len(intervals) else 0.0,
        float(spikes[0]) if len(spikes) else float("nan"),
        float(potential[late].mean()),
    )


def _currents(given: ArrayLike | None) -> Floats:
    currents = np.linspace(0.0, 20.0, 21) if given is None else np.unique(np.asarray(given, float))
    if not currents.size or not np.isfinite(currents).all():
        raise ValueError(f"currents are {given!r} nA; give finite numbers, at least one")
    return currents


def _slope(x: Floats, y: Floats) -> float:
    known = np.isfinite(y)
    return float(np.polyfit(x[known], y[known], 1)[0]) if known.sum() > 1 else float("nan")
