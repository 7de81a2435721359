"""The cells of Norse as networks: one population, what comes in, and what comes out.

    net = LIFCell(3)
    model = net.compile(dt=1.0)
    spikes = model.run(x)  # x [T, 3]: what Lift(LIFCell()) makes of it

Each function is named after Norse's class (norse 1.1), and takes its parameters, under their names and with their
defaults: rates of Norse are in 1/s, `tau_mem_inv=100` is a membrane of 10 ms. Norse's step, 1 ms, is dt=1.0 here, and
forward Euler the integrator. Inputs of 1 are currents of 1 nA into membranes of 1 uS, which is Norse's arithmetic
without its unit; potentials count in mV. The population is called "cell" and has an input and an output of the same
name; put the network into your own with `net.add_network(LIFCell(3), prefix="motor ")`.

What Norse's `LIFRecurrentCell` adds is a connection of the cell with itself, `CurrentSynapse(weights, 1000 /
tau_syn_inv)`: a spike acts in the step after it there as here.
"""

from sns_mujoco.network import CurrentSynapse, LIFNeuron, Network, NonSpikingNeuron, SpikingNeuron
from sns_mujoco.network.checks import number
from sns_mujoco.network.neurons import Neuron, ResetMode

NAME = "cell"


def LIBoxCell(size: int = 1, *, tau_mem_inv: float = 100.0, v_leak: float = 0.0) -> Network:
    """A leaky integrator of its input.

        v <- v + dt tau_mem_inv (v_leak - v + x)

    Args:
        size: Number of neurons.
        tau_mem_inv: 1/s.
        v_leak: Resting potential, mV.

    Returns:
        A network whose output is the potential.

    Raises:
        NetworkError: A number is not finite, or a rate not positive.
    """
    return _cell("LIBoxCell", _leaky("LIBoxCell", tau_mem_inv, v_leak), size)


def LICell(size: int = 1, *, tau_syn_inv: float = 200.0, tau_mem_inv: float = 100.0, v_leak: float = 0.0) -> Network:
    """A leaky integrator behind a synaptic current that every input adds to.

        i <- i + x;   v <- v + dt tau_mem_inv (v_leak - v + i);   i <- i - dt tau_syn_inv i

    Args:
        size: Number of neurons.
        tau_syn_inv: 1/s.
        tau_mem_inv: 1/s.
        v_leak: Resting potential, mV.

    Returns:
        A network whose output is the potential.

    Raises:
        NetworkError: A number is not finite, or a rate not positive.
    """
    return _cell("LICell", _leaky("LICell", tau_mem_inv, v_leak), size, tau_syn_inv)


def LIFBoxCell(
    size: int = 1,
    *,
    tau_mem_inv: float = 100.0,
    v_leak: float = 0.0,
    v_th: float = 1.0,
    v_reset: float = 0.0,
    reset_mode: ResetMode = "value",
) -> Network:
    """A leaky integrate-and-fire neuron driven by its input: `LIBoxCell` with a threshold.

    Args:
        size: Number of neurons.
        tau_mem_inv: 1/s.
        v_leak: Resting potential, mV.
        v_th: Threshold, mV.
        v_reset: Potential after a spike, mV; "subtract" takes v_th - v_reset off, which is Norse's reset_subtract
            where v_reset is 0.
        reset_mode: "value" or "subtract".

    Returns:
        A network whose output is 1 in the steps with a spike.

    Raises:
        NetworkError: A number is not finite, or a rate not positive.
    """
    neuron = LIFNeuron(
        _time("LIFBoxCell", "tau_mem_inv", tau_mem_inv), v_th, resting_potential=v_leak, reset_potential=v_reset,
        reset_mode=reset_mode,
    )  # fmt: skip
    return _cell("LIFBoxCell", neuron, size)


def LIFCell(
    size: int = 1,
    *,
    tau_syn_inv: float = 200.0,
    tau_mem_inv: float = 100.0,
    v_leak: float = 0.0,
    v_th: float = 1.0,
    v_reset: float = 0.0,
) -> Network:
    """A leaky integrate-and-fire neuron behind a synaptic current: `LICell` with a threshold.

    Args:
        size: Number of neurons.
        tau_syn_inv: 1/s.
        tau_mem_inv: 1/s.
        v_leak: Resting potential, mV.
        v_th: Threshold, mV.
        v_reset: Potential after a spike, mV.

    Returns:
        A network whose output is 1 in the steps with a spike.

    Raises:
        NetworkError: A number is not finite, or a rate not positive.
    """
    tau = _time("LIFCell", "tau_mem_inv", tau_mem_inv)
    neuron = LIFNeuron(tau, v_th, resting_potential=v_leak, reset_potential=v_reset)
    return _cell("LIFCell", neuron, size, tau_syn_inv)


