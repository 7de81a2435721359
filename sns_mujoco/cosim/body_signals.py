"""Where afferents of joints, contacts, balance, sensors and commands find their signals in a body."""

from collections.abc import Callable
from typing import Any

import mujoco

from sns_mujoco.adapters import afferents, contacts, joints, vestibular
from sns_mujoco.adapters.native.layout import Form, Source
from sns_mujoco.cosim.readings import Part, Read, Signal, add_read
from sns_mujoco.cosim.references import SENSOR, References
from sns_mujoco.errors import AttachError, unknown_name

_KIND, _OBJECT = mujoco.mjtSensor, mujoco.mjtObj
_FORCE_DATA = 1 << 1  # bit of mjtConDataField: contact force
_NET_FORCE = 3  # reduction of all contacts to one


def _joint(afferent: Any, references: References, *, velocity: bool = False) -> Read:
    model = references.model
    found = references.find("joint", _OBJECT.mjOBJ_JOINT, model.njnt, afferent.joint, afferent.label)
    if mujoco.mjtJoint(model.jnt_type[found]) not in (mujoco.mjtJoint.mjJNT_HINGE, mujoco.mjtJoint.mjJNT_SLIDE):
        raise AttachError(f"{afferent.label}: it is a ball or free joint; read it through a sensor with SensorChannel")
    kind = _KIND.mjSENS_JOINTVEL if velocity else _KIND.mjSENS_JOINTPOS
    name = f"{afferent.joint}/{'velocity' if velocity else 'angle'}"
    return add_read(references, name, type=kind, objtype=_OBJECT.mjOBJ_JOINT, objname=afferent.joint)


def _joint_angle(afferent: joints.JointAngle, references: References) -> Signal:
    return Signal(read=_joint(afferent, references))


def _joint_velocity(afferent: joints.JointVelocity, references: References) -> Signal:
    return Signal(read=_joint(afferent, references, velocity=True))


def _joint_limit(afferent: joints.JointLimit, references: References) -> Signal:
    read = _joint(afferent, references)
    joint = references.model.joint(afferent.joint)
    if not references.model.jnt_limited[joint.id]:
        raise AttachError(f"{afferent.label}: the joint has no limits; give it a range in the body")
    upper = afferent.side == "upper"
    sign, limit = (1.0, joint.range[1]) if upper else (-1.0, joint.range[0])
    part = Part(read=read, origin=float(limit) - sign * afferent.margin, unit=sign / afferent.margin)
    return Signal(form=Form.RATE, parts=(part,), extras=(0.0,))


def _contact(name: str, references: References, label: str, *, sites: bool = False) -> Read:
    """The net contact force of a geom or body, or the touch sensor of a site."""
    model = references.model
    families = {
        "geom": (_OBJECT.mjOBJ_GEOM, model.ngeom), "body": (_OBJECT.mjOBJ_BODY, model.nbody),
        "site": (_OBJECT.mjOBJ_SITE, model.nsite if sites else 0),
    }  # fmt: skip
    known = {what: references.names(kind, count) for what, (kind, count) in families.items()}
    found = next((what for what, names in known.items() if name in names), None)
    if found is None:
        everything = [n for names in known.values() for n in names]
        raise unknown_name(
            "geom, body or site" if sites else "geom or body", name, everything, f"the body, for {label}"
        )
    if found == "site":
        return _touched(name, references)
    return add_read(
        references, f"{name}/contact", Source.NORM, type=_KIND.mjSENS_CONTACT, objtype=families[found][0],
        objname=name, intprm=[_FORCE_DATA, _NET_FORCE, 1],
    )  # fmt: skip


def _touched(site: str, references: References) -> Read:
    settings = {"type": _KIND.mjSENS_TOUCH, "objtype": _OBJECT.mjOBJ_SITE, "objname": site}
    return add_read(references, f"{site}/touch", **settings)


def _contact_force(afferent: contacts.ContactForce, references: References) -> Signal:
    return Signal(read=_contact(afferent.of, references, afferent.label))


def _touch(afferent: contacts.Touch, references: References) -> Signal:
    references.find("site", _OBJECT.mjOBJ_SITE, references.model.nsite, afferent.site, afferent.label)
    return Signal(read=_touched(afferent.site, references))


def _cutaneous(afferent: contacts.Cutaneous, references: References) -> Signal:
    read = _contact(afferent.of, references, afferent.label, sites=True)
    assert afferent.off is not None
    return Signal(form=Form.SWITCH, parts=(Part(read=read),), extras=(afferent.on, afferent.off), memory=1)


def _orientation(afferent: vestibular.Orientation, references: References) -> Signal:
    model = references.model
    sites = references.names(_OBJECT.mjOBJ_SITE, model.nsite)
    bodies = references.names(_OBJECT.mjOBJ_BODY, model.nbody)
    if afferent.of not in sites and afferent.of not in bodies:
        raise unknown_name("site or body", afferent.of, [*sites, *bodies], f"the body, for {afferent.label}")
    # XBODY is the body's own frame, BODY that of its principal axes of inertia
    kind = _OBJECT.mjOBJ_SITE if afferent.of in sites else _OBJECT.mjOBJ_XBODY
    settings = {"type": _KIND.mjSENS_FRAMEQUAT, "objtype": kind, "objname": afferent.of}
    source = Source[afferent.axis.upper()]
    return Signal(read=add_read(references, f"{afferent.of}/orientation", source, **settings))


def _of_site(name: str, kind: mujoco.mjtSensor) -> Callable[[Any, References], Signal]:
    def made(afferent: Any, references: References) -> Signal:
        references.find("site", _OBJECT.mjOBJ_SITE, references.model.nsite, afferent.site, afferent.label)
        settings = {"type": kind, "objtype": _OBJECT.mjOBJ_SITE, "objname": afferent.site}
        channel = "xyz".index(afferent.axis)
        return Signal(read=add_read(references, f"{afferent.site}/{name}", channel=channel, **settings))

    return made


def _channel(afferent: afferents.SensorChannel, references: References) -> Signal:
    model, label = references.model, afferent.label
    found = references.find("sensor", SENSOR, model.nsensor, afferent.sensor, label)
    place = references.place(SENSOR, afferent.sensor)
    if afferent.channel == "norm":
        return Signal(read=Read(kind=Source.NORM, address=place, of=afferent.sensor))
    width, channel = int(model.sensor_dim[found]), int(afferent.channel)
    if channel >= width:
        raise AttachError(f"{label}: channel is {channel}, but the sensor has {width} (0 to {width - 1})")
    return Signal(read=Read(kind=Source.SENSOR, address=place, channel=channel, of=afferent.sensor))


def _command(afferent: afferents.Command, references: References) -> Signal:
    return Signal(read=Read(kind=Source.COMMAND, address=references.command(afferent.name), of=afferent.name))


MADE: dict[type, Callable[[Any, References], Signal]] = {
    afferents.Command: _command,
    afferents.SensorChannel: _channel,
    contacts.ContactForce: _contact_force,
    contacts.Cutaneous: _cutaneous,
    contacts.Touch: _touch,
    joints.JointAngle: _joint_angle,
    joints.JointLimit: _joint_limit,
    joints.JointVelocity: _joint_velocity,
    vestibular.AngularVelocity: _of_site("angular velocity", _KIND.mjSENS_GYRO),
    vestibular.LinearAcceleration: _of_site("acceleration", _KIND.mjSENS_ACCELEROMETER),
    vestibular.Orientation: _orientation,
}
