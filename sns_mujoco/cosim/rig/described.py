"""What a model was described from, as far as protocols need it."""

from collections.abc import Callable, Sequence
from functools import cached_property

import mujoco

from sns_mujoco.adapters import Afferent, Efferent
from sns_mujoco.network import Network


class Described:
    """The network, the adapters and the body of a model, made when they are first asked for."""

    def __init__(
        self,
        network: Callable[[], Network],
        adapters: Callable[[], Sequence[Afferent | Efferent]],
        body: Callable[[], mujoco.MjSpec] | None = None,
    ) -> None:
        """Know how they are made.

        Args:
            network: Makes the network that was attached.
            adapters: Makes the adapters that it was attached with.
            body: Makes the body that it was attached to; without it masses cannot be changed.
        """
        self._network, self._adapters, self._body = network, adapters, body

    @classmethod
    def of(
        cls, network: Network, adapters: Sequence[Afferent | Efferent], body: mujoco.MjSpec | None = None
    ) -> "Described":
        """What is at hand already."""
        return cls(lambda: network, lambda: adapters, None if body is None else lambda: body)

    @cached_property
    def network(self) -> Network:
        """The network."""
        return self._network()

    @cached_property
    def adapters(self) -> tuple[Afferent | Efferent, ...]:
        """The adapters."""
        return tuple(self._adapters())

    @cached_property
    def body(self) -> mujoco.MjSpec | None:
        """The body alone, if it is known."""
        return None if self._body is None else self._body()
