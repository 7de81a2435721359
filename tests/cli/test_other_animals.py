"""What the command line makes of animals that do not walk, on the tests' own limb."""

import pytest
import xarray

from sns_mujoco.cli import commands, run
from sns_mujoco.errors import UnknownNameError
from sns_mujoco.rendering import Panel
from sns_mujoco.rendering.palette import MARK, to_bytes

from .limb import LIMB


@pytest.fixture(autouse=True)
def only_the_limb(monkeypatch):
    monkeypatch.setattr(run, "load", lambda name: LIMB)


def live(*, orders=(), **options):
    given = dict(
        seconds=2.0, seed=0, terrain=None, video=None, record=None, slow=None, quality="draft", renderer="auto"
    )
    run.run_animal("limb", orders=[commands.parse(text) for text in orders], **given | options)


def test_the_report_says_what_fits_and_nothing_else(capsys):
    live()
    said = capsys.readouterr().out
    period = float(said.split("period")[1].split()[0])
    assert period == pytest.approx(0.3, rel=0.03)
    assert "phase after flexor" in said and "extensor 0.5" in said
    low, high = (float(word) for word in said.split("range of knee")[1].split()[0:3:2])
    assert -60 < low < -3 and 3 < high < 60
    for word in ("distance", "speed", "stride", "duty", "fallen"):
        assert word not in said


def test_commands_and_pulses_reach_the_animal_when_they_should(tmp_path, capsys):
    live(orders=["flex=0.25@0.2", "flex=1@0.5:0.7", "drive=0.5"], seconds=1.0, record=tmp_path / "life.nc")
    with xarray.open_dataset(tmp_path / "life.nc", engine="h5netcdf") as recording:
        flex = recording.command.sel(command_name="flex")
        for time, value in [(0.1, 0.0), (0.3, 0.25), (0.6, 1.0), (0.8, 0.25)]:
            assert float(flex.sel(time=time, method="nearest")) == value
        assert float(recording.command.sel(command_name="drive")[0]) == 0.5
        flexor = recording.potential.sel(neuron="flexor")
        assert flexor.sel(time=slice(0.55, 0.69)).min() > 15.0


def period_said(said):
    return float(said.split("period")[1].split()[0]), int(said.split("(")[1].split()[0])


def test_a_probe_reaches_the_animal_and_its_cycles_do_not_count(tmp_path, capsys):
    live(seconds=4.0)
    calm, cycles = period_said(capsys.readouterr().out)
    live(orders=["kick=-20@2:2.3"], seconds=4.0, record=tmp_path / "life.nc")
    said = capsys.readouterr().out
    with xarray.open_dataset(tmp_path / "life.nc", engine="h5netcdf") as recording:
        rhythm = recording.potential.sel(neuron="rhythm A")
        assert rhythm.sel(time=slice(2.02, 2.29)).max() < -10.0 < rhythm.sel(time=slice(1.5, 1.99)).min()
    kicked, left = period_said(said)
    assert "probe kick" in said and "-20 from 2 to 2.3 s" in said
    assert kicked == pytest.approx(calm, abs=0.003)  # with the cycles around the kick it would be longer by 10 ms
    assert cycles - 5 <= left <= cycles - 2


def test_a_probe_that_never_ceases_is_how_it_lives(capsys):
    live(seconds=2.0)
    _, cycles = period_said(capsys.readouterr().out)
    live(orders=["kick=0.5"], seconds=2.0)
    said = capsys.readouterr().out
    assert "0.5 from 0 to 2 s" in said and "after a probe" not in said
    assert abs(period_said(said)[1] - cycles) <= 1
    live(orders=["kick=0.5@0.6"], seconds=2.0)
    assert "none: no cycle without a probe" in capsys.readouterr().out


@pytest.mark.parametrize("slow", [4.0, 0.2])
def test_a_film_names_a_probe_while_it_acts_and_marks_its_time(slow, tmp_path, monkeypatch):
    import sns_mujoco.rendering.shoot as shoot

    notices, panels = [], []

    class Kept(shoot.Film):
        def add_frame(self, data, *samples, **more):
            notices.append((round(data.time, 6), more["notice"], samples[2]))
            super().add_frame(data, *samples, **more)
            panels.append(self.picture[:, 720:].astype(int))

    monkeypatch.setattr(shoot, "Film", Kept)
    live(seconds=0.4, video=tmp_path / "limb.mp4", slow=slow, orders=["kick=-20@0.1:0.15", "drive=0.2"])
    frame = notices[0][0]
    told = [time for time, notice, _ in notices if notice == "kick -20"]
    assert told == [time for time, _, _ in notices if 0.1 < time < 0.15 + frame]
    assert {notice for _, notice, _ in notices} == {"", "kick -20"}
    assert all("kick" not in caption and "drive 0.2" in caption for *_, caption in notices)
    pale = [(panel == to_bytes(MARK)).all(axis=-1).any(axis=0).sum() for panel in panels]
    assert pale[-1] >= 1
    if slow > 1:
        assert pale[0] == 0
        window = Panel((), (), (560, 720), frame_time=frame, window=shoot.WINDOW).window
        assert pale[-1] * window / 410 == pytest.approx(0.05, rel=0.2)  # s, at about 410 columns


