"""Runs with a toy instead of an animal: what is stored, what is refused, how a run ends and goes on."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray

from sns_mujoco.errors import OutputPathError, RunFolderError, TaskError
from sns_mujoco.learning.evolution import evolve, resume
from sns_mujoco.learning.evolution.derived import Derived
from sns_mujoco.learning.evolution.folder import RunFolder
from sns_mujoco.learning.evolution.lock import Lock
from sns_mujoco.learning.fitness import Task, Trial
from sns_mujoco.learning.spaces import Vary

from .toy import GENES, Toy

QUIET = {"progress": False, "popsize": 8}


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """Pictures and tables take most of a short run's time: only tests that ask for them get real ones."""
    if "everything" not in request.fixturenames:
        monkeypatch.setattr("sns_mujoco.learning.evolution.derived.progress_picture", lambda *_: b"a picture")
        monkeypatch.setattr("sns_mujoco.learning.evolution.derived._netcdf", lambda _: b"a table")


@pytest.fixture
def everything():
    """Real pictures and tables."""


def stored(folder):
    """Everything in a folder that a run's result consists of."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.suffix in (".json", ".npz") and p.name != "config.json"
    }


def test_a_run_stores_everything_and_the_same_seed_gives_the_same(tmp_path, everything):
    result = evolve(evaluator=Toy(), generations=np.int64(12), seed=np.int64(4), out=tmp_path / "a", **QUIET)
    again = evolve(evaluator=Toy(), generations=12, seed=4, **QUIET)
    other = evolve(evaluator=Toy(), generations=12, seed=5, **QUIET)
    assert np.array_equal(result.best, again.best) and result.fitness == again.fitness and again.folder is None
    assert not np.array_equal(result.best, other.best)
    assert result.finished and result.folder == tmp_path / "a"

    names = {p.name for p in (tmp_path / "a").iterdir()}
    assert names == {
        "config.json", "space.json", "generations", "history.nc", "best.json", "final.json", "progress.png", "log.txt",
        "lock",
    }  # fmt: skip
    config = json.loads((tmp_path / "a" / "config.json").read_text())
    assert config["settings"]["seed"] == 4 and config["settings"]["start"] == [0.5] * GENES
    assert config["made_with"]["versions"]["numpy"] == np.__version__
    best = json.loads((tmp_path / "a" / "best.json").read_text())
    assert best["vector"] == result.best.tolist() and best["genes"][0] == "gene 0"
    with xarray.open_dataset(tmp_path / "a" / "history.nc") as history:
        xarray.testing.assert_identical(history.load(), result.history)
        assert history.sizes == {"generation": 12, "quantile": 5, "gene": GENES, "term": 1}
        with np.load(tmp_path / "a" / "generations" / "00005.npz") as fifth:
            assert float(history["fitness"][5].sel(quantile=0.5)) == np.median(fifth["fitness"])
            np.testing.assert_array_equal(history["gene_mean"][5], fifth["vectors"].mean(0))
            top = np.argmax(fifth["fitness"])
            assert float(history["term_best"][5, 0]) == fifth["term/closeness"][top]
    log = (tmp_path / "a" / "log.txt").read_text()
    assert "generation 12: best" in log and "finished: the best individual has" in log


def test_the_best_are_compared_under_seeds_that_nobody_has_seen():
    toy = Toy(noise=0.3)
    result = evolve(evaluator=toy, generations=10, **QUIET)
    in_the_run = {seed for seed, *_ in toy.asked[:10]}
    finals = toy.asked[10:]
    assert in_the_run == {0} and len({seed for seed, *_ in finals} - in_the_run) == len(finals) == 4
    assert {count for *_, count in finals} == {8}  # seven individuals, and what CMA-ES holds for best
    assert result.fitness == max(c.fitness for c in result.candidates)
    assert result.error == pytest.approx(0.3 / 2.0)  # four times as many seeds
    clean = -((result.best - Toy.best) ** 2).sum()
    assert abs(result.fitness - clean) < 4 * result.error  # no longer the luckiest draw

    exact = Toy(noise=0.0)
    evolve(evaluator=exact, generations=3, **QUIET)
    assert len(exact.asked) == 4  # without noise once is enough


def test_individuals_that_failed_do_not_spoil_the_statistics():
    class Fragile(Toy):
        def evaluate(self, vectors, *, seed, generation):
            told = super().evaluate(vectors, seed=seed, generation=generation)
            told.failed = vectors[:, 0] > 0.5
            told.fitness = np.where(told.failed, -np.inf, told.fitness)
            told.error = np.where(told.failed, np.nan, told.error)
            told.terms = {"closeness": np.where(told.failed, np.nan, told.terms["closeness"])}
            return told

    result = evolve(evaluator=Fragile(), generations=10, **QUIET)
    assert 0.0 < float(result.history["failed"][0]) < 1.0
    assert np.isfinite(result.history["fitness"]).all() and np.isfinite(result.history["term_median"]).all()
    assert result.best[0] <= 0.5 and float(result.history["failed"][-1]) < float(result.history["failed"][0])


def test_who_fails_under_fresh_seeds_is_last_and_whoever_lives_comes_before_those_that_never_did(tmp_path):
    class Hard(Toy):
        """Nobody lives in the first generation, and one of the last comparison fails."""

        def evaluate(self, vectors, *, seed, generation):
            told = super().evaluate(vectors, seed=seed, generation=generation)
            told.failed[:] = generation == 0 and seed == 0
            told.failed[3] |= seed != 0
            told.fitness = np.where(told.failed, -np.inf, told.fitness)
            told.terms = {"closeness": np.where(told.failed, np.nan, told.terms["closeness"])}
            return told

    result = evolve(evaluator=Hard(), generations=2, out=tmp_path / "run", **QUIET)
    told = json.loads((tmp_path / "run" / "final.json").read_text())["candidates"]
    assert [one["terms"]["closeness"] is None for one in told] == [False] * 7 + [True]
    assert result.fitness > -3.0 and result.history["best_generation"].values.tolist() == [0, 1]


def test_a_generation_in_which_all_fail_says_why(tmp_path, capsys, everything):
    class Doomed(Toy):
        def evaluate(self, vectors, **what):
            told = super().evaluate(vectors, **what)
            told.failed[:], told.fitness[:], told.error[:], told.reasons = True, -1e6, np.nan, {0: "it flew away"}
            return told

    result = evolve(evaluator=Doomed(), generations=2, popsize=8, out=tmp_path / "run")
    assert capsys.readouterr().out.count("all of its individuals failed; the first: it flew away") == 2
    assert result.fitness == -1e6 and (tmp_path / "run" / "progress.png").exists()


def test_a_term_of_a_script_needs_a_module_only_where_the_run_is_stored(tmp_path):
    class Own:
        name, weight = "own", 1.0

        def begin(self, population, seconds, frame):
            return SimpleNamespace(observe=lambda dt: None, value=lambda: np.ones(population.n))

    vary = (Vary("bias", "* RG", bounds=(-4.0, 4.0), relative="difference"),)
    task = Task(vary=vary, trials=(Trial(seconds=0.02, settle=0.0),), terms=(Own(),), seeds=1)
    assert evolve("antagonist_joint", task, generations=1, **QUIET).fitness == 1.0
    with pytest.raises(TaskError, match="the term 'own' cannot be written"):
        evolve("antagonist_joint", task, generations=1, out=tmp_path / "run", **QUIET)
    assert not (tmp_path / "run").exists()


def test_with_one_seed_an_individual_the_last_comparison_tells_the_error():
    class Single(Toy):
        def evaluate(self, vectors, **what):
            told = super().evaluate(vectors, **what)
            told.error = np.full(len(vectors), np.nan)
            return told

    toy = Single(noise=0.3)
    result = evolve(evaluator=toy, generations=3, **QUIET)
    assert len(toy.asked) == 3 + 4
    errors = [candidate.error for candidate in result.candidates]
    assert 0.05 < np.mean(errors) < 0.3  # 0.15 is expected of four draws of 0.3


class Breaks(Exception):
    pass


class Breaking(Toy):
    """Breaks off in a generation."""

    def __init__(self, at, act, **options):
        super().__init__(**options)
        self._at, self._act = at, act

    def evaluate(self, vectors, *, seed, generation):
        if generation == self._at and seed == 0:
            self._act()
        return super().evaluate(vectors, seed=seed, generation=generation)


def broken():
    raise Breaks


def broken_off(folder, at=5, generations=12):
    with pytest.raises(Breaks):
        evolve(evaluator=Breaking(at, broken), generations=generations, out=folder, **QUIET)


def test_a_run_whose_evaluator_broke_goes_on_from_the_last_whole_generation(tmp_path):
    evolve(evaluator=Toy(), generations=12, out=tmp_path / "whole", **QUIET)
    broken_off(tmp_path / "broken")
    assert len(list((tmp_path / "broken" / "generations").iterdir())) == 5
    toy = Toy()
    resume(tmp_path / "broken", evaluator=toy, progress=False)
    assert [generation for seed, generation, _ in toy.asked if seed == 0] == list(range(5, 12))
    assert stored_but_clocks(tmp_path / "broken") == stored_but_clocks(tmp_path / "whole")


def stored_but_clocks(folder):
    content = stored(folder)
    for name in [n for n in content if n.endswith(".npz")]:
        with np.load(folder / name) as arrays:
            content[name] = {k: arrays[k].tobytes() for k in arrays.files if not k.startswith("seconds")}
    return content


def test_a_finished_run_has_nothing_left_to_do_and_can_be_made_longer(tmp_path):
    first = evolve(evaluator=Toy(), generations=6, out=tmp_path / "run", **QUIET)
    before, toy = stored(tmp_path / "run"), Toy()
    again = resume(tmp_path / "run", evaluator=toy, progress=False)
    assert toy.asked == [] and np.array_equal(again.best, first.best) and again.fitness == first.fitness
    assert stored(tmp_path / "run") == before
    resume(tmp_path / "run", evaluator=Toy(), generations=12, progress=False)
    evolve(evaluator=Toy(), generations=12, out=tmp_path / "whole", **QUIET)
    assert json.loads((tmp_path / "run" / "config.json").read_text())["settings"]["generations"] == 12
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")
    with pytest.raises(ValueError, match="generations is 5; .* has lived 12 already: give as many or more"):
        resume(tmp_path / "run", evaluator=Toy(), generations=5, progress=False)


def test_minutes_end_a_run_after_a_generation_and_it_goes_on_later(tmp_path, capsys):
    result = evolve(
        evaluator=Toy(sleep=0.02), generations=12, minutes=0.05 / 60, out=tmp_path / "run", popsize=8, progress=True
    )
    lived = result.history.sizes["generation"]
    assert not result.finished and 1 <= lived < 12
    said = capsys.readouterr().out
    assert f"time is up after {lived} generations; go on with: sns-mujoco evolve --resume {tmp_path}" in said
    assert (tmp_path / "run" / "best.json").exists() and not (tmp_path / "run" / "final.json").exists()
    while not result.finished:
        result = resume(tmp_path / "run", evaluator=Toy(sleep=0.02), minutes=0.05 / 60, progress=False)
    evolve(evaluator=Toy(sleep=0.02), generations=12, out=tmp_path / "whole", **QUIET)
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_leave_a_run_in_order_and_say_how_to_go_on(tmp_path, number, capsys):
    passed_on = []
    before = signal.signal(number, lambda number, _: passed_on.append(number))
    try:
        act = lambda: (os.kill(os.getpid(), number), time.sleep(20.0))  # noqa: E731 it is not waited for
        result = evolve(evaluator=Breaking(3, act), generations=12, popsize=8, out=tmp_path / "run")
    finally:
        signal.signal(number, before)
    assert passed_on == [number]  # after all was in order: what usually ends the process then does
    assert not result.finished and result.history.sizes["generation"] == 3
    said = capsys.readouterr().out
    assert f"stopped after 3 generations; go on with: sns-mujoco evolve --resume {tmp_path / 'run'}" in said
    assert len(list((tmp_path / "run" / "generations").iterdir())) == 3
    assert (tmp_path / "run" / "history.nc").exists()
    resume(tmp_path / "run", evaluator=Toy(), progress=False)
    evolve(evaluator=Toy(), generations=12, out=tmp_path / "whole", **QUIET)
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")


def test_ctrl_c_while_it_is_filmed_leaves_the_best_of_the_last_comparison(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Derived, "film", lambda *_: (os.kill(os.getpid(), signal.SIGINT), time.sleep(20.0)))
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        result = evolve(evaluator=Toy(noise=0.3), generations=6, popsize=8, out=tmp_path / "run")
    finally:
        signal.signal(signal.SIGINT, before)
    assert "stopped while it was filmed; go on with" in capsys.readouterr().out
    best = json.loads((tmp_path / "run" / "best.json").read_text())
    final = json.loads((tmp_path / "run" / "final.json").read_text())["candidates"][0]
    assert best["compared_under_fresh_seeds"] and best["vector"] == final["vector"] == result.best.tolist()
    assert result.finished


def test_where_there_is_no_terminal_every_generation_has_a_line(capsys):
    evolve(evaluator=Toy(), generations=3, popsize=8)
    said = capsys.readouterr().out
    assert [said.count(f"generation {n}: best ") for n in (1, 2, 3)] == [1, 1, 1] and "━" not in said


def test_a_signal_while_a_generation_is_written_waits_until_it_is(tmp_path, monkeypatch):
    whole = RunFolder.add

    def add(self, generation):
        signal.raise_signal(signal.SIGINT)
        whole(self, generation)

    monkeypatch.setattr(RunFolder, "add", add)
    with pytest.raises(KeyboardInterrupt):
        evolve(evaluator=Toy(), generations=3, out=tmp_path / "run", **QUIET)
    assert [p.name for p in (tmp_path / "run" / "generations").iterdir()] == ["00000.npz"]


def test_sigterm_ends_the_process_as_others_expect(tmp_path):
    script = (
        "import pathlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "from toy import Toy\n"
        "from sns_mujoco.learning.evolution import evolve\n"
        "class Telling(Toy):\n"
        "    def evaluate(self, *given, **named):\n"
        "        pathlib.Path(sys.argv[3]).touch()\n"
        "        return super().evaluate(*given, **named)\n"
        "evolve(evaluator=Telling(sleep=60.0), popsize=8, out=sys.argv[2])\n"
    )
    evaluating = tmp_path / "evaluating"
    arguments = [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "run"), str(evaluating)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        while not evaluating.exists() and run.poll() is None:
            time.sleep(0.05)
        run.terminate()
        said, complaint = run.communicate(timeout=60)
    assert run.returncode == -signal.SIGTERM and not complaint
    assert "stopped after 0 generations" in said


def test_signals_are_heard_as_before_after_a_run():
    handlers = [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)]
    evolve(evaluator=Toy(), generations=2, **QUIET)
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)] == handlers
    done = []
    thread = threading.Thread(target=lambda: done.append(evolve(evaluator=Toy(), generations=2, **QUIET)))
    thread.start()
    thread.join()
    assert done[0].finished  # only the main thread may listen to signals


def test_two_runs_in_one_folder_are_refused(tmp_path):
    folder = tmp_path / "run"
    seen = []

    def act():
        with pytest.raises(RunFolderError, match=r"in use by another run \(process \d+ on .*\); wait for it"):
            resume(folder, evaluator=Toy(), progress=False)
        seen.append(True)

    evolve(evaluator=Breaking(1, act), generations=3, out=folder, **QUIET)
    assert seen
    with pytest.raises(RunFolderError, match="holds a run already; go on with it by --resume, or choose another"):
        evolve(evaluator=Toy(), generations=3, out=folder, **QUIET)
    lock = Lock(folder)
    with pytest.raises(RunFolderError, match="in use"):
        Lock(folder)
    lock.release()
    Lock(folder).release()


def test_folders_that_cannot_be_are_refused_before_anything_is_tried(tmp_path):
    toy = Toy()
    with pytest.raises(OutputPathError, match="'.*missing' is no folder; make it first"):
        evolve(evaluator=toy, out=tmp_path / "missing" / "run", **QUIET)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputPathError, match="is a file; give the name of a folder"):
        evolve(evaluator=toy, out=tmp_path / "file", **QUIET)
    with pytest.raises(RunFolderError, match="has 'file' in it; choose a folder that is new or empty"):
        evolve(evaluator=toy, out=tmp_path, **QUIET)
    with pytest.raises(RunFolderError, match="has no config.json: no run has begun in it"):
        resume(tmp_path, evaluator=toy)
    with pytest.raises(RunFolderError, match="is no folder"):
        resume(tmp_path / "nowhere", evaluator=toy)
    assert toy.asked == [] and sorted(p.name for p in tmp_path.iterdir()) == ["file"]


def test_a_run_that_was_killed_before_it_could_begin_leaves_no_hindrance(tmp_path):
    folder = RunFolder.create(tmp_path / "run")
    folder.write_json("space.json", {})
    (tmp_path / "run" / ".config-abc01_9z.json").write_text("half")
    folder.close()
    assert evolve(evaluator=Toy(), generations=2, out=tmp_path / "run", **QUIET).finished
    assert not (tmp_path / "run" / ".config-abc01_9z.json").exists()


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".my-notes.json", ".git"])
def test_hidden_files_of_others_are_no_empty_folder_and_stay(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(RunFolderError, match=f"has {name!r} in it"):
        evolve(evaluator=Toy(), out=tmp_path, **QUIET)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"seed": 9}, "seed is 9; it is 0 in the run in .*leave it out"),
        ({"popsize": 9}, "popsize is 9; it is 8 in the run"),
        ({"sigma": 0.3}, "sigma is 0.3; it is 0.2 in"),
        ({"algorithm": "random"}, "algorithm is 'random'; it is 'cma-es' in"),
        ({"evaluator": None}, "was begun with an evaluator of your own; give it to"),
    ],
)
def test_a_run_of_another_configuration_is_refused(tmp_path, given, message):
    broken_off(tmp_path / "run", at=1, generations=3)
    with pytest.raises(RunFolderError, match=message):
        resume(tmp_path / "run", **({"evaluator": Toy(), "progress": False} | given))
    other = Toy()
    other.space = type("Space", (), {"size": GENES, "names": tuple("abcdef")})()
    with pytest.raises(RunFolderError, match="space is another than the run in .*"):
        resume(tmp_path / "run", evaluator=other, progress=False)
    assert resume(tmp_path / "run", evaluator=Toy(), seed=0, popsize=8, algorithm="cma-es", progress=False).finished


def damage(folder, name, how):
    place = folder / name
    content = bytearray(place.read_bytes())
    if how == "cut":
        content = content[: len(content) // 2]
    elif how == "empty":
        content = bytearray()
    else:
        content[how] ^= 0x10
    place.write_bytes(content)


@pytest.mark.parametrize("how", ["cut", "empty", 150, 400, 700, -30])
def test_a_damaged_generation_is_named_and_can_be_done_again(tmp_path, how):
    evolve(evaluator=Toy(), generations=6, out=tmp_path / "whole", **QUIET)
    broken_off(tmp_path / "run", at=5, generations=6)
    damage(tmp_path / "run", "generations/00003.npz", how)
    with pytest.raises(RunFolderError, match=r"00003.npz' is damaged .*; delete it and all after it") as caught:
        resume(tmp_path / "run", evaluator=Toy(), progress=False)
    assert "00003" in str(caught.value)
    (tmp_path / "run" / "generations" / "00003.npz").unlink()
    with pytest.raises(RunFolderError, match="00003.npz' is missing although later generations are there"):
        resume(tmp_path / "run", evaluator=Toy(), progress=False)
    (tmp_path / "run" / "generations" / "00004.npz").unlink()
    resume(tmp_path / "run", evaluator=Toy(), progress=False)
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")


def test_other_damage_is_named(tmp_path):
    evolve(evaluator=Toy(), generations=2, out=tmp_path / "run", **QUIET)
    final, config = ((tmp_path / "run" / name).read_bytes() for name in ("final.json", "config.json"))
    damage(tmp_path / "run", "final.json", "cut")
    with pytest.raises(RunFolderError, match="final.json' is damaged .*; delete it: the comparison is then made again"):
        resume(tmp_path / "run", evaluator=Toy(), progress=False)
    (tmp_path / "run" / "final.json").unlink()
    resume(tmp_path / "run", evaluator=Toy(), progress=False)
    assert (tmp_path / "run" / "final.json").read_bytes() == final
    for change in (b"", config[:100], config.replace(b'"seed"', b'"sead"'), b"[]", config.replace(b"0.5", b"x")):
        (tmp_path / "run" / "config.json").write_bytes(change)
        with pytest.raises(RunFolderError, match="config.json' is damaged"):
            resume(tmp_path / "run", evaluator=Toy(), progress=False)
    for change in ((b'"seed": 0', b'"seed": 1'), (b'"generations": 2', b'"generations": 1'), (b"0.2", b"0.3")):
        (tmp_path / "run" / "config.json").write_bytes(config.replace(*change))
        with pytest.raises(RunFolderError, match="settings in .*config.json' were changed after the run had begun"):
            resume(tmp_path / "run", evaluator=Toy(), progress=False)
    (tmp_path / "run" / "config.json").write_bytes(config)
    (tmp_path / "run" / "final.json").write_text('{"generations": 2, "candidates": []}')
    with pytest.raises(RunFolderError, match="final.json' is damaged"):
        resume(tmp_path / "run", evaluator=Toy(), progress=False)
    (tmp_path / "run" / "config.json").write_bytes(config.replace(b"version 1", b"version 2"))
    with pytest.raises(RunFolderError, match="this version reads 'sns_mujoco evolution run, version 1'"):
        resume(tmp_path / "run", evaluator=Toy(), progress=False)


def test_a_run_whose_generations_are_all_gone_begins_anew(tmp_path):
    evolve(evaluator=Toy(), generations=2, out=tmp_path / "run", **QUIET)
    before = stored_but_clocks(tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "generations")
    resume(tmp_path / "run", evaluator=Toy(), progress=False)
    assert stored_but_clocks(tmp_path / "run") == before


def test_an_optimiser_that_asks_for_others_than_before_is_refused(tmp_path):
    def made(beginning):
        return Mine(replace(beginning, seed=int(seed)))

    for seed in "01":
        with pytest.raises(Breaks if seed == "0" else RunFolderError, match=r"^$|generation 0 of .* cannot be lived"):
            if seed == "0":
                evolve(evaluator=Breaking(1, broken), algorithm=made, generations=3, out=tmp_path / "run", **QUIET)
            resume(tmp_path / "run", evaluator=Toy(), algorithm=made, progress=False)


def test_other_versions_are_said(tmp_path, capsys):
    broken_off(tmp_path / "run", at=1, generations=2)
    place = tmp_path / "run" / "config.json"
    place.write_text(place.read_text().replace(f'"numpy": "{np.__version__}"', '"numpy": "1.0"'))
    resume(tmp_path / "run", evaluator=Toy())
    assert f"begun with other versions, so what follows may differ: numpy 1.0 then, {np.__version__} now" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("full", ["generations", "history.nc", "best.json"])
def test_a_full_disk_leaves_all_before_and_says_what_to_do(tmp_path, monkeypatch, full):
    """The disk is full from the fourth generation on, or for one of the files that follow."""
    flush, refused = os.fsync, []

    def no_room(handle):
        name = os.readlink(f"/proc/self/fd/{handle}") if sys.platform == "linux" else ""
        fourth = full == "generations" and "/.00003-" in name
        if fourth or f"/.{full.partition('.')[0]}-" in name:
            refused.append(name)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(handle)

    monkeypatch.setattr(os, "fsync", no_room)
    message = r"run' takes no more \(No space left on device\); its \d generations are safe: make room, then go on with"
    with pytest.raises(OutputPathError, match=message) as caught:
        evolve(evaluator=Toy(), generations=6, out=tmp_path / "run", **QUIET)
    assert refused and f"--resume {tmp_path / 'run'}" in str(caught.value)
    assert not [p for p in (tmp_path / "run").rglob(".*")]  # no half file
    folder = RunFolder.open(tmp_path / "run")
    assert len(list(folder.generations())) == folder.stored == (3 if full == "generations" else 6)
    folder.close()
    monkeypatch.undo()
    resume(tmp_path / "run", evaluator=Toy(), progress=False)
    evolve(evaluator=Toy(), generations=6, out=tmp_path / "whole", **QUIET)
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")


@pytest.mark.slow  # the test above covers it, but for the system itself
def test_a_file_size_limit_is_a_full_disk_too(tmp_path):
    """The real thing: the system refuses to write, in a process of its own."""
    script = (
        "import resource, signal, sys; sys.path.insert(0, sys.argv[1])\n"
        "from toy import Toy\n"
        "from sns_mujoco.learning.evolution import evolve\n"
        "import matplotlib.figure, xarray, h5netcdf\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
        "evolve(evaluator=Toy(), generations=3, popsize=8, out=sys.argv[2], progress=False)\n"
    )
    arguments = [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path / "run")]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert "OutputPathError" in done.stderr and "takes no more (File too large); its 3 generations" in done.stderr
    assert resume(tmp_path / "run", evaluator=Toy(), progress=False).finished


def test_without_matplotlib_a_line_says_so_once(tmp_path, monkeypatch, capsys, everything):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setattr("sns_mujoco.learning.evolution.derived.EVERY", 0.0)
    monkeypatch.setattr("sns_mujoco.learning.evolution.derived.SHARE", 1e9)
    evolve(evaluator=Toy(), generations=5, out=tmp_path / "run", popsize=8)
    assert capsys.readouterr().out.count("no pictures of the run are drawn: plots need matplotlib") == 1
    assert (tmp_path / "run" / "history.nc").exists() and not (tmp_path / "run" / "progress.png").exists()


class Mine:
    """Somebody's own optimiser: it halves the distance to the best so far."""

    def __init__(self, beginning):
        self._random = np.random.default_rng(beginning.seed)
        self._best, self._fitness = beginning.start, -np.inf

    def ask(self):
        return (self._best + 0.1 * self._random.standard_normal((7, GENES))).clip(0.0, 1.0)

    def tell(self, vectors, generation):
        top = np.argmax(generation.fitness)
        if generation.fitness[top] > self._fitness:
            self._best, self._fitness = vectors[top], generation.fitness[top]


