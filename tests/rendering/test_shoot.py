"""Films of the animals, looked at as pictures."""

from pathlib import Path

import numpy as np
import pytest
from sns_mujoco.models import load, names

from sns_mujoco.errors import ParameterError, UnknownNameError
from sns_mujoco.protocols import Excite, Protocol
from sns_mujoco.rendering.choice import PANELS
from sns_mujoco.rendering.duet import Duet
from sns_mujoco.rendering.palette import BACKGROUND, to_bytes
from sns_mujoco.rendering.panels import trace_height
from sns_mujoco.rendering.replay import Replay
from sns_mujoco.rendering.shoot import SAMPLE_RATE, Shoot, Style

SIZE = (640, 360)


class Set:
    """An animal in front of a camera, with what was sampled of it."""

    def __init__(self, place: Path, name: str, *, terrain=None, seed=0, slow=None, protocol=None, **style):
        self.animal = load(name)
        self.simulation = self.animal.simulation(terrain=terrain, seed=seed)
        for command, value in self.animal.cruise.items():
            self.simulation.commands[command] = value
        self.shoot = self.film_of(place, self.simulation, terrain=terrain, slow=slow, protocol=protocol, **style)
        self.steps = round(1 / SAMPLE_RATE / self.simulation.model.opt.timestep)
        self.potentials: list[np.ndarray] = []

    def film_of(self, place, simulation, *, terrain=None, slow=None, protocol=None, **style):
        return Shoot(
            self.animal, simulation, place / "film.mp4", grounded=self.animal.grounded(terrain),
            slow=slow or self.animal.slow, quality="draft", renderer="raycaster", protocol=protocol,
            style=Style(**(dict(size=SIZE) | style)),
        )  # fmt: skip

    @property
    def film(self):
        return self.shoot._film

    def live(self, frames: int) -> np.ndarray:
        """Go on by some frames; the last."""
        while self.film.frames < frames:
            self.simulation.step(self.steps)
            self.potentials.append(self.simulation.brain.potentials(self.simulation.data).copy())
            self.shoot.sample()
        return self.film.picture.copy()


def body_of(picture):
    return picture[:, : round(SIZE[0] * (1 - 0.4375))].astype(int)


@pytest.mark.parametrize("name", names())
def test_the_animal_is_in_the_frame_and_no_panel_is_empty(name, tmp_path):
    known = load(name)
    panels = [panel for panel in PANELS if panel != "muscles" or name != "hexapod"]
    panels = tuple(panel for panel in panels if panel != "stance" or known.grounded())
    here = Set(tmp_path, name, panels=panels, size=(1280, 720))
    picture = here.live(2)
    scene = here.film.scene
    model = here.simulation.model
    colors = model.geom_rgba.copy()
    model.geom_rgba[model.body_rootid[model.geom_bodyid] > 0, 3] = 0.0
    bare = scene._renderer.render(here.simulation.data, scene._camera.update(here.simulation.data)).astype(int)
    model.geom_rgba[:] = colors
    rows, columns = np.nonzero(np.abs(picture[80:636, :720].astype(int) - bare[80:636]).max(axis=-1) > 24)
    assert len(rows) > 6000  # of 400,000 pixels
    assert 180 < np.mean(columns) < 540 and 100 < np.mean(rows) < 500
    assert np.ptp(rows) > 150
    beside = picture[:, 720:]
    for part in scene.column._places.values():
        assert (part.part(beside) != to_bytes(BACKGROUND)).any(axis=-1).mean() > 0.05
        assert part.part(beside).max() > 150
    here.film.discard()


def test_traces_stand_at_the_values_that_were_recorded(tmp_path):
    here = Set(tmp_path, "antagonist_joint", panels=("traces",), size=(1280, 720))
    picture = here.live(14).astype(float)
    panel, every = here.film.scene.column.panel, here.shoot._every
    layout, count = panel.layout, panel.columns_per_frame
    recorded = np.array(here.potentials)
    checked = 0
    for lane in layout.lanes:
        trace, readout = panel._traces[lane.rows[0]], here.animal.readouts[lane.rows[0]]
        if not readout.neuron:
            continue
        values = recorded[:, here.simulation.brain.neuron(readout.neuron)]
        for back in range(2, 9):
            middle = (14 - back) * every + every // 2
            if np.ptp(values[middle - every : middle + every]) > 0.15 * (trace.hi - trace.lo):
                continue  # steep: it crosses many rows in a column
            wanted = float(trace_height(values[middle], trace, lane.height, layout.scale))
            column = 720 + layout.right - back * count + count // 2
            part = picture[lane.top : lane.top + lane.height, column]
            away = np.abs(part - 255 * np.array(trace.color)).sum(axis=-1)
            near = np.flatnonzero(away < away.min() + 80)
            assert np.abs(near + 0.5 - wanted).min() < 3.0, (readout.neuron, back)
            checked += 1
    assert checked > 15
    here.film.discard()


