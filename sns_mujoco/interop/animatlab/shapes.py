"""Shapes of AnimatLab's rigid bodies as geoms. Sizes in the file are in m."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mujoco
import numpy as np

from sns_mujoco.interop.animatlab.meshes import find_mesh, vertices
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import Settings
from sns_mujoco.interop.animatlab.xml import Item

Geom = mujoco.mjtGeom
SOLID = {
    "box", "boxcontactsensor", "sphere", "cylinder", "cylindercontactsensor", "cone", "ellipsoid", "torus", "mesh",
}  # fmt: skip
RING = 16  # capsules of a torus
SIDES = 24  # corners of a cone's ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A shape in the frame of its body.

    Attributes:
        geoms: What makes it up: arguments of `MjsBody.add_geom`.
        volume: m^3.
        mesh: Vertices [n, 3], m, of which it is the convex hull, or None.
    """

    geoms: list[dict[str, Any]]
    volume: float
    mesh: Any = None


def read_shape(item: Item, kind: str, settings: Settings, folder: Path, report: Report) -> Shape:
    """The shape of a solid part; `kind` is its type in lower case, one of `SOLID`.

    Raises:
        AnimatLabError: A size is missing or not positive, or a mesh cannot be found or read.
    """
    match kind.removesuffix("contactsensor"):
        case "box":
            size = [item.number(tag, above=0.0) / 2 for tag in ("Length", "Height", "Width")]
            return Shape(geoms=[{"type": Geom.mjGEOM_BOX, "size": size}], volume=8 * math.prod(size))
        case "sphere":
            radius = item.number("Radius", above=0.0)
            geom = {"type": Geom.mjGEOM_SPHERE, "size": [radius, 0.0, 0.0]}
            return Shape(geoms=[geom], volume=4 / 3 * math.pi * radius**3)
        case "cylinder":  # its axis is z for the physics
            radius, height = item.number("Radius", above=0.0), item.number("Height", above=0.0)
            geom = {"type": Geom.mjGEOM_CYLINDER, "size": [radius, height / 2, 0.0]}
            return Shape(geoms=[geom], volume=math.pi * radius**2 * height)
        case "ellipsoid":
            major, minor = item.number("MajorRadius", above=0.0), item.number("MinorRadius", above=0.0)
            geom = {"type": Geom.mjGEOM_ELLIPSOID, "size": [major, minor, major]}
            return Shape(geoms=[geom], volume=4 / 3 * math.pi * major**2 * minor)
        case "cone":
            return _cone(item)
        case "torus":
            return _torus(item, report)
    return _mesh(item, settings, folder, report)


def _cone(item: Item) -> Shape:
    lower, upper = item.number("LowerRadius", least=0.0), item.number("UpperRadius", least=0.0)
    height = item.number("Height", above=0.0)
    angles = np.arange(SIDES) * 2 * math.pi / SIDES
    rings = [
        np.stack([max(r, 1e-4 * height) * np.sin(angles), np.full(SIDES, y), max(r, 1e-4 * height) * np.cos(angles)], 1)
        for r, y in ((lower, -height / 2), (upper, height / 2))
    ]
    volume = math.pi * height / 3 * (lower**2 + lower * upper + upper**2)
    return Shape(geoms=[{"type": Geom.mjGEOM_MESH}], volume=volume, mesh=np.concatenate(rings))


def _torus(item: Item, report: Report) -> Shape:
    tube, ring = item.number("InsideRadius", above=0.0), item.number("OutsideRadius", above=0.0)
    report.add("approximated", "Torus", item.name, f"made of {RING} capsules in a ring", item.id)
    angles = np.arange(RING + 1) * 2 * math.pi / RING
    points = np.stack([ring * np.cos(angles), ring * np.sin(angles), np.zeros(RING + 1)], 1)
    geoms = [
        {"type": Geom.mjGEOM_CAPSULE, "size": [tube, 0.0, 0.0], "fromto": [*start, *end]}
        for start, end in zip(points[:-1], points[1:], strict=True)
    ]
    return Shape(geoms=geoms, volume=2 * math.pi**2 * ring * tube**2)


def _mesh(item: Item, settings: Settings, folder: Path, report: Report) -> Shape:
    convex = item.text("MeshType").lower() == "convex" and item.flag("IsCollisionObject", False)
    tag = "ConvexMeshFile" if convex and item.text("ConvexMeshFile", "") else "MeshFile"
    scale = (1.0, 1.0, 1.0) if tag == "ConvexMeshFile" else item.vector("Scale", (1.0, 1.0, 1.0))
    place = find_mesh(item.text(tag), folder, item)
    points = vertices(place, item) * np.array(scale) * settings.distance
    if not convex:
        report.add("approximated", "Mesh", item.name, "collides as its convex hull, not triangle by triangle", item.id)
    extent = np.ptp(points, axis=0)
    return Shape(geoms=[{"type": Geom.mjGEOM_MESH}], volume=float(extent.prod()), mesh=points)
