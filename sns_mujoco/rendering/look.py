"""How a film looks: light, sky and how much work goes into a frame.

Colours are sRGB, 0 to 1, as in MJCF.
"""

from dataclasses import dataclass

from sns_mujoco.errors import unknown_name

Color = tuple[float, float, float]
Tint = tuple[float, float, float, float]
"""A colour and how strongly a geom takes it on and glows, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Light and sky of the ray caster.

    Attributes:
        sun: Colour of the sunlight.
        sun_strength: Brightness that full sun gives a white surface.
        sun_softness: Half angle of the sun as its shadows show it, degrees.
        sun_direction: Where the light goes to, or None for the direction of the model's first directional or spot
            light, if it has one.
        zenith: Colour of the sky overhead.
        horizon: Colour of the sky at eye level, and of the fog.
        ambient: Brightness that the open sky gives a white surface.
        fill: Brightness of a weak light from the camera.
        fog: Distance at which a surface is two thirds fog, in distances from the camera to the animal.
        stage_dimming: Share of its brightness that the floor loses far from the animal.
        floor_mirror: Least share of the animal that a plane reflects.
    """

    sun: Color = (1.0, 0.95, 0.86)
    sun_strength: float = 1.35
    sun_softness: float = 2.5
    sun_direction: Color | None = None
    zenith: Color = (0.26, 0.34, 0.45)
    horizon: Color = (0.45, 0.51, 0.57)
    ambient: float = 1.0
    fill: float = 0.12
    fog: float = 7.0
    stage_dimming: float = 0.45
    floor_mirror: float = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much work goes into a frame, with OpenGL and without.

    Attributes:
        edge_rays: Further rays in each pixel on an edge (ray caster).
        occlusion: Whether geoms darken what is close to them (ray caster).
        mirror: Whether floors reflect the animal.
        shadow_map: Side of the shadow map, pixels; 0 for no shadows (OpenGL).
        multisampling: Samples a pixel (OpenGL on a graphics card; drawn in software, always one).
        crf: Constant rate factor of the h264 film: lower is larger and finer.
    """

    edge_rays: int
    occlusion: bool
    mirror: bool
    shadow_map: int
    multisampling: int
    crf: int


QUALITIES = {
    "draft": Quality(edge_rays=0, occlusion=False, mirror=False, shadow_map=0, multisampling=0, crf=26),
    "medium": Quality(edge_rays=4, occlusion=True, mirror=True, shadow_map=2048, multisampling=4, crf=20),
    "high": Quality(edge_rays=15, occlusion=True, mirror=True, shadow_map=4096, multisampling=8, crf=17),
}


def find_quality(quality: str | Quality) -> Quality:
    """A quality by its name; one of one's own stays what it is.

    Raises:
        UnknownNameError: There is none of this name.
    """
    if isinstance(quality, Quality):
        return quality
    if quality not in QUALITIES:
        raise unknown_name("quality", quality, QUALITIES, "sns_mujoco.rendering")
    return QUALITIES[quality]
