"""How the rigid parts of a structure hang together, as a tree for MuJoCo.

MuJoCo's trees grow from what is fixed. AnimatLab may freeze any part in the world, also one in the middle of a
structure: then the tree is turned round to grow from there, and the joints on the way with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sns_mujoco.errors import AnimatLabError
from sns_mujoco.interop.animatlab.frames import Frame, matrix, quaternion
from sns_mujoco.interop.animatlab.joints import joint_kind
from sns_mujoco.interop.animatlab.report import Report
from sns_mujoco.interop.animatlab.shapes import SOLID
from sns_mujoco.interop.animatlab.xml import DEEPEST, Item

MOVING = ("hinge", "slide", "ball")


@dataclass(eq=False, slots=True)
class Node:
    """A rigid part.

    Attributes:
        item: Its element.
        kind: Its type, lower case.
        place: Where it is in MuJoCo's world.
        parent: The part above it in the file.
        joint: Its joint to that, or None.
        moves: How it moves against it: "weld", "free", "hinge", "slide" or "ball".
        solid: Whether it has mass and touches others.
        frozen: Whether it stands still in the world.
        children: The rigid parts below it.
        others: The parts below it that are not rigid: attachments, muscles ...
    """

    item: Item
    kind: str
    place: Frame
    parent: "Node | None"
    joint: Item | None
    moves: str
    solid: bool
    frozen: bool
    children: list["Node"] = field(default_factory=list)
    others: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A part and what it hangs on in MuJoCo's tree.

    Attributes:
        node: The part.
        above: What it hangs on; None for the world.
        moves: How it moves against it.
        joint: The joint's element, or None.
        position: Of the joint, m, in the frame of the part.
        axis: Of the joint, in that frame, so that MuJoCo's position of it is AnimatLab's.
    """

    node: Node
    above: Node | None
    moves: str
    joint: Item | None
    position: tuple[float, ...] = (0.0, 0.0, 0.0)
    axis: tuple[float, ...] = (0.0, 0.0, 1.0)


def read_tree(item: Item, frame: Frame, report: Report) -> Node:
    """The rigid parts from a root down.

    Raises:
        AnimatLabError: A type is unknown, a number is missing, or it is nested too deeply.
    """
    return _node(item, None, frame, report, 0)


def _node(item: Item, parent: Node | None, frame: Frame, report: Report, depth: int) -> Node:
    if depth > DEEPEST:
        raise AnimatLabError(f"{item.where} is nested deeper than {DEEPEST} levels")
    kind = item.text("Type").lower()
    sensor = item.flag("IsContactSensor", False) or kind.endswith("contactsensor")
    solid = item.flag("IsCollisionObject", True) and not sensor
    joint = item.child("Joint")
    moves = "weld"
    if parent is not None and joint is not None:
        joint.where = f"Joint {joint.name!r}"
        moves = joint_kind(joint, report) if solid else "weld"
    frozen = item.flag("Freeze", False) or (solid and item.number("Mass", -1.0) == 0)
    place = frame.inside(item.vector("Position"), quaternion(item.vector("Rotation")))
    node = Node(item, kind, place, parent, joint, moves if parent is not None else "free", solid, frozen)
    for child in item.children("ChildBodies"):
        if child.text("Type").lower() in SOLID:
            node.children.append(_node(child, node, place, report, depth + 1))
        else:
            node.others.append(child)
    return node


def links(root: Node, report: Report) -> Iterator[Link]:
    """All parts in an order in which each comes after what it hangs on."""
    path = [root]
    if not root.frozen:
        anchor = _anchor(root)
        while anchor is not None and anchor.parent is not None:
            path.append(anchor)
            anchor = anchor.parent
    if len(path) > 1:
        path = path[1:]  # from the frozen part up to a child of the root
        first = path[0].item
        report.add("note", "RigidBody", first.name, "frozen in the world: the tree of parts grows from it", first.id)
        yield Link(node=path[0], above=None, moves="weld", joint=None)
        yield from _below(path[0], None, True, report)
        for below, node in zip(path, [*path[1:], root], strict=True):
            position, axis = _turned(below, node)
            yield Link(node=node, above=below, moves=below.moves, joint=below.joint, position=position, axis=axis)
            yield from _below(node, below, False, report)
        return
    yield Link(node=root, above=None, moves="weld" if root.frozen else "free", joint=None)
    yield from _below(root, None, root.frozen, report)


def _anchor(node: Node) -> Node | None:
    """The first frozen part below that a moving joint holds, on a way of solid parts."""
    for child in node.children:
        if child.moves == "free":
            continue
        if child.frozen and child.moves in MOVING:
            return child
        found = _anchor(child)
        if found is not None:
            return found
    return None


def _below(node: Node, without: Node | None, fixed: bool, report: Report) -> Iterator[Link]:
    """What hangs on a part, but for one; `fixed`: whether that part stands still in the world."""
    for child in node.children:
        if child is without:
            continue
        moves, joint, above = child.moves, child.joint, node
        if child.frozen and moves != "weld":
            if moves in MOVING and fixed:
                why = "frozen, as what it hangs on: its joint does not move"
                report.add("note", "RigidBody", child.item.name, why, child.item.id)
            elif moves in MOVING:
                why = "frozen in the world, and its joint left out: another part of its structure is frozen, too"
                report.add("approximated", "RigidBody", child.item.name, why, child.item.id)
            moves, above = "weld", None
        if moves == "free":
            above = None
        if moves in MOVING and joint is not None:
            yield Link(
                node=child, above=above, moves=moves, joint=joint, position=joint.vector("Position"), axis=_axis(joint)
            )
        else:
            yield Link(node=child, above=above, moves=moves, joint=joint)
        yield from _below(child, None, child.frozen or (fixed and moves == "weld"), report)


def _axis(joint: Item) -> tuple[float, ...]:
    """The axis in the frame of the part that the joint is of: Bullet's positions are left-handed about x."""
    return tuple((-matrix(quaternion(joint.vector("Rotation")))[:, 0]).tolist())


def _turned(owner: Node, node: Node) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Position and axis of the joint of `owner`, for the part above it that now hangs on it."""
    joint = owner.joint
    assert joint is not None  # what a moving joint holds has one
    here, there = matrix(node.place.quat), matrix(owner.place.quat)
    world = owner.place.position + there @ np.array(joint.vector("Position"))
    position = here.T @ (world - node.place.position)
    axis = -(here.T @ there @ np.array(_axis(joint)))
    return tuple(position.tolist()), tuple(axis.tolist())