def LIFRefracCell(
    size: int = 1,
    *,
    tau_syn_inv: float = 200.0,
    tau_mem_inv: float = 100.0,
    v_leak: float = 0.0,
    v_th: float = 1.0,
    v_reset: float = 0.0,
    rho_reset: float = 5.0,
    dt: float = 1.0,
) -> Network:
    """A `LIFCell` that stays at its reset potential for a while after each spike.

    Args:
        size: Number of neurons.
        tau_syn_inv: 1/s.
        tau_mem_inv: 1/s.
        v_leak: Resting potential, mV.
        v_th: Threshold, mV.
        v_reset: Potential after a spike, mV.
        rho_reset: Refractory period in steps, as Norse counts it.
        dt: The step that it counts in, ms: the one to compile with.

    Returns:
        A network whose output is 1 in the steps with a spike.

    Raises:
        NetworkError: A number is not finite, or a rate not positive.
    """
    steps = number("LIFRefracCell", "rho_reset", rho_reset, least=0.0)
    neuron = LIFNeuron(
        _time("LIFRefracCell", "tau_mem_inv", tau_mem_inv), v_th, resting_potential=v_leak, reset_potential=v_reset,
        refractory_period=steps * number("LIFRefracCell", "dt", dt, above=0.0),
    )  # fmt: skip
    return _cell("LIFRefracCell", neuron, size, tau_syn_inv)


def LSNNCell(
    size: int = 1,
    *,
    tau_syn_inv: float = 200.0,
    tau_mem_inv: float = 100.0,
    tau_adapt_inv: float = 1.0 / 800.0,
    v_leak: float = 0.0,
    v_th: float = 1.0,
    v_reset: float = 0.0,
    beta: float = 1.8,
) -> Network:
    """A `LIFCell` whose threshold rises by beta at every spike (Bellec et al. 2018, NeurIPS 31).

    Norse's default of tau_adapt_inv is 1/800 per second, a time constant of 800 s; give 1/0.8 for the 800 ms that it
    looks like. Norse's LSNNCell adds an input to the current after the membrane has used it, its LIFCell before: what
    Norse's cell gets in one step is to be given here in the next.

    Args:
        size: Number of neurons.
        tau_syn_inv: 1/s.
        tau_mem_inv: 1/s.
        tau_adapt_inv: 1/s, at which the threshold goes back to v_th.
        v_leak: Resting potential, mV.
        v_th: Threshold at rest, mV.
        v_reset: Potential after a spike, mV.
        beta: What a spike adds to the threshold, mV.

    Returns:
        A network whose output is 1 in the steps with a spike.

    Raises:
        NetworkError: A number is not finite or negative, or a rate not positive.
    """
    neuron = SpikingNeuron(
        membrane_capacitance=_time("LSNNCell", "tau_mem_inv", tau_mem_inv), resting_potential=v_leak,
        threshold_time_constant=_time("LSNNCell", "tau_adapt_inv", tau_adapt_inv), threshold_initial_value=v_th,
        threshold_increment=number("LSNNCell", "beta", beta, least=0.0), threshold_floor=v_th,
        reset_potential=v_reset,
    )  # fmt: skip
    return _cell("LSNNCell", neuron, size, tau_syn_inv)


def _cell(kind: str, neuron: Neuron, size: int, tau_syn_inv: float | None = None) -> Network:
    """A network of one population; its input comes through a synapse where there is a synaptic time constant."""
    net = Network(kind)
    net.add_population(neuron, size, NAME)
    through = None if tau_syn_inv is None else CurrentSynapse(1.0, _time(kind, "tau_syn_inv", tau_syn_inv))
    net.add_input(NAME, net.populations[0].size, NAME, through=through)
    net.add_output(NAME, NAME, spiking=neuron.spikes)
    return net


def _leaky(kind: str, tau_mem_inv: float, v_leak: float) -> NonSpikingNeuron:
    return NonSpikingNeuron(membrane_capacitance=_time(kind, "tau_mem_inv", tau_mem_inv), resting_potential=v_leak)


def _time(kind: str, name: str, rate: float) -> float:
    """A time constant, ms, from a rate, 1/s."""
    return 1000.0 / number(kind, name, rate, above=0.0)
