"""The samples as an `xarray.Dataset`: variables, coordinates, units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sns_mujoco.analysis.families import families_in
from sns_mujoco.analysis.recording.channels import text
from sns_mujoco.analysis.recording.groups import INNER, Catalogue
from sns_mujoco.analysis.recording.selection import Clock
from sns_mujoco.analysis.recording.storage import ordered

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.models import Animal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What samples are of.

    Attributes:
        clocks: What is sampled together.
        known: What can be recorded of the model.
        animal: The animal, or None.
        seeds: Of a population: the seed of each individual [n].
        attrs: What reproduces it.
    """

    clocks: Sequence[Clock]
    known: Catalogue
    animal: "Animal | None"
    seeds: NDArray[np.int64] | None
    attrs: dict[str, Any]

    def dataset(self, rows: Sequence[Floats]) -> "xarray.Dataset":
        """A dataset of the rows of each clock, [rows, W] or [rows, individuals, W]; the first number is the time."""
        import xarray

        variables: dict[str, Any] = {}
        coordinates: dict[str, Any] = {}
        batch = () if self.seeds is None else ("individual",)
        for clock, taken in zip(self.clocks, rows, strict=True):
            times = taken[..., 0] if self.seeds is None else taken[:, 0, 0]
            coordinates[clock.dimension] = (clock.dimension, times, {"units": "s", "long_name": "simulated time"})
            start = 1
            for group in clock.groups:
                values = group.values(taken[..., start : start + len(group.places)])
                start += len(group.places)
                if batch:
                    values = np.moveaxis(values, 1, 0)
                dimensions = (*batch, clock.dimension, group.dimension, *([group.inner] if group.inner else []))
                about = {"units": group.unit, "long_name": group.meaning}
                variables[group.name] = (dimensions, np.ascontiguousarray(values), about)
        return ordered(xarray.Dataset(variables, coords=coordinates | self._names(), attrs=dict(self.attrs)))

    def _names(self) -> dict[str, Any]:
        groups = [group for clock in self.clocks for group in clock.groups]
        names = {group.dimension: group.labels for group in groups}
        inner = {group.inner: INNER[group.inner] for group in groups if group.inner}
        found: dict[str, Any] = {dimension: text(labels) for dimension, labels in (names | inner).items()}
        if "channel" in names:
            found["sensor_unit"] = "channel", text(self.known.sensor_units[label] for label in names["channel"])
        if "stimulus_name" in names:
            told = (self.known.stimulus_units[label] for label in names["stimulus_name"])
            found["stimulus_unit"] = "stimulus_name", text(told)
        for what, field in (("kind", "kind"), ("source", "source"), ("target", "to")) if "afferent" in names else ():
            told = (getattr(self.known.afferents[label], field) for label in names["afferent"])
            found[f"afferent_{what}"] = "afferent", text(told)
        if "neuron" in names and self.animal is not None:
            found["family"] = "neuron", text(families_in(self.animal, list(names["neuron"])))
        if self.seeds is not None:
            found["individual"] = np.arange(len(self.seeds))
            found["individual_seed"] = "individual", self.seeds
        return found
