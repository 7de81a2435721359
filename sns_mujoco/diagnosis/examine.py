"""`doctor`: examine the wiring between brain and body."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mujoco

from sns_mujoco.cosim.attach import Adapter, attach, load_body
from sns_mujoco.cosim.simulation import Simulation
from sns_mujoco.diagnosis import clocks, copies, promises, ranges, signals, synapses, unused
from sns_mujoco.diagnosis.anatomy import Anatomy
from sns_mujoco.diagnosis.evidence import Evidence, gather
from sns_mujoco.diagnosis.findings import Diagnosis, Finding, in_order
from sns_mujoco.diagnosis.refusals import refusal, refusals
from sns_mujoco.diagnosis.subject import Known, Subject, read_subject
from sns_mujoco.errors import AttachError, SnsError
from sns_mujoco.network import Network

if TYPE_CHECKING:
    from sns_mujoco.models import Animal

CHECKS = {
    "unknown-name": "an adapter or a readout names what does not exist",
    "duplicate-name": "two things bear one name",
    "refused": "the nervous system cannot be attached to the body",
    "unused-neuron": "a neuron that nothing reaches and that reaches nothing",
    "unfed-input": "an input of the network that no afferent feeds",
    "unread-output": "outputs of the network, which nothing reads in the closed loop",
    "unused-sensor": "sensors of the body that no afferent reads",
    "unused-command": "a command that is declared and not heard, or heard and not declared",
    "unreachable-actuator": "an actuator without a motor neuron, or one that its motor neuron cannot move",
    "same-signal": "one signal for two afferents meant to differ, as one tension for Ia and Ib",
    "parallel-synapses": "two synapses on one pair of neurons",
    "vanishing-delay": "a delay that is nothing in physics steps",
    "coarse-step": "a step that is too long for what is fastest in brain or body",
    "joint-limits": "a servo that is told to go where its joint's limits do not let it",
    "unequal-muscles": "muscles whose left and right copies differ",
    "unequal-adapters": "afferents or efferents whose left and right copies differ, or that have none",
    "afferent-range": "an afferent whose range is never reached, or that is always saturated",
    "stuck-neuron": "a neuron that can never leave rest, or is always saturated",
    "initial-state": "a motor neuron that begins at a potential where it can never be again",
    "direction": "a motor neuron that moves its joint against its name's promise",
    "joints": "a motor neuron or an afferent of another joint than its name tells",
    "sides": "left and right exchanged",
    "unstable": "the animal leaves the finite numbers in the tests",
}


def doctor(
    model: "Animal | Simulation | mujoco.MjModel | mujoco.MjSpec | str | Path",
    *,
    network: Network | None = None,
    adapters: Iterable[Adapter] | None = None,
    dt: float | None = None,
    terrain: str | None = None,
    name: str | None = None,
) -> Diagnosis:
    """Examine the wiring between brain and body: statically, and by short experiments on a copy.

    Args:
        model: An animal of `sns_mujoco.models`, or what `load` there finds one by, such as its name; a model with a
            nervous system, as an `MjModel`, an `MjSpec`, a file (.xml, .mjb) or a `Simulation`, which is examined from
            where it stands; or a body without one, with what should be attached to it. Nothing of it is changed.
        network: With a body, its nervous system; with a model, the description of the nervous system that is in it
            already, for checks that the model alone does not tell enough for: names of synapses and inputs.
        adapters: With a body, its afferents and efferents.
        dt: With a body, the neural step, ms.
        terrain: Of an animal; its usual one if left out.
        name: What the diagnosis calls it.

    Returns:
        What was found. `CHECKS` names the checks.

    Raises:
        AttachError: The model has no nervous system, or MuJoCo cannot read the file.
        FileNotFoundError: There is no such file.
        UnknownNameError: There is no such animal or terrain.
    """
    from sns_mujoco.models import Animal, individual

    if isinstance(model, str | Path):
        given, model = model, _opened(model)
        if isinstance(model, Animal) and individual(model) is not None:
            name = name or f"{model.name} ({given})"
    if isinstance(model, Animal):
        return _animal(model, terrain, name)
    if isinstance(model, Simulation):
        return _examined(name or _name(model.model), model, Known(network=network))
    if isinstance(model, mujoco.MjSpec) and adapters is not None:
        if network is None or dt is None:
            raise AttachError("a body with adapters needs network and dt, too; or attach them, and give the model")
        return _assembled(name or model.modelname, model, network, list(adapters), dt, Known(network=network))
    if not isinstance(model, mujoco.MjModel | mujoco.MjSpec):
        raise AttachError(f"{model!r} cannot be examined; give an animal, a model, a Simulation or a file")
    simulation = Simulation(model)
    if simulation.model.nkey:
        mujoco.mj_resetDataKeyframe(simulation.model, simulation.data, 0)
        mujoco.mj_forward(simulation.model, simulation.data)
    return _examined(name or _name(simulation.model), simulation, Known(network=network))


def _opened(what: str | Path) -> "Animal | mujoco.MjModel | mujoco.MjSpec":
    """An animal by its name or the file of an individual, or a model by its file."""
    from sns_mujoco.models import load

    text = str(what)
    if text.lstrip().startswith("<"):
        return load_body(text)
    path = Path(what)
    if path.suffix.lower() not in (".xml", ".mjb") and (path.suffix.lower() == ".json" or not path.is_file()):
        return load(text)
    if path.suffix.lower() == ".mjb" and path.is_file():
        try:
            return mujoco.MjModel.from_binary_path(text)
        except ValueError as error:
            raise AttachError(f"MuJoCo cannot read {text!r}: {error}") from error
    return load_body(path)


def _animal(animal: "Animal", terrain: str | None, name: str | None) -> Diagnosis:
    label = name or animal.name
    shown = tuple((r.neuron, r.joint, r.label) for r in animal.readouts)
    try:
        network = animal.network()
        known = Known(
            network=network, commands=animal.commands, probes=animal.probes, cruise=animal.cruise, shown=shown
        )  # fmt: skip
        simulation = animal.simulation(terrain=terrain)
    except (SnsError, ValueError) as error:
        if terrain is not None and terrain not in animal.terrains:
            raise
        return _refused(label, animal, terrain, error)
    return _examined(label, simulation, known)


def _refused(label: str, animal: "Animal", terrain: str | None, error: Exception) -> Diagnosis:
    """Why an animal cannot be put together."""
    try:
        body = animal.body(terrain or animal.terrains[0], 0)
        found = refusals(body, animal.network(), list(animal.adapters()), animal.dt)
    except (SnsError, ValueError):
        found = []
    return _diagnosed(label, found or [refusal(label, error)], {}, {})


def _assembled(
    label: str, body: mujoco.MjSpec, network: Network, adapters: Sequence[Adapter], dt: float, known: Known
) -> Diagnosis:
    try:
        spec = attach(body, network, adapters, dt=dt)
    except SnsError as error:
        found = refusals(body, network, adapters, dt)
        return _diagnosed(label, found or [refusal(label, error)], {}, {})
    return _examined(label, Simulation(spec), known)


def _examined(label: str, simulation: Simulation, known: Known) -> Diagnosis:
    subject = read_subject(label, simulation, known)
    evidence = gather(subject)
    findings = [finding for check in _checks(subject, evidence) for finding in check]
    if evidence.lost and not any(f.check == "coarse-step" for f in findings):
        findings.append(
            Finding(
                check="unstable",
                severity="error",
                place=label,
                message=f"The simulation became unstable {evidence.lost}.",
                remedy="Look for a shorter timestep, smaller gains, or two parts that fight each other.",
            )  # fmt: skip
        )
    skipped = {}
    if not subject.sides.mirror:
        skipped["sides"] = "no names tell left from right"
        skipped["unequal-muscles"] = skipped["unequal-adapters"] = skipped["sides"]
    if any(nerves.network is None for nerves in subject.nerves):
        skipped["unfed-input"] = "the model alone does not name its inputs; give network="
    return _diagnosed(label, findings, _facts(subject, evidence), skipped)


def _checks(subject: Subject, evidence: Evidence) -> Iterator[Iterable[Finding]]:
    data = mujoco.MjData(subject.model)
    mujoco.mj_setState(subject.model, data, subject.start, mujoco.mjtState.mjSTATE_INTEGRATION)
    anatomy = Anatomy(subject.model, data.qpos.copy(), evidence.driven, subject.sides)
    yield unused.unused(subject)
    yield unused.unreachable(subject, evidence)
    yield signals.same_signal(subject, evidence)
    yield synapses.parallel(subject)
    yield clocks.delays(subject)
    for nerves in subject.nerves:
        yield clocks.neural_steps(nerves)
        yield ranges.stuck_neurons(nerves)
    yield clocks.physics_step(subject)
    yield clocks.joint_limits(subject, evidence.driven)
    yield copies.muscles(subject)
    yield copies.adapters(subject)
    yield ranges.afferent_ranges(subject, evidence)
    yield ranges.quiet_neurons(subject, evidence)
    yield ranges.initial_potentials(subject)
    yield promises.body(anatomy)
    yield promises.motors(subject, evidence, anatomy)
    yield promises.afferents(subject, evidence)
    yield promises.labels(subject)


def _facts(subject: Subject, evidence: Evidence) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "neurons": sum(len(n.circuit.names) for n in subject.nerves),
        "synapses": sum(len(n.circuit.edges) for n in subject.nerves),
        "afferents": sum(len(n.afferents) for n in subject.nerves),
        "efferents": sum(len(n.efferents) for n in subject.nerves),
        "joints moved": len(evidence.swept),
        "motor neurons excited": len(evidence.motors),
        "physics step, ms": subject.model.opt.timestep * 1e3,
        "neural step, ms": min(n.brain.dt for n in subject.nerves),
    }
    fast = min((clocks.fastest(n) for n in subject.nerves), key=lambda own: own.milliseconds)
    return facts | {"fastest membrane, ms": round(fast.milliseconds, 4), "fastest membrane": fast.name}


def _diagnosed(label: str, findings: list[Finding], facts: dict, skipped: dict) -> Diagnosis:
    return Diagnosis(model=label, findings=in_order(findings), facts=facts, skipped=skipped)


def _name(model: mujoco.MjModel) -> str:
    return bytes(model.names).split(b"\0")[0].decode() or "model"
