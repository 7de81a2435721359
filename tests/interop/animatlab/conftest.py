"""Small AnimatLab files made by hand: parts as XML, and a project that holds them."""

from types import SimpleNamespace

import pytest

from sns_mujoco.interop import animatlab

MATERIAL = (
    "<MaterialType><ID>{id}</ID><Name>{id}</Name><Type>Default</Type><FrictionLinearPrimary>{friction}"
    "</FrictionLinearPrimary><FrictionAngularPrimary>0.1</FrictionAngularPrimary><Restitution>0.1</Restitution>"
    "</MaterialType>"
)


def element(tag, *inside, **values):
    """An element with children of one value each, and further ones."""
    children = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<{tag}>{children}{''.join(inside)}</{tag}>"


def vector(tag, values, axes="xyz"):
    attributes = " ".join(f'{axis}="{value}"' for axis, value in zip(axes, values, strict=True))
    return f"<{tag} {attributes}/>"


def part(kind, name, *inside, at=(0, 0, 0), turned=(0, 0, 0), children=(), mass=10, **values):
    """A rigid body or another part; its ID is its name in lower case, with `id-` before it."""
    own = {"ID": f"id-{name}", "Name": name, "Type": kind, "MaterialTypeID": "DEFAULTMATERIAL", "Mass": mass}
    nested = [f"<ChildBodies>{''.join(children)}</ChildBodies>"] if children else []
    places = vector("Position", at), vector("Rotation", turned)
    return element("RigidBody", *places, *inside, *nested, **(own | values))


def box(name, *inside, size=(0.1, 0.2, 0.05), **values):
    """A box: length, height and width."""
    sides = dict(zip(("Length", "Height", "Width"), size, strict=True))
    return part("Box", name, *inside, **(sides | {"IsCollisionObject": True} | values))


def joint(kind, name, *inside, at=(0, 0, 0), turned=(0, 0, 0), limits=(-1, 1), friction=0.0, **values):
    bounds = [
        element(tag, ID=f"id-{name}-{tag}", LimitPos=limit)
        for tag, limit in zip(("LowerLimit", "UpperLimit"), limits, strict=True)
    ]
    friction = element("Friction", Enabled=True, Coefficient=friction)
    own = {"ID": f"id-{name}", "Name": name, "Type": kind, "EnableLimits": True, "EnableMotor": False, "MotorType": 0}
    own |= {"MaxForce": 100, "MaxVelocity": 100, "ServoGain": 10}
    places = vector("Position", at), vector("Rotation", turned)
    return element("Joint", *places, *bounds, friction, *inside, **(own | values))


def site(name, at):
    return part("Attachment", name, at=at, Radius=0.001)


def line(kind, name, points, **values):
    """A muscle, stretch receptor or spring between attachments."""
    ids = "".join(f"<AttachID>id-{point}</AttachID>" for point in points)
    stimulus = element("StimulusTension", Type="StimulusTension", UseLimits=False, A=-0.05, B=20, C=100, D=-0.13)
    length = element("LengthTension", Type="LengthTension", RestingLength=0.2, Lwidth=0.2, PeLength=90, MinPeLength=5)
    own = {"ID": f"id-{name}", "Name": name, "Type": kind, "Enabled": True}
    if kind == "Spring":
        own |= {"NaturalLength": 0.1, "Stiffness": 50, "Damping": 2}
    else:
        own |= {"Kse": 5000, "Kpe": 1, "B": 40, "MaximumTension": 60, "IbDischarge": 100}
    return element("RigidBody", f"<Attachments>{ids}</Attachments>", stimulus, length, **(own | values))


def gain(kind="Polynomial", a=0.0, b=0.0, c=1.0, d=0.0, **values):
    return element("Gain", **({"Type": kind, "UseLimits": False, "A": a, "B": b, "C": c, "D": d} | values))


def adapter(source, signal, target, *inside, kind="PhysicalToNode", name="AD", **values):
    own = {"ID": f"id-{source}-{target}-{signal}", "Name": name, "Enabled": True, "Type": kind}
    own |= {"SourceID": f"id-{source}", "SourceDataType": signal, "TargetID": f"id-{target}"}
    return element("Adapter", *(inside or [gain()]), **(own | values))


