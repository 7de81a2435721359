"""Neurons under SNS-Toolbox's names, with their parameters in a dictionary `params`."""

from typing import Any, ClassVar

from sns_mujoco import network as sns
from sns_mujoco.errors import NetworkError
from sns_mujoco.interop.sns_toolbox.color_utilities import known_color
from sns_mujoco.interop.toolbox_parameters import CHANNEL, MEMBRANE, SODIUM, THRESHOLD, neuron_params, plain


class Neuron:
    """What every neuron has. Arguments and defaults are those of `sns_mujoco.network.NonSpikingNeuron`.

    Attributes:
        name: Name of the kind.
        color: Colour in pictures.
        params: Its parameters; changes count until a network compiles.

    Raises:
        NetworkError: A parameter is unknown or makes no sense.
    """

    _kind: ClassVar[type[sns.NonSpikingNeuron]] = sns.NonSpikingNeuron
    _own: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Describe a neuron."""
        if "color" in kwargs:
            kwargs["color"] = known_color(kwargs["color"])
        for name in kwargs:
            if name not in ("name", "color", *MEMBRANE, *self._own):
                raise NetworkError(
                    f"SNS-Toolbox's {type(self).__name__} has no {name!r}; sns_mujoco.network describes such neurons"
                )
        kind = self._kind(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})
        self.name = kind.name
        self.color = kind.color
        self.params: dict[str, Any] = neuron_params(kind)


class NonSpikingNeuron(Neuron):
    """A leaky membrane; see `sns_mujoco.network.NonSpikingNeuron`."""


class NonSpikingNeuronWithGatedChannels(NonSpikingNeuron):
    """A membrane with ion channels; see `sns_mujoco.network.NonSpikingNeuronWithGatedChannels`.

    Each parameter of a channel is a list, array or tensor with one value for each channel.
    """

    _kind = sns.NonSpikingNeuronWithGatedChannels
    _own = tuple(CHANNEL.values())


class NonSpikingNeuronWithPersistentSodiumChannel(NonSpikingNeuronWithGatedChannels):
    """A membrane with a persistent sodium current.

    See `sns_mujoco.network.NonSpikingNeuronWithPersistentSodiumChannel`.
    """

    _kind = sns.NonSpikingNeuronWithPersistentSodiumChannel
    _own = tuple(SODIUM.values())


class SpikingNeuron(Neuron):
    """A leaky integrate-and-fire neuron with a moving threshold; see `sns_mujoco.network.SpikingNeuron`."""

    _kind = sns.SpikingNeuron
    _own = THRESHOLD
