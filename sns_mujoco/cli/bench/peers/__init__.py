"""Which simulators are compared, what they can do, and what they need; the scripts beside this file run them.

Each script defines one class `Simulator` for `serve.py`, which runs it in an interpreter of its own. Versions are those
that the scripts were tried with.
"""

from dataclasses import dataclass

from sns_mujoco.cli.bench.environments import Environment

BRIAN = Environment(name="brian2", module="brian2", installs=(("brian2==2.9.0", "numpy<2.4", "setuptools"),))
ANNARCHY = Environment(name="annarchy", module="ANNarchy", installs=(("ANNarchy==5.0.4.1",),))
NEST = Environment(name="nest", module="nest", installs=(("nest-simulator==3.10.0", "numpy"),))
NENGO = Environment(name="nengo", module="nengo", installs=(("nengo==4.1.0", "scipy"),))
# PyTorch by exact version before what wants it; Norse without torchvision, which its cells do not use
NORSE = Environment(
    name="norse",
    module="norse",
    installs=(("torch==2.13.0", "numpy", "nir", "nirtorch"), ("--no-deps", "norse==1.1.0")),
)
SNNTORCH = Environment(name="snntorch", module="snntorch", installs=(("torch==2.13.0", "numpy"), ("snntorch==1.0.0",)))
TOOLBOX = Environment(name="sns-toolbox", module="sns_toolbox", installs=(("torch==2.13.0",), ("sns-toolbox==1.5.2",)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A simulator in one of its modes.

    Attributes:
        name: As reports call it.
        key: As `--peers` calls it; several modes of one simulator share it.
        script: Module beside this one that runs it.
        options: What its `Simulator` takes besides the network.
        environment: What it needs.
        nonspiking: How it can run graded synapses: "open", "closed", both or neither.
        spiking: Likewise integrate-and-fire neurons.
        largest: Neurons beyond which it is not asked.
        limit: Why not.
    """

    name: str
    key: str
    script: str
    environment: Environment
    options: tuple[str, ...] = ()
    nonspiking: tuple[str, ...] = ()
    spiking: tuple[str, ...] = ()
    largest: int = 10**9
    limit: str = ""

    def modes(self, kind: str) -> tuple[str, ...]:
        """How it can run networks of this kind ("nonspiking" or "spiking")."""
        return self.nonspiking if kind == "nonspiking" else self.spiking


BOTH = ("open", "closed")
PEERS = (
    Peer(
        name="Brian2 C++ standalone",
        key="brian2",
        script="brian_model",
        options=("cpp_standalone",),
        environment=BRIAN,
        nonspiking=("open",),
        spiking=("open",),
    ),
    Peer(
        name="Brian2 cython",
        key="brian2",
        script="brian_model",
        options=("cython",),
        environment=BRIAN,
        nonspiking=("closed",),
        spiking=("closed",),
    ),
    Peer(name="ANNarchy", key="annarchy", script="annarchy_model", environment=ANNARCHY, nonspiking=BOTH, spiking=BOTH),
    Peer(name="NEST", key="nest", script="nest_model", environment=NEST, spiking=("open",)),
    Peer(
        name="NEST rate neurons",
        key="nest",
        script="nest_model",
        environment=NEST,
        nonspiking=("open",),
        largest=10_000,
        limit="until 100,000 have come to rest takes it minutes",
    ),
    Peer(
        name="NEST step by step",
        key="nest",
        script="nest_model",
        environment=NEST,
        nonspiking=("closed",),
        spiking=("closed",),
        largest=1000,
        limit="it takes new inputs one neuron at a time, at some ten microseconds each",
    ),
    Peer(name="Nengo", key="nengo", script="nengo_model", environment=NENGO, spiking=BOTH),
    Peer(name="Norse", key="norse", script="norse_model", environment=NORSE, spiking=BOTH),
    Peer(name="snnTorch", key="snntorch", script="snntorch_model", environment=SNNTORCH, spiking=BOTH),
    Peer(
        name="SNS-Toolbox",
        key="sns-toolbox",
        script="toolbox_model",
        environment=TOOLBOX,
        nonspiking=("closed",),
        largest=1000,
        limit="its matrices have a row and a column for every neuron",
    ),
)
KEYS = tuple(dict.fromkeys(peer.key for peer in PEERS))