def neuron(name, *inside, **values):
    """A neuron of the integrate-and-fire module."""
    own = {"ID": f"id-{name}", "Name": name, "Enabled": True, "TonicStimulus": 0, "Noise": 0, "RestingPot": -60}
    own |= {"Size": 1, "TimeConst": 5, "InitialThresh": 50, "RelativeAccom": 0, "AccomTimeConst": 10, "AHPAmp": 1}
    own |= {"AHPTimeConst": 3, "GMaxCa": 0, "BurstInitAtBottom": True}
    return element("Neuron", *inside, **(own | values))


def calcium(middle=(-40, -60), slope=(0.2, -0.6), time=(2, 350)):
    gates = zip(("CaActivation", "CaDeactivation"), middle, slope, time, strict=True)
    return "".join(element(tag, MidPoint=m, Slope=s, TimeConstant=t) for tag, m, s, t in gates)


def graded(name, equil=-40, amplitude=0.5, low=-60, high=-40):
    return element("SynapseType", ID=f"id-{name}", Name=name, Type="NonSpikingChemical", Equil=equil,
                   SynAmp=amplitude, ThreshV=low, SaturateV=high)  # fmt: skip


def spiking(name, equil=-10, decay=3, **values):
    own = {"ID": f"id-{name}", "Name": name, "Type": "SpikingChemical", "Equil": equil, "SynAmp": 0.5, "Decay": decay}
    return element("SynapseType", **(own | {"RelFacil": 1, "FacilDecay": 100, "VoltDep": False} | values))


def electrical(name, low=0.2, high=0.2):
    return element("SynapseType", ID=f"id-{name}", Name=name, Type="Electrical", LowCoup=low, HiCoup=high, TurnOnV=0,
                   SaturateV=10)  # fmt: skip


def connexion(source, target, synapse, kind=1, conductance=0.5, delay=0):
    return element("Connexion", ID=f"id-{source}-{target}-{synapse}", SourceID=f"id-{source}", TargetID=f"id-{target}",
                   Type=kind, SynapseTypeID=f"id-{synapse}", Delay=delay, G=conductance)  # fmt: skip


def fire_module(neurons=(), synapses=(), connexions=(), adapters=(), step=0.0002, **values):
    own = {"ID": "id-fire", "ModuleName": "IntegrateFireSim", "Type": "IntegrateFireSimModule", "TimeStep": step}
    own |= {"SpikePeak": 0, "SpikeStrength": 1, "AHPEquilPot": -70, "CaEquilPot": 50, "AbsoluteRefr": 2}
    lists = (
        f"<Synapses><All>{''.join(synapses)}</All></Synapses>",
        f"<Neurons>{''.join(neurons)}</Neurons>",
        f"<Connexions>{''.join(connexions)}</Connexions>",
        f"<Adapters>{''.join(adapters)}</Adapters>",
    )
    return element("NeuralModule", *lists, **(own | values))


def rate_neuron(name, *synapses, kind="Regular", **values):
    own = {"ID": f"id-{name}", "Name": name, "Type": kind, "Enabled": True, "Cn": 1e-8, "Gn": 1e-7, "Vth": -0.07}
    own |= {"Vrest": -0.07, "Fmin": 0, "Gain": 20, "ExternalI": 0, "VNoiseMax": 0, "RelativeAccom": 0}
    return element("Neuron", f"<Synapses>{''.join(synapses)}</Synapses>", **(own | values))


def rate_synapse(source, weight, kind="Regular"):
    return element("Synapse", ID=f"id-synapse-{source}", Enabled=True, FromID=f"id-{source}", Weight=weight, Type=kind)


def rate_module(*neurons, adapters=(), step=0.0002):
    lists = f"<Neurons>{''.join(neurons)}</Neurons>", f"<Adapters>{''.join(adapters)}</Adapters>"
    return element("NeuralModule", *lists, ID="id-rates", Type="FiringRateSimModule", TimeStep=step)