def test_an_optimiser_of_ones_own_runs_and_resumes(tmp_path):
    evolve(evaluator=Toy(), algorithm=Mine, generations=20, out=tmp_path / "whole", **QUIET)
    with pytest.raises(Breaks):
        evolve(evaluator=Breaking(9, broken), algorithm=Mine, generations=20, out=tmp_path / "run", **QUIET)
    result = resume(tmp_path / "run", algorithm=Mine, evaluator=Toy(), progress=False)
    assert stored_but_clocks(tmp_path / "run") == stored_but_clocks(tmp_path / "whole")
    assert np.abs(result.best - Toy.best).max() < 0.2


def test_a_run_starts_where_it_is_told(tmp_path):
    first = evolve(evaluator=Toy(), generations=8, out=tmp_path / "run", **QUIET)
    for start in (tmp_path / "run", tmp_path / "run" / "best.json", first.best):
        toy = Toy(noise=0.0)
        again = evolve(evaluator=toy, generations=1, start=start, sigma=0.01, **QUIET)
        assert np.abs(again.best - first.best).max() < 0.1
    with pytest.raises(ValueError, match=r"start is \[0.1 0.2\] of shape \(2,\); give 6 numbers from 0 to 1"):
        evolve(evaluator=Toy(), start=[0.1, 0.2], **QUIET)
    with pytest.raises(ValueError, match="start is .*; give 6 numbers from 0 to 1"):
        evolve(evaluator=Toy(), start=[2.0] * GENES, **QUIET)
    other = Toy()
    other.space = type("Space", (), {"size": GENES, "names": tuple("abcdef")})()
    with pytest.raises(ValueError, match="best.json' has other genes"):
        evolve(evaluator=other, start=tmp_path / "run", **QUIET)
    with pytest.raises(FileNotFoundError):
        evolve(evaluator=Toy(), start=tmp_path / "nothing.json", **QUIET)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"generations": 0}, "generations is 0; give a whole number, at least 1"),
        ({"generations": 2.5}, "generations is 2.5; give a whole number"),
        ({"popsize": 0}, "popsize is 0; give a whole number, at least 1"),
        ({"popsize": "8"}, "popsize is '8'; give a whole number"),
        ({"seed": -1}, "seed is -1; give a whole number from 0"),
        ({"seed": 2**53}, "seed is 9007199254740992; give a whole number from 0 to"),
        ({"algorithm": 3}, "algorithm is 3; give a name, or a function"),
        ({"algorithm": lambda beginning: beginning}, "made Beginning.*, which is no optimiser; it needs ask"),
        ({"sigma": 0.0}, "sigma is 0; it is a share"),
        ({"sigma": float("nan")}, "sigma is nan"),
        ({"minutes": 0.0}, "minutes is 0; give more than 0"),
        ({"evaluator": None}, "evolution needs an animal and a task"),
        ({"animal": "hexapod"}, "leave these out"),
        ({"workers": 2}, "workers is 2; they belong to a Ray cluster"),
    ],
)
def test_numbers_out_of_bounds_are_refused(tmp_path, given, message):
    with pytest.raises(ValueError, match=message):
        evolve(**({"evaluator": Toy(), "out": tmp_path / "run", **QUIET} | given))
    assert not (tmp_path / "run").exists()


def test_an_evaluator_that_answers_in_another_shape_is_named():
    class Short(Toy):
        def evaluate(self, vectors, **what):
            told = super().evaluate(vectors, **what)
            told.fitness = told.fitness[:-1]
            return told

    with pytest.raises(ValueError, match=r"the evaluator's fitness has shape \(7,\); 8 individuals were asked for"):
        evolve(evaluator=Short(), generations=2, **QUIET)
