"""A gait report as an `xarray.Dataset`."""

from typing import TYPE_CHECKING

import numpy as np

from sns_mujoco.analysis.gait.bootstrap import Interval
from sns_mujoco.analysis.gait.quantities import QUANTITIES

if TYPE_CHECKING:
    import xarray

    from sns_mujoco.analysis.gait.report import GaitReport


def dataset_of(report: "GaitReport") -> "xarray.Dataset":
    """The report as data: means with the ends of their intervals, and all single strides."""
    import xarray

    names, pairs, muscles = list(report.quantities), list(report.lags), list(report.works)
    lags = [report.lags[pair] for pair in pairs]
    strides = [(life, strides) for life, strides in enumerate(one.strides for one in report.lives)]
    texts = {
        "quantity": names,
        "pair": [f"{foot} after {reference}" for foot, reference in pairs],
        "muscle": muscles,
        "foot": list(report.feet),
    }
    variables = {
        **_ends("mean", "quantity", list(report.quantities.values()), "see unit", "mean of a quantity"),
        **_ends("lag", "pair", [lag.interval for lag in lags], "1", "phase lag, share of a stride"),
        "lag_coherence": ("pair", [lag.coherence for lag in lags], _told("1", "length of the mean phase vector")),
        "lag_rayleigh": ("pair", [lag.rayleigh.p for lag in lags], _told("1", "probability by Rayleigh's test")),
        **_ends("positive_work", "muscle", [own[0] for own in report.works.values()], "J", "work put in, a stride"),
        **_ends("negative_work", "muscle", [own[1] for own in report.works.values()], "J", "work taken out, a stride"),
        **{
            f"foot_{name.replace(' ', '_')}": (
                "foot", [own[name].value for own in report.feet.values()], _told(QUANTITIES[name].unit, f"mean {name}")
            )
            for name in ("stride period", "duty factor", "stance duration", "swing duration")
        },
        "stride_start": ("stride", np.concatenate(
            [report.lives[life].motion.begin + own.start * own.period for life, own in strides]
        ), _told("s", "touchdown that begins the stride")),
        "stride_period": ("stride", np.concatenate([own.duration for _, own in strides]), _told("s", "its duration")),
        "stride_stance": ("stride", np.concatenate([own.stance for _, own in strides]), _told("s", "its stance")),
    }  # fmt: skip
    return xarray.Dataset(
        variables,
        coords={
            **{dimension: np.array(values, dtype=object) for dimension, values in texts.items()},
            "unit": ("quantity", np.array([QUANTITIES[name].unit for name in names], dtype=object)),
            "source": ("quantity", np.array([QUANTITIES[name].source for name in names], dtype=object)),
            "stride_life": ("stride", np.concatenate([np.full(len(own), life) for life, own in strides])),
            "stride_foot": (
                "stride", np.array([own.feet[k] for _, own in strides for k in own.foot], dtype=object)
            ),
        },
        attrs={"gait": str(report.name), "reference": report.reference, "level": report.level,
               "lives": len(report.lives)},
    )  # fmt: skip


def _ends(name: str, dimension: str, intervals: list[Interval], unit: str, meaning: str) -> dict[str, tuple]:
    parts = {name: "value", f"{name}_low": "low", f"{name}_high": "high", f"{name}_n": "n"}
    told = {"value": meaning, "low": f"{meaning}, lower end", "high": f"{meaning}, upper end", "n": "number of values"}
    return {
        key: (dimension, [getattr(own, field) for own in intervals], _told("1" if field == "n" else unit, told[field]))
        for key, field in parts.items()
    }


def _told(unit: str, meaning: str) -> dict[str, str]:
    return {"units": unit, "long_name": meaning}
