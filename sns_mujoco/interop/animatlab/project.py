"""An AnimatLab project as body, network, adapters and stimuli: `read`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import mujoco

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.errors import AnimatLabError, SnsError, unknown_name
from sns_mujoco.interop.animatlab.bodies import Bodies
from sns_mujoco.interop.animatlab.lines import add_lines
from sns_mujoco.interop.animatlab.motors import add_motors, compiled
from sns_mujoco.interop.animatlab.nervous_system import NervousSystem, is_neural, modules_of
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Names, read_settings
from sns_mujoco.interop.animatlab.stimuli import Stimulus, read_stimulus
from sns_mujoco.interop.animatlab.wires import Wires
from sns_mujoco.interop.animatlab.xml import Item, parse
from sns_mujoco.muscles import add_muscles
from sns_mujoco.network import Network
from sns_mujoco.network.network import Integrator

if TYPE_CHECKING:
    from sns_mujoco.interop.animatlab.stimulated import StimulatedSimulation


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimatLabProject:
    """A project of AnimatLab in the parts of this package.

    Attributes:
        name: Name of the project's first organism, or of the file.
        body: Rigid bodies, joints, tendons, muscles and motors.
        network: All neurons and synapses, of all organisms and modules.
        adapters: Afferents and efferents, in the order of the file.
        stimuli: What happens by the clock; also what the file has switched off.
        report: Everything that is not exactly as AnimatLab has it.
        dt: Neural step, ms.
        integrator: How AnimatLab advances its neurons.
        represented: How many adapters of the file are in the result, those between neurons among them.
    """

    name: str
    body: mujoco.MjSpec
    network: Network
    adapters: list[Afferent | Efferent]
    stimuli: list[Stimulus]
    report: Report
    dt: float
    integrator: Integrator
    represented: int = 0

    def attach(self) -> mujoco.MjSpec:
        """The body with its nervous system, ready for a `Simulation`; a project without neurons stays a body.

        Raises:
            SnsError: Something was changed so that the parts do not fit any more.
        """
        if not self.network.populations:
            return self.body.copy()
        from sns_mujoco.cosim.attach import attach

        commands = [command for stimulus in self.stimuli if (command := stimulus.command) is not None]
        return attach(self.body, self.network, [*self.adapters, *commands], dt=self.dt, integrator=self.integrator)

    def simulation(self, *, seed: int = 0, stimuli: list[str] | None = None) -> "StimulatedSimulation":
        """The project ready to run, its stimuli included.

        Args:
            seed: Of all random numbers.
            stimuli: Names of stimuli to switch on; those that the file has switched on if left out.

        Raises:
            AnimatLabError: There are no neurons.
            UnknownNameError: There is no such stimulus.
        """
        from sns_mujoco.interop.animatlab.stimulated import StimulatedSimulation

        if not self.network.populations:
            raise AnimatLabError(f"{self.name!r} has no neurons; step its body with mujoco: .body.compile()")
        names = [stimulus.name for stimulus in self.stimuli]
        for name in stimuli or ():
            if name not in names:
                raise unknown_name("stimulus", name, names, f"project {self.name!r}")
        played = [s for s in self.stimuli if (s.enabled if stimuli is None else s.name in stimuli)]
        return StimulatedSimulation(self.attach(), played, dt=self.dt, seed=seed)

    def write(self, folder: str | os.PathLike[str]) -> Path:
        """Write a folder that runs by itself: body, network, adapters, stimuli, report, and `run.py`.

        Raises:
            OutputPathError: It is there already and not empty, or cannot be written.
        """
        from sns_mujoco.interop.animatlab.writing import write

        return write(self, folder)

    def __str__(self) -> str:
        """What is in it, in a few lines."""
        counts = {kind: len(self.report.of(kind)) for kind in ("unsupported", "approximated", "note")}
        model = self.body.compile()
        return (
            f"{self.name}: {model.nbody - 1} bodies, {model.njnt} joints, {model.nu} muscles and motors, "
            f"{len(self.network.populations)} neurons, {len(self.network.connections)} synapses, "
            f"{self.represented} adapters, {len(self.stimuli)} stimuli; neural step {self.dt:g} ms; report: "
            + ", ".join(f"{count} {kind}" for kind, count in counts.items())
        )


def read(path: str | os.PathLike[str], *, timestep: float | None = None) -> AnimatLabProject:
    """Read an AnimatLab project from a standalone simulation file.

    Args:
        path: An `.asim` file; or the `.aproj` of the editor, next to which the `.asim` that was exported from it lies.
        timestep: Physics step to use instead of the file's, s. AnimatLab's joint friction grows with shorter steps.

    Returns:
        The project. Its `report` says what could not be represented, and what is approximated.

    Raises:
        FileNotFoundError: There is no such file.
        AnimatLabError: It is damaged, not AnimatLab's, refers to missing meshes, or holds something unknown.
    """
    place = Path(path)
    if place.suffix.lower() == ".aproj":
        from sns_mujoco.interop.animatlab.editor import standalone_of

        place = standalone_of(place)
    root = parse(place)
    if root.tag != "Simulation" or root.find("Environment") is None:
        what = "the editor's project; export a standalone simulation" if root.tag == "Project" else "no such project"
        raise AnimatLabError(f"{str(place)!r} is {what}: its root is <{root.tag}>, not <Simulation>")
    if root.find("Environment/PhysicsTimeStep[@Actual]") is not None:
        raise AnimatLabError(
            f"{str(place)!r} is a simulation of AnimatLab 1; open its project in AnimatLab 2, which converts it, and "
            "export a standalone simulation"
        )
    try:
        return _read(Item(root, f"project {place.name!r}"), place, timestep)
    except AnimatLabError as error:
        raise AnimatLabError(f"{str(place)!r}: {error}") from None
    except (SnsError, RecursionError, OverflowError) as error:
        raise AnimatLabError(f"{str(place)!r} does not make a simulation: {error}") from error


def _read(root: Item, place: Path, timestep: float | None) -> AnimatLabProject:
    report = Report()
    environment = root.need("Environment")
    modules = modules_of(environment)
    settings = read_settings(environment, filter(is_neural, modules), timestep, report)
    bodies = Bodies(settings, place.parent, report)
    bodies.environment(environment)
    name = next((organism.name for organism in environment.children("Organisms")), "") or place.stem

    system = NervousSystem(name, bodies.parts, report)
    for module in modules:
        system.add(module)
    muscles = add_lines(bodies.spec, bodies.lines, bodies.parts, settings, report)
    wires = Wires(system.network, bodies.spec, bodies.parts, report)
    for module in modules:
        for adapter in module.children("Adapters"):
            wires.add(adapter)
    names = Names()
    stimuli = [
        read_stimulus(item, bodies.parts, names, wires.motors, report) for item in root.children("ExternalStimuli")
    ]
    driven = {getattr(adapter, "drives", None) for adapter in wires.adapters}
    for part in bodies.lines:
        if "idle" in part.data and part.name not in driven:
            report.add("approximated", "Muscle", part.name, part.data["idle"], part.item.id)

    add_motors(bodies.spec, bodies.motors, wires.motors, settings, report)
    compiled(bodies.spec)
    project = AnimatLabProject(
        name=name,
        body=add_muscles(bodies.spec, muscles) if muscles else bodies.spec,
        network=system.network,
        adapters=wires.adapters,
        stimuli=stimuli,
        report=report,
        dt=settings.neural * 1e3,
        integrator="exponential" if system.fires else "euler",
        represented=wires.count,
    )
    project.attach()  # whatever does not fit is found now
    return project