def physics_module(*adapters):
    own = {"ID": "id-physics", "Type": "PhysicsNeuralModule", "TimeStep": 0.0002}
    return element("NeuralModule", f"<Adapters>{''.join(adapters)}</Adapters>", **own)


def stimulus(kind, name, *inside, **values):
    own = {"ID": f"id-{name}", "Name": name, "AlwaysActive": False, "Enabled": True, "Type": kind}
    return element("Stimulus", *inside, **(own | {"StartTime": 0.1, "EndTime": 0.3} | values))


def simulation(root="", *modules, stimuli=(), structures="", exclusions="", materials="", step=0.0002, units=None):
    """A whole file, as text."""
    units = units or {"MassUnits": "Grams", "DistanceUnits": "Decimeters"}
    known = MATERIAL.format(id="DEFAULTMATERIAL", friction=1) + MATERIAL.format(id="sticky", friction=30) + materials
    organism = element(
        "Organism", vector("Position", (0, 0, 0)), vector("Rotation", (0, 0, 0)), root,
        f"<CollisionExclusionPairs>{exclusions}</CollisionExclusionPairs>",
        f"<NervousSystem><NeuralModules>{''.join(modules)}</NeuralModules></NervousSystem>",
        ID="id-organism", Name="beast",
    )  # fmt: skip
    environment = element(
        "Environment", f"<Materials><MaterialTypes>{known}</MaterialTypes></Materials>",
        f"<Organisms>{organism}</Organisms>", f"<Structures>{structures}</Structures>",
        PhysicsTimeStep=step, Gravity=-9.81, **units,
    )  # fmt: skip
    return element("Simulation", environment, f"<ExternalStimuli>{''.join(stimuli)}</ExternalStimuli>", ProjectPath="x")


def ground(height=0.0):
    """A structure that is a plane."""
    plane = part("Plane", "plane", vector("Size", (10, 10), "xy"), Freeze=True)
    place = vector("Position", (0, height, 0)), vector("Rotation", (0, 0, 0))
    return element("Structure", *place, plane, ID="id-ground", Name="ground")


def leg(*modules, stimuli=(), muscles=True, **values):
    """A thigh on a frozen trunk, with an extensor, a flexor and a stretch receptor along the extensor."""
    lines = [
        line("LinearHillMuscle", "extensor", ("front", "shin")),
        line("LinearHillMuscle", "flexor", ("back", "calf")),
        line("LinearHillStretchReceptor", "receptor", ("front", "shin"), Kse=50, Kpe=0.01, B=0.4, IaDischarge=100,
             IIDischarge=100, ApplyTension=False),
    ]  # fmt: skip
    thigh = box(
        "thigh", joint("Hinge", "hip", at=(0, 0.1, 0), turned=(0, 1.5708, 0), friction=1e-4), at=(0, -0.2, 0),
        children=[site("shin", (0.03, 0.03, 0)), site("calf", (-0.03, 0.03, 0))],
    )  # fmt: skip
    trunk = box(
        "trunk", Freeze=True,
        children=[thigh, site("front", (0.05, 0.05, 0)), site("back", (-0.05, 0.05, 0)), *(lines if muscles else [])],
    )  # fmt: skip
    return simulation(trunk, *modules, stimuli=stimuli, **values)


BUILDERS = (
    element, vector, part, box, joint, site, line, gain, adapter, neuron, calcium, graded, spiking, electrical,
    connexion, fire_module, rate_neuron, rate_synapse, rate_module, physics_module, stimulus, simulation, ground, leg,
)  # fmt: skip


@pytest.fixture(scope="session")
def asim():
    """What makes small files."""
    return SimpleNamespace(**{builder.__name__: builder for builder in BUILDERS})


@pytest.fixture
def read(tmp_path):
    """Reads a project from text."""

    def read(text, **options):
        path = tmp_path / "small.asim"
        path.write_text(text, encoding="utf-8")
        return animatlab.read(path, **options)

    return read
