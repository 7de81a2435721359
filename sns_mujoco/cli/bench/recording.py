"""What recording costs: an animal that is recorded at 1 kHz over the same animal that is only stepped."""

from typing import Any

from sns_mujoco.analysis.recording import Recorder
from sns_mujoco.cli.bench.timing import in_turns, ratio
from sns_mujoco.models import Animal

RATE = 1000.0  # Hz
NUMBERS = 100  # that are recorded, or as many as there are
SETTLED = 1.0  # s
OTHERS = ("joint_position", "joint_velocity", "joint_torque", "foot_load")


def recording_over_stepping(animal: Animal, *, seconds: float, repeats: int) -> dict[str, Any]:
    """Time of stepping with a recording of 100 numbers at 1 kHz over that of stepping alone.

    Both live through the same motion, from the same snapshot, and take turns.

    Args:
        animal: The animal, at its cruising commands.
        seconds: Simulated time of a measurement.
        repeats: Measurements; the median of the ratios counts.

    Returns:
        The ratio, and how many numbers were recorded.
    """
    simulation = animal.simulation()
    for name, value in animal.cruise.items():
        simulation.commands[name] = value
    simulation.run(SETTLED)
    start = simulation.snapshot()
    known = Recorder(simulation, rate=RATE, channels=OTHERS).dataset()
    others = sum(variable.shape[1] for variable in known.data_vars.values())
    neurons = simulation.brain.neuron_names[: max(0, NUMBERS - others)]
    recorder = Recorder(simulation, rate=RATE, channels=(*OTHERS, "potential"), neurons=neurons, last=seconds)

    def stepping() -> None:
        simulation.restore(start)
        simulation.run(seconds)

    def recording() -> None:
        simulation.restore(start)
        recorder.run(seconds)

    runs = in_turns({"stepping": stepping, "recording": recording}, repeats)
    return {"ratio": ratio(runs, "recording", "stepping"), "numbers": others + len(neurons)}
