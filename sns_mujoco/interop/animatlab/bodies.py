"""Rigid bodies of organisms and structures, as an `MjSpec` with sites, joints and contacts."""

from pathlib import Path

import mujoco

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab import contacts
from sns_mujoco.interop.animatlab.frames import UPRIGHT, Frame, quaternion
from sns_mujoco.interop.animatlab.joints import add_joint
from sns_mujoco.interop.animatlab.parts import Part, Parts
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.settings import GRAM, Names, Settings
from sns_mujoco.interop.animatlab.shapes import SOLID, Shape, read_shape
from sns_mujoco.interop.animatlab.tree import Link, links, read_tree
from sns_mujoco.interop.animatlab.xml import Item

LINES = {"linearhillmuscle": "muscle", "linearhillstretchreceptor": "receptor", "spring": "spring"}
ABSENT = {
    "fluidplane": "there is no water here: buoyancy and drag are left out",
    "odorsensor": "odours are left out", "mouth": "eating is left out", "stomach": "eating is left out",
}  # fmt: skip


class Bodies:
    """Puts structures into an `MjSpec`.

    Attributes:
        spec: The body.
        parts: What IDs stand for; muscles, receptors and springs are only registered.
        lines: These, in the order of the file.
        motors: Joints with a motor: names and elements.
        mass: kg of all moving parts.
    """

    def __init__(self, settings: Settings, folder: Path, report: Report) -> None:
        """Begin with an empty world.

        Args:
            settings: Units and steps.
            folder: Where meshes are looked for.
            report: Where differences are put down.
        """
        self.spec = mujoco.MjSpec()
        self.spec.compiler.degree = False
        self.spec.option.timestep = settings.timestep
        self.spec.option.gravity = [0.0, 0.0, settings.gravity]
        self.spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        self.spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
        self.spec.option.impratio = contacts.HARD
        self.spec.visual.headlight.ambient, self.spec.visual.headlight.diffuse = [0.4] * 3, [0.6] * 3
        self.parts, self.lines = Parts(), list[Part]()
        self.motors: list[Part] = []
        self.mass = 0.0
        self._settings, self._folder, self._report = settings, folder, report
        self._names = {kind: Names() for kind in ("body", "geom", "joint", "site", "line")}
        self._surfaces: list[contacts.Surface] = []
        self._apart: set[frozenset[str]] = set()
        self._materials: dict[str, contacts.Material] = {}

    def environment(self, item: Item) -> None:
        """Add all structures and organisms of an `Environment`.

        Raises:
            AnimatLabError: Something in it is missing or makes no sense.
        """
        self._materials = contacts.read_materials(item)
        if item.flag("SimulateHydrodynamics", False):
            self._report.add("unsupported", "Environment", "hydrodynamics", "buoyancy and drag are left out")
        structures = [s for tag in ("Structures", "Organisms") for s in item.children(tag)]
        for structure in structures:
            frame = UPRIGHT.inside(structure.vector("Position"), quaternion(structure.vector("Rotation")))
            root = structure.child("RigidBody")
            if root is not None:
                root.where = f"RigidBody {root.name!r}"
                self._root(root, frame, structure)
        for structure in structures:
            self._apart |= contacts.read_exclusions(structure, self.parts)
        contacts.separate(self.spec, self._apart)
        contacts.add_pairs(self.spec, self._surfaces, self._apart, self._settings, self._report)

    def _root(self, item: Item, frame: Frame, structure: Item) -> None:
        """Add a root part and all below it; `frame` is that of the structure in MuJoCo's world."""
        if item.text("Type").lower() not in SOLID:
            self._other(item, None, structure)
            return
        placed: dict[int, Part] = {}
        for link in links(read_tree(item, frame, self._report), self._report):
            above = None if link.above is None else placed[id(link.above)]
            part = placed[id(link.node)] = self._solid(link, above)
            for other in link.node.others:
                self._other(other, part, structure)

    def _other(self, item: Item, parent: Part | None, structure: Item) -> None:
        """Add a part that is not rigid, or the ground."""
        kind = item.text("Type").lower()
        if kind in LINES:
            part = Part(kind=LINES[kind], name=self._names["line"].unique(item.name, "line"), item=item)
            self.parts.put(part)
            self.lines.append(part)
        elif kind == "attachment":
            self._site(item, parent)
        elif kind in ABSENT:
            self._report.add("unsupported", item.text("Type"), item.name, ABSENT[kind], item.id)
            self.parts.put(Part(kind="missing", name=item.name, item=item))
        elif kind in ("plane", "terrain"):
            self._ground(item, kind, structure)
        else:
            raise AnimatLabError(f"{item.where}: body type {item.text('Type')!r} is unknown to AnimatLab")

    def _site(self, item: Item, parent: Part | None) -> None:
        if parent is None:
            raise AnimatLabError(f"{item.where} is an attachment without a body")
        name = self._names["site"].unique(item.name, "site")
        radius = item.number("Radius", 1e-3, least=0.0) or 1e-3
        body = parent.data["spec"]
        body.add_site(name=name, pos=list(item.vector("Position")), size=[radius] * 3, rgba=[0.2, 0.7, 0.3, 1.0])
        self.parts.put(Part(kind="site", name=name, item=item, data={"body": parent.name}))

    def _ground(self, item: Item, kind: str, structure: Item) -> None:
        """A plane; for Bullet it is level, and as high as its structure."""
        height = structure.vector("Position")[1]
        if kind == "terrain":
            self._report.add("approximated", "Terrain", item.name, "a level plane stands in for its heights", item.id)
            height += item.vector("Position")[1]
        elif any(item.vector("Position")):
            why = f"level, at a height of {height:g} m: AnimatLab's physics has it at the height of its structure"
            self._report.add("note", "Plane", item.name, why, item.id)
        name = self._names["geom"].unique(item.name, "ground")
        world = self.spec.worldbody
        material = self._material(item)
        geom = world.add_geom(name=name, type=mujoco.mjtGeom.mjGEOM_PLANE, size=[0, 0, 0.05], pos=[0, 0, height])
        self._touching(geom, material, "world", True)
        self.parts.put(Part(kind="body", name="world", item=item, data={"spec": world, "body": "world", "fixed": True}))
        if item.element.find("ChildBodies") is not None and len(item.element.find("ChildBodies") or ()):
            raise AnimatLabError(f"{item.where} has parts of its own, which planes cannot have")

    def _solid(self, link: Link, parent: Part | None) -> Part:
        """Add a body with its shape and its joint."""
        node, item = link.node, link.node.item
        shape = read_shape(item, node.kind, self._settings, self._folder, self._report)
        mass = self._mass(item, shape) if node.solid else 0.0
        above = self.spec.worldbody if parent is None else parent.data["spec"]
        spot = node.place if link.above is None else node.place.seen_from(link.above.place)
        name = self._names["body"].unique(item.name, "body")
        body = above.add_body(name=name, pos=spot.position.tolist(), quat=spot.quat.tolist())
        fixed = link.moves == "weld" and (parent is None or parent.data["fixed"])
        part = Part(kind="body", name=name, item=item, data={"spec": body, "body": name, "fixed": fixed})
        self.parts.put(part)
        self._geoms(part, shape, node.solid, mass)
        if link.moves == "free":
            body.add_freejoint(name=self._names["joint"].unique(f"{name} free"))
        if node.joint is not None and node.parent is None:
            self._report.add("note", "Joint", node.joint.name, "a root has no joint", node.joint.id)
        if link.joint is not None:
            self._joint(link, body)
        if parent is not None:
            self._keep_apart(part, parent, link.moves)
        return part

    def _joint(self, link: Link, body: mujoco.MjsBody) -> None:
        item, moves = link.joint, link.moves
        assert item is not None
        if moves in ("weld", "free"):
            self.parts.put(Part(kind="missing", name=item.name, item=item))
            if link.node.moves == "weld" and item.text("Type").lower() in ("hinge", "prismatic"):
                self._report.add("note", "Joint", item.name, "its limits are equal: the parts are one", item.id)
            return
        name = self._names["joint"].unique(item.name, "joint")
        joint = add_joint(body, item, moves, name, (link.position, link.axis), self._settings, self._report)
        part = Part(kind="joint", name=name, item=item, data={"type": moves, "spec": joint})
        self.parts.put(part)
        if moves != "ball":
            self.motors.append(part)

    def _mass(self, item: Item, shape: Shape) -> float:
        """kg; the file has g, or a density where the mass is negative or missing."""
        mass = item.number("Mass", -1.0)
        if mass >= 0:
            return mass * GRAM
        return self._settings.kilograms(item.number("Density", 1.0, least=0.0), shape.volume)

    def _geoms(self, part: Part, shape: Shape, solid: bool, mass: float) -> None:
        body, item = part.data["spec"], part.item
        material = self._material(item)
        extra = {}
        if shape.mesh is not None:
            self.spec.add_mesh(name=part.name, uservert=shape.mesh.ravel().tolist())
            extra["meshname"] = part.name
        center = item.vector("COM", (0.0, 0.0, 0.0))
        for given in shape.geoms:
            name = self._names["geom"].unique(part.name)
            geom = body.add_geom(name=name, mass=mass / len(shape.geoms), rgba=_color(item), **given, **extra)
            if solid:
                self._touching(geom, material, part.name, part.data["fixed"])
            else:
                geom.contype, geom.conaffinity = 0, 0
        if solid and any(center) and mass > 0:
            self._shifted(part, center, mass)
        self.mass += mass

    def _shifted(self, part: Part, center: tuple[float, ...], mass: float) -> None:
        """Put the centre of mass where the file has it; the inertia about it is that of the shape."""
        alone = mujoco.MjSpec()
        twin = alone.worldbody.add_body()
        for geom in part.data["spec"].geoms:
            if geom.type == mujoco.mjtGeom.mjGEOM_MESH:
                self._report.add("approximated", "RigidBody", part.name, "a mesh has its own centre of mass")
                return
            twin.add_geom(type=geom.type, size=geom.size, fromto=geom.fromto, mass=geom.mass)
        model = alone.compile()
        body = part.data["spec"]
        body.explicitinertial, body.mass, body.ipos = True, mass, list(center)
        body.inertia, body.iquat = model.body_inertia[1].tolist(), model.body_iquat[1].tolist()

    def _touching(self, geom: mujoco.MjsGeom, material: contacts.Material, body: str, fixed: bool) -> None:
        geom.friction = material.against(material, self._settings.distance)
        geom.condim, geom.solref = 6, contacts.solref(self._settings)
        self._surfaces.append(contacts.Surface(geom=geom.name, body=body, material=material, fixed=fixed))

    def _material(self, item: Item) -> contacts.Material:
        key = item.text("MaterialTypeID", "DEFAULTMATERIAL").lower()
        if key not in self._materials:
            raise AnimatLabError(f"{item.where}: its material {key[:60]!r} is not among the project's materials")
        material = self._materials[key]
        if material.restitution > 0.5:
            why = f"its material's restitution of {material.restitution:g} is left out: contacts do not bounce"
            self._report.add("approximated", "RigidBody", item.name, why, item.id)
        return material

    def _keep_apart(self, part: Part, parent: Part, moves: str) -> None:
        """Parts that a joint connects do not touch, nor do those that are one with them."""
        group = parent.data.setdefault("group", [parent.name])
        if moves == "weld":
            for name in group:
                self._apart.add(frozenset((name, part.name)))
            group.append(part.name)
            part.data["group"] = group
        elif moves != "free":
            self._apart |= {frozenset((name, part.name)) for name in group}


def _color(item: Item) -> list[float]:
    color = item.element.find("Diffuse")
    try:
        rgb = [min(max(float((color.get(name) if color is not None else None) or 0.6), 0), 1) for name in
               ("Red", "Green", "Blue")]  # fmt: skip
    except ValueError:
        rgb = [0.6, 0.6, 0.6]
    return [*rgb, 1.0]
