"""A population and the processes around it: nothing waits for ever."""

import os
import subprocess
import sys
import textwrap

import pytest

PATIENCE = 120  # s

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


FORKED = """
import gc, os, sys
import sns_mujoco as sns
import sns_mujoco.errors
population = sns.Population("antagonist_joint", 8, threads={threads})
population.step(5)
child = os.fork()
if child == 0:
{action}
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
population.step(5)
print("the parent goes on", population.alive.all(), flush=True)
"""


@forks
def test_a_child_is_refused_its_parents_population_and_makes_its_own():
    told = run(FORKED.format(threads=2, action="""
    for act in (population.step, population.reset, lambda: population.simulation(0)):
        try:
            act()
        except sns.errors.ProcessError as error:
            print(error, flush=True)
    other = sns.Population("antagonist_joint", 8, threads=2)
    other.step(5)
    print((other.data.state == population.data.state).all(), flush=True)
    population.close()
    del population
    gc.collect()
    """))  # fmt: skip
    *refused, equal, parent, _ = told.split("\n")
    assert len(refused) == 3 and len({*refused}) == 1
    assert "made in process" in refused[0] and "threads=1" in refused[0] and "spawn" in refused[0]
    assert (equal, parent) == ("True", "the parent goes on True")


@forks
def test_one_thread_comes_along():
    told = run(FORKED.format(threads=1, action="    population.step(2); print('stepped', flush=True)"))
    assert told.split("\n")[:2] == ["stepped", "the parent goes on True"]


@pytest.mark.parametrize("method", ["spawn", pytest.param("fork", marks=forks)])
def test_workers_make_their_own(method, tmp_path):
    script = tmp_path / "workers.py"
    script.write_text(
        textwrap.dedent(f"""
        import multiprocessing
        import sns_mujoco as sns

        def live(snapshot):
            with sns.Population("antagonist_joint", 4, threads=2) as population:
                population.restore(snapshot)
                population.step(20)
                return population.snapshot()

        if __name__ == "__main__":
            population = sns.Population("antagonist_joint", 4, threads=2)
            population.step(5)
            with multiprocessing.get_context({method!r}).Pool(1) as pool:
                there = pool.map(live, [population.snapshot()])[0]
            population.step(20)
            print((there.state == population.data.state).all())
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.strip() == "True", done.stderr
