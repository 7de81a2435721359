"""An animal that cannot be put together: every reason at once, where putting it together stops at the first."""

from collections.abc import Callable, Sequence

import mujoco

from sns_mujoco.cosim.attach import Adapter, attach
from sns_mujoco.diagnosis.findings import Finding
from sns_mujoco.errors import SnsError, TimeStepError, UnknownNameError
from sns_mujoco.network import Network

REMEDY = "The animal cannot be put together before this is mended; then ask again, as nothing else was examined."


def refusals(body: mujoco.MjSpec, network: Network, adapters: Sequence[Adapter], dt: float) -> list[Finding]:
    """What stands in the way of attaching a nervous system to a body.

    Adapters are tried one by one, and then each of them together with those before it.
    """
    found = []
    everything = _refused("network", lambda: attach(body, network, [], dt=dt))
    if everything is not None:
        return [everything]
    good: list[Adapter] = []
    for adapter in adapters:
        name = getattr(adapter, "label", repr(adapter))
        for company in ([], good):
            together = [*company, adapter]
            refusal = _refused(name, lambda together=together: attach(body, network, together, dt=dt))
            if refusal is not None:
                found.append(refusal)
                break
        else:
            good.append(adapter)
    return found


def refusal(place: str, error: Exception) -> Finding:
    """An error as a finding."""
    text = str(error)
    if isinstance(error, UnknownNameError):
        check = "unknown-name"
    elif isinstance(error, TimeStepError):
        check = "coarse-step"
    elif "already" in text and "named" in text or "repeated name" in text:
        check = "duplicate-name"
    else:
        check = "refused"
    return Finding(check=check, severity="error", place=place, message=_sentence(text), remedy=REMEDY)


def _refused(place: str, attempt: Callable[[], object]) -> Finding | None:
    try:
        attempt()
    except (SnsError, ValueError) as error:
        return refusal(place, error)
    return None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
