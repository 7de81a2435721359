"""Which step is which: simulators of NIR compute all layers within a step, and here each layer takes one.

A spike acts here in the step after it. So what other simulators compute in step n, a neuron of level k computes in step
n + k, where its level is the number of neurons on the longest way to it from the inputs. Shorter ways get delays, so
that all arrive together; what goes back (recurrent synapses) arrives a step later there, too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Levels of neurons.

    Attributes:
        level: Steps that each is behind the inputs.
        back: Pairs of neurons, from and to, whose synapses go back.
    """

    level: Mapping[str, int]
    back: Collection[Pair]

    def further_steps(self, source: str, sink: str) -> int:
        """Delay that synapses need besides their own; negative where they cannot be as fast as they are elsewhere."""
        distance = self.level[sink] - self.level[source]
        return distance if (source, sink) in self.back else distance - 1


def timing_of(neurons: Iterable[str], pairs: Iterable[Pair], driven: Collection[str]) -> Timing:
    """Levels of neurons.

    Args:
        neurons: All, in order.
        pairs: Those joined by synapses, from and to.
        driven: Neurons that inputs reach; the search for what goes back begins there.
    """
    after: dict[str, list[str]] = defaultdict(list)
    for source, sink in pairs:
        after[source].append(sink)
    order = sorted(neurons, key=lambda name: name not in driven)
    finished, back = _walk(order, after)
    level = dict.fromkeys(order, 0)
    for source in reversed(finished):
        for sink in after[source]:
            if (source, sink) not in back:
                level[sink] = max(level[sink], level[source] + 1)
    return Timing(level=level, back=back)


def _walk(order: Iterable[str], after: Mapping[str, list[str]]) -> tuple[list[str], set[Pair]]:
    """Depth first: neurons in the order in which they are finished, and the pairs that lead back to an open one."""
    finished: list[str] = []
    open_, done, back = set(), set(), set()
    for root in order:
        stack = [(root, False)]
        while stack:
            name, entered = stack.pop()
            if entered:
                open_.discard(name)
                done.add(name)
                finished.append(name)
                continue
            if name in done or name in open_:
                continue
            open_.add(name)
            stack.append((name, True))
            for sink in after.get(name, ()):
                if sink in open_:
                    back.add((name, sink))
                elif sink not in done:
                    stack.append((sink, False))
    return finished, back
