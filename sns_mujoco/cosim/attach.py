"""Make a nervous system part of a body: `attach`.

Everything that can be wrong is found here, before anything runs, because nothing can be raised inside the engine.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict

import mujoco

from sns_mujoco.adapters.afferents import Afferent
from sns_mujoco.adapters.efferents import Efferent
from sns_mujoco.adapters.native.layout import Motor, Row
from sns_mujoco.backends.compiler import compile_network
from sns_mujoco.backends.program import Program
from sns_mujoco.cosim.assembly import assemble, room_of
from sns_mujoco.cosim.block import TAIL, Wire
from sns_mujoco.cosim.body import Body, load_body
from sns_mujoco.cosim.brain import brain_seed, describe, find_brains
from sns_mujoco.cosim.clocks import delay_steps, neural_steps
from sns_mujoco.cosim.motor_wiring import wire_efferents
from sns_mujoco.cosim.parameters.forms import paths_of, settled
from sns_mujoco.cosim.plugin import PLUGIN_NAME, register
from sns_mujoco.cosim.references import References
from sns_mujoco.cosim.rig.adding import LESIONED, RigRoom, add_stimulator, rig_room
from sns_mujoco.cosim.store import Store
from sns_mujoco.cosim.wiring import wire_afferents, with_electrodes
from sns_mujoco.errors import AttachError
from sns_mujoco.network import Network
from sns_mujoco.network.network import Integrator, Semantics

Adapter = Afferent | Efferent


def attach(
    body: Body,
    network: Network,
    adapters: Iterable[Adapter],
    *,
    dt: float,
    name: str = "nervous_system",
    semantics: Semantics = "textbook",
    integrator: Integrator = "euler",
    apart: bool | Collection[str] = False,
    greatest_delay: float | None = None,
    rig: bool | RigRoom = False,
) -> mujoco.MjSpec:
    """Make a nervous system part of a body.

    Args:
        body: What to attach to: an `MjSpec` (it is not changed), the path of an MJCF file, or MJCF text.
        network: The nervous system.
        adapters: Afferents and efferents, each naming what it connects.
        dt: Neural step, ms; it must divide the physics step, or the reverse.
        name: Name of the nervous system in the model; each of several needs its own.
        semantics: "textbook" or "sns-toolbox", see `Network.compile`.
        integrator: "euler" or "exponential", see `Network.compile`.
        apart: Quantities of the network, such as {"max_conductance", "bias"}, that are to differ between the
            individuals of a population: every neuron and synapse keeps a number of its own of them, where otherwise
            alike ones share theirs, and synapses of conductance 0 stay. True: all of them. What an animal does is the
            same, bit by bit, but for the last digits where `time_constant`, `rise_time` or `reversal_potential` are
            named and connections of event synapses meet at one neuron, which then have receptors of their own.
        greatest_delay: Delays of adapters and of `SpikingSynapse`s may differ, too, up to this one, ms: delay lines get
            as much room. It goes with `apart`, and where that names quantities, with "delay" or "transmission_delay"
            among them.
        rig: Protocols are to be applied: every neuron gets an electrode, synapses and channels stand apart, and a
            stimulator comes into the model, with room for so much. While nothing is done, every bit stays as it was.

    Returns:
        The body with its nervous system: compile it (`.compile()`) to an `MjModel`, give it to a `Simulation`, save it
        with `.to_xml()`, or attach another nervous system to it. Sensors act on the neurons of the next physics step,
        and these on the actuators from then on.

    Raises:
        AttachError: Numbers are to stand apart under the semantics of SNS-Toolbox, a name is taken, an actuator is
            driven twice, sensors are disabled, or an adapter asks for what is not there: a limit of a joint without
            limits, the spikes of a neuron that has none, ...
        UnknownNameError: A joint, sensor, actuator, neuron, quantity ... of that name does not exist; the closest are
            suggested.
        TimeStepError: The neural step is unstable, or does not fit the physics step.
        NetworkError: The network itself is wrong.
        FileNotFoundError: There is no such MJCF file.
    """
    register()
    spec = load_body(body)
    plain = spec.compile()
    if plain.opt.disableflags & mujoco.mjtDisableBit.mjDSBL_SENSOR:
        raise AttachError("the body disables sensors, and a nervous system is stepped by them; remove <flag sensor>")
    _refuse_taken(spec, name)
    room = rig_room(rig)
    own = settled(apart, greatest_delay)
    if room is not None and semantics == "textbook":
        own |= LESIONED
    if own and semantics != "textbook":
        raise AttachError(f"numbers stand apart under textbook semantics only, not {semantics!r}; leave out apart")
    longest = greatest_delay or 0.0
    program = compile_network(network, dt, semantics, integrator, room=room_of(own, longest, dt))
    substeps, interval = neural_steps(dt, plain.opt.timestep)
    brains = find_brains(plain)
    commands = {c: i for brain in brains.values() for c, i in brain.commands.items()}

    adapters = list(adapters)
    for adapter in adapters:
        if not isinstance(adapter, Afferent | Efferent):
            raise AttachError(f"{adapter!r} is no adapter; give those of sns_mujoco.adapters")
    references = References(
        spec=spec, model=plain, program=program, network=network.name, prefix=name, commands=commands
    )
    if greatest_delay is not None:
        _require_room(network, program, adapters, greatest_delay)
    store = Store(room=delay_steps(longest, plain.opt.timestep) if "delay" in own else None)
    afferents = [a for a in adapters if isinstance(a, Afferent)]
    assembled = assemble(program, network.name, afferents, paths_of(own), electrodes=room is not None)
    inputs = wire_afferents(afferents, assembled.edges, references, store)
    userdata = max(plain.nuserdata, max(commands.values(), default=-1) + 1)
    electrodes = 0 if room is None else program.n_neurons
    inputs = with_electrodes(inputs, userdata, electrodes) if electrodes else inputs
    efferents = [a for a in adapters if isinstance(a, Efferent)]
    outputs = wire_efferents(efferents, references, store, driven_already(spec, brains))

    program, layout, packed = assembled.wired, assembled.layout, assembled.packed
    rows = (
        inputs.rows, inputs.terms, outputs.motors, outputs.slots, outputs.pools, outputs.units, store.curves, store.code
    )  # fmt: skip
    header = {
        Wire.AFFERENTS: len(inputs.rows),
        Wire.TERMS: len(inputs.terms),
        Wire.MOTORS: len(outputs.motors),
        Wire.SLOTS: outputs.slots.shape[1],
        Wire.POOLS: len(outputs.pools),
        Wire.UNITS: len(outputs.units),
        Wire.CURVES: len(store.curves),
        Wire.CODE: len(store.code),
        Wire.EXTRAS: len(store.extras),
        Wire.REGISTERS: store.registers,
        Wire.INPUTS: program.n_inputs,
        Wire.OUTPUTS: program.n_outputs,
        Wire.STATE: layout.size,
        Wire.WORK: packed.scratch,
        Wire.PARAMETERS: len(packed.parameters),
        Wire.INITIAL: layout.initial_size,
        Wire.SUBSTEPS: substeps,
        Wire.INTERVAL: interval,
        Wire.MEMORY: store.memory,
        Wire.AFFERENT_RINGS: int(inputs.rows[:, Row.ROOM].sum()),
        Wire.EFFERENT_RINGS: int(outputs.motors[:, Motor.ROOM].sum()),
    }
    counts = [header[wire] for wire in Wire]
    wires = [*counts, *(index for table in rows for index in table.ravel().tolist())]
    numbers = [
        *assembled.numbers.tolist(), plain.opt.timestep, brain_seed(0, len(brains)),
        *inputs.ramps.ravel().tolist(), *inputs.factors.ravel().tolist(), *outputs.gains.ravel().tolist(),
        *outputs.limits.ravel().tolist(), *store.extras,
    ]  # fmt: skip
    spikes = len(program.spiking_neuron)

    spec.nuserdata = userdata + electrodes
    spec.add_numeric(name=name, size=len(numbers), data=numbers)
    if references.objects:
        kinds, names = zip(*references.objects, strict=True)
        driven = [float(place in references.driven) for place in range(len(names))]
        spec.add_tuple(name=name, objtype=list(kinds), objname=list(names), objprm=driven)
    spec.add_text(
        name=name,
        data=describe(
            {
                "dt": dt,
                "timestep": plain.opt.timestep,
                "semantics": semantics,
                "integrator": integrator,
                "apart": sorted(own),
                "greatest_delay": longest,
                "neurons": program.neuron_names,
                "spiking": program.spiking_neuron.tolist(),
                "commands": {c: commands[c] for c in references.heard},
                "afferents": [asdict(details) for details in inputs.details],
                "efferents": [asdict(details) for details in outputs.details],
                "state": layout.size,
                "electrodes": [userdata, userdata + electrodes],
            }
        ),
    )
    spec.activate_plugin(PLUGIN_NAME)
    spec.add_plugin(name=name, plugin_name=PLUGIN_NAME, active=True).config = {
        "state": str(layout.size + spikes + TAIL + sum(counts[Wire.MEMORY :])),
        "readout": str(program.n_neurons + spikes),
        "wiring": " ".join(map(str, wires)),
        "structure": " ".join(map(str, packed.structure.tolist())),
    }
    readout = spec.add_sensor(name=name, type=mujoco.mjtSensor.mjSENS_PLUGIN)
    readout.plugin.name, readout.plugin.plugin_name, readout.plugin.active = name, PLUGIN_NAME, True
    if room is not None:
        add_stimulator(spec, name, room)
    spec.compile()
    return spec


def _require_room(network: Network, program: Program, adapters: Iterable[Adapter], greatest: float) -> None:
    """Refuse what is described with a longer delay than there is room for.

    Raises:
        AttachError: Names it.
    """
    for adapter in adapters:
        if adapter.delay > greatest:
            raise AttachError(
                f"{adapter.label} has a delay of {adapter.delay:g} ms, and greatest_delay is {greatest:g}; give more"
            )
    longest = float(program.spiking_delay.max(initial=0)) * program.dt
    if program.spiking_room and longest > program.spiking_room * program.dt:
        raise AttachError(
            f"network {network.name!r} has a spiking synapse with a delay of {longest:g} ms, and greatest_delay is "
            f"{greatest:g}; give more"
        )


def driven_already(spec: mujoco.MjSpec, brains: dict) -> dict[str, str]:
    """Actuators that nervous systems in the body drive, with the name of the one that does."""
    actuator = int(mujoco.mjtObj.mjOBJ_ACTUATOR)
    return {
        obj: reference.name
        for reference in spec.tuples
        if reference.name in brains
        for kind, obj, driven in zip(reference.objtype, reference.objname, reference.objprm, strict=True)
        if int(kind) == actuator and driven
    }


def _refuse_taken(spec: mujoco.MjSpec, name: str) -> None:
    if not isinstance(name, str) or not name:
        raise AttachError(f"the name of a nervous system is {name!r}; give a text")
    families = {
        "plugin instance": spec.plugins, "numeric field": spec.numerics, "tuple": spec.tuples, "text": spec.texts,
        "sensor": spec.sensors,
    }  # fmt: skip
    for kind, members in families.items():
        if any(member.name == name for member in members):
            if kind == "plugin instance":
                raise AttachError(f"a nervous system named {name!r} is attached already; give this one another name")
            raise AttachError(
                f"the body has a {kind} named {name!r}, which the nervous system needs; give another name"
            )
