"""What twelve muscles cost a step of the physics: of each model, beside twelve plain motors, side by side in one run.

python tests/benchmarks/muscle_steps.py
"""

import time

import mujoco

from sns_mujoco.muscles import HillMuscle, LinearHillMuscle, MujocoMuscle, add_muscles

MUSCLES, STEPS, ROUNDS = 12, 2000, 25


def body(actuators: str = "") -> str:
    """Six hinges, each between two tendons."""
    sites, limbs, tendons = "", "", ""
    for limb in range(MUSCLES // 2):
        lower = ""
        for side in range(2):
            i, y = 2 * limb + side, (0.02, -0.02)[side]
            sites += f'<site name="a{i}" pos="{limb} {y} .1"/>'
            lower += f'<site name="b{i}" pos="0 {y} -.05"/>'
            tendons += f'<spatial name="{i}"><site site="a{i}"/><site site="b{i}"/></spatial>'
        limbs += (
            f'<body pos="{limb} 0 0"><joint axis="1 0 0" damping=".01"/>'
            f'<geom type="capsule" fromto="0 0 0 0 0 -.1" size=".01"/>{lower}</body>'
        )
    return (
        '<mujoco><option timestep="1e-4"><flag contact="disable"/></option>'
        f"<worldbody>{sites}{limbs}</worldbody><tendon>{tendons}</tendon><actuator>{actuators}</actuator></mujoco>"
    )


def main() -> None:
    """Measure and print."""
    names = [str(i) for i in range(MUSCLES)]
    linear = dict(force=1.0, kse=200.0, kpe=10.0, damping=0.5, rest_length=0.15, width=0.05, max_tension=20.0)
    kinds = {
        "MuJoCo's own": [MujocoMuscle(name=n, tendon=n, force=1.0, length_range=(0.1, 0.2)) for n in names],
        "linear Hill": [LinearHillMuscle(name=n, tendon=n, **linear) for n in names],
        "Hill": [HillMuscle(name=n, tendon=n, force=1.0, optimal_length=0.05, tendon_slack_length=0.1) for n in names],
    }
    models = {"motors": mujoco.MjModel.from_xml_string(body("".join(f'<motor tendon="{n}"/>' for n in names)))}
    models |= {kind: add_muscles(body(), muscles).compile() for kind, muscles in kinds.items()}
    data = {kind: mujoco.MjData(model) for kind, model in models.items()}
    best = dict.fromkeys(models, float("inf"))
    for _ in range(ROUNDS):
        for kind, model in models.items():
            data[kind].ctrl[:] = 0.1
            start = time.perf_counter()
            mujoco.mj_step(model, data[kind], nstep=STEPS)
            best[kind] = min(best[kind], (time.perf_counter() - start) / STEPS * 1e6)
    for kind, microseconds in best.items():
        print(f"{kind:14} {microseconds:6.2f} us/step   {microseconds / best['motors']:.3f} of motors")


if __name__ == "__main__":
    main()