def test_a_film_names_some_probes_of_many():
    import sns_mujoco.rendering.subject as subject
    from sns_mujoco.rendering.marks import Mark

    filmed = object.__new__(subject.Subject)
    filmed._probes, filmed._planned = {name: 1.0 for name in "abcd"}, [Mark(label="push", start=0.5)]
    assert filmed._notice(1.0) == "a 1   b 1   c 1   and 2 more"
    assert filmed._notice(0.4) == "a 1   b 1   c 1   and 1 more"


def test_a_film_of_it_has_sections_muscles_and_no_stance(tmp_path, monkeypatch):
    import sns_mujoco.rendering.shoot as shoot

    films = []

    class Kept(shoot.Film):
        def close(self):
            films.append((self.scene.column.panel.layout, self.picture.copy()))
            super().close()

    monkeypatch.setattr(shoot, "Film", Kept)
    live(seconds=0.3, video=tmp_path / "limb.mp4", orders=["flex=1"])
    (layout, picture) = films[0]
    assert [title.split("  ")[0] for title, _ in layout.titles] == ["Rhythm", "Motor neurons", "Joint angle"]
    assert not layout.stance
    body = picture[:, :720].astype(int)
    blue = (body[..., 2] > body[..., 0] + 80) & (body[..., 2] > 150)
    assert blue.sum() > 1000  # the flexor's colour, on its muscle and on the shin
    assert (tmp_path / "limb.mp4").stat().st_size > 1000


def test_a_held_animal_has_no_ground_and_one_without_a_torso_none_anywhere():
    assert not LIMB.grounded() and not LIMB.grounded("air")
    from dataclasses import replace

    walker = replace(LIMB, torso="shank", held=("air",))
    assert walker.grounded() and not walker.grounded("air")
    simulation = walker.simulation()
    assert walker.whereabouts(simulation) == pytest.approx(simulation.data.body("shank").xpos[:2])
    belt = replace(LIMB, place=lambda simulation: (simulation.time, 0.0))
    assert belt.grounded() and belt.whereabouts(simulation) == (simulation.time, 0.0)


def test_progress_on_a_belt_is_progress(monkeypatch, capsys):
    from dataclasses import replace

    treadmill = replace(LIMB, place=lambda simulation: (0.4 * simulation.time, 0.0))
    monkeypatch.setattr(run, "load", lambda name: treadmill)
    live(seconds=1.0)
    said = capsys.readouterr().out
    assert "0.400 m/s (2.00 body lengths/s)" in said
    assert "period" in said  # without feet its rhythm is that of its neurons


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("drive=0.5", commands.Order(name="drive", value=0.5)),
        ("kick L RG=-1e-1@2", commands.Order(name="kick L RG", value=-0.1, start=2.0)),
        ("kick=1@2:2.5", commands.Order(name="kick", value=1.0, start=2.0, end=2.5)),
    ],
)
def test_orders_as_they_are_typed(text, order):
    assert commands.parse(text) == order


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drive", "give name=value"), ("=1", "give name=value"), ("drive=much", "give name=value"),
        ("drive=1@", "give name=value"), ("drive=1@1:", "give name=value"), ("drive=1@2:1", "times must rise"),
        ("drive=1@-1", "times must rise"), ("drive=1@nan", "times must rise"),
    ],
)  # fmt: skip
def test_orders_that_say_nothing(text, message):
    with pytest.raises(ValueError, match=message):
        commands.parse(text)


def test_orders_that_the_animal_does_not_hear_or_cannot_follow():
    with pytest.raises(UnknownNameError, match="no command named 'turn' in animal 'limb'"):
        live(orders=["turn=1"])
    with pytest.raises(ValueError, match="flex is 2; give 0 to 1"):
        live(orders=["flex=2"])
    with pytest.raises(ValueError, match="flex is nan"):
        live(orders=["flex=nan"])
    with pytest.raises(UnknownNameError, match="did you mean 'kick'"):
        live(orders=["kik=2"])
    with pytest.raises(ValueError, match="kick is -21; give -20 to 20"):
        live(orders=["kick=-21@1:2"])
    with pytest.raises(ValueError, match="kick is to begin at 3 s, but the run ends at 2 s"):
        live(orders=["kick=1@3:4"])
    with pytest.raises(ValueError, match="flex is to last 1 ms; give 2 ms or more"):
        live(orders=["flex=1@1:1.001"])


def test_a_name_is_a_command_or_a_probe():
    from dataclasses import replace

    with pytest.raises(ValueError, match=r"\['flex'\] are commands and probes of 'limb'"):
        replace(LIMB, probes={"flex": (0.0, 1.0)})


def test_a_readout_shows_one_thing():
    from sns_mujoco.models import Readout

    for names in ({}, {"neuron": "a", "joint": "b"}):
        with pytest.raises(ValueError, match="give one of the two"):
            Readout(label="x", family="y", range=(0.0, 1.0), **names)
