"""What there is to run."""

from rich.console import Console
from rich.table import Table

from sns_mujoco.models import load, names


def print_animals() -> None:
    """Print a table of the animals."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("animal", "neurons", "synapses", "commands", "terrains", "what it is"):
        table.add_column(title, no_wrap=title == "animal")  # a name is there to be copied
    for name in names():
        animal = load(name)
        program = animal.network().to_program(dt=animal.dt)
        table.add_row(
            name,
            str(program.n_neurons),
            str(len(program.synapse_names)),
            ", ".join(animal.commands),
            ", ".join(animal.terrains),
            animal.summary,
        )
    Console().print(table)