@pytest.mark.parametrize("name", ["quadruped", "hexapod"])
def test_neurons_of_the_circuit_are_as_bright_as_their_potentials(name, tmp_path):
    here = Set(tmp_path, name, panels=("circuit",), size=(1280, 720))
    circuit = here.film.scene.column.circuit
    brightness, levels = [], []
    for frames in (1, 4, 8):
        picture = here.live(frames)[:, 720:].astype(float)
        place = circuit.places.astype(int)
        brightness.append(picture[place[:, 1], place[:, 0]].max(axis=-1))
        levels.append(circuit.activity(here.potentials[-1]))
    brightness, levels = np.array(brightness), np.array(levels)
    assert (levels > 0.9).sum() > 10 and (levels < 0.05).sum() > 10
    assert brightness[levels < 0.02].max() < 70 and brightness[levels > 0.98].min() > 150
    changing = np.ptp(levels, axis=0) > 0.2
    assert changing.sum() > 10
    for neuron in np.flatnonzero(changing):
        order = np.argsort(levels[:, neuron])
        assert (np.diff(brightness[order, neuron]) >= -1).all()
    here.film.discard()


def test_a_protocol_is_told_in_the_panel_and_on_the_picture(tmp_path):
    protocol = Protocol([Excite(neuron="L1 swing", current=3.0, start=0.02, stop=0.06)])
    told = Set(tmp_path, "hexapod", protocol=protocol)
    assert told.film.scene.column.panel.layout.events is not None
    plain = Set(tmp_path, "hexapod", panels=("traces", "stance", "events"))
    one, other = told.live(4), plain.live(4)
    assert (body_of(one) != body_of(other))[300:345, :250].any()  # while it acts
    one, other = told.live(8), plain.live(8)
    assert np.array_equal(body_of(one), body_of(other))
    assert (one != other).any()  # the lane of events
    for here in (told, plain):
        here.film.discard()


def test_legs_light_up_whatever_stands_beside(tmp_path):
    pictures = []
    for panels in (("traces",), ("circuit",)):
        here = Set(tmp_path, "hexapod", panels=panels)
        pictures.append(body_of(here.live(3)))
        here.film.discard()
    assert np.array_equal(*pictures)


def test_a_recording_is_shown_as_it_was(tmp_path):
    from sns_mujoco.analysis.recording import Recorder

    style = dict(panels=("circuit", "muscles", "traces"))
    here = Set(tmp_path, "quadruped", seed=3, **style)
    recorder = Recorder(here.simulation, rate=SAMPLE_RATE)
    while here.film.frames < 2:
        recorder.step(here.steps)
        here.shoot.sample()
    picture = here.film.picture.copy()
    here.film.discard()
    replay = Replay(here.animal, recorder.dataset())
    shoot = here.film_of(tmp_path, replay.simulation, **style)
    for _ in replay:
        shoot.sample()
    again = shoot._film.picture.copy()
    assert shoot._film.frames == 2
    beside = slice(round(SIZE[0] * (1 - 0.4375)), None)
    assert np.array_equal(again[:, beside], picture[:, beside])
    moved = np.abs(body_of(again) - body_of(picture)).max(axis=-1) > 30  # a live body is drawn a physics step behind
    assert moved.mean() < 0.004
    shoot._film.discard()


def test_the_same_life_twice_gives_twice_the_same_half_and_seeds_differ(tmp_path):
    animal = load("hexapod")

    def pair(seeds):
        lives = [animal.simulation(seed=seed) for seed in seeds]
        for life in lives:
            life.commands["drive"] = 1.0
        styles = (Style(size=SIZE, panels=("circuit", "stance")),) * 2
        duet = Duet(
            (animal, animal), (lives[0], lives[1]), tmp_path / "two.mp4", grounded=(True, True), slow=4.0,
            quality="draft", renderer="raycaster", styles=styles,
        )  # fmt: skip
        while duet.frames < 2:
            for life in lives:
                life.step(2)
            duet.sample()
        picture = duet.picture.astype(int)
        duet.discard()
        half = duet.scenes[0]._body.width
        return picture[:, :half], picture[:, -half:], picture[:, half:-half]

    left, right, between = pair((1, 1))
    assert np.array_equal(left, right)
    assert (between == to_bytes(BACKGROUND)).all()
    left, right, _ = pair((1, 2))
    assert (np.abs(left - right).max(axis=-1) > 30).sum() > 100  # another pose
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "style", "error", "message"),
    [
        ("hexapod", {"panels": ("muscles",)}, ParameterError, "'muscles' of animal 'hexapod' would be empty"),
        ("rat_hindlimbs", {"panels": ("stance",), "terrain": "air"}, ParameterError, "no feet on the ground"),
        ("hexapod", {"panels": ("trace",)}, UnknownNameError, "panel named 'trace'.*'traces'"),
        ("hexapod", {"camera": "atop"}, UnknownNameError, "camera named 'atop'.*'top'"),
        ("hexapod", {"panels": ("phase",), "portraits": (("L1 swing", "R9 swing"),)}, UnknownNameError, "'R9 swing'"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_anything_is_written(name, style, error, message, tmp_path):
    with pytest.raises(error, match=message):
        Set(tmp_path, name, **style)
    assert not list(tmp_path.iterdir())


def test_a_hinge_can_be_shown_against_its_velocity(tmp_path):
    here = Set(tmp_path, "antagonist_joint", panels=("phase",), portraits=(("hip", "hip.velocity"),))
    here.live(6)
    portrait = here.film.scene.column.portraits[0]
    data, hip = here.simulation.data, here.simulation.model.joint("hip")
    angle, speed = np.degrees((data.qpos[hip.qposadr[0]], data.qvel[hip.dofadr[0]]))
    assert portrait._last[0] == pytest.approx(portrait.place(float(angle), float(speed)))
    here.film.discard()
