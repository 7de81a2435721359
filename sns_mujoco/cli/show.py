"""What there is to run, and what it is made of."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from sns_mujoco.learning.spaces import Individual, parameters_in
from sns_mujoco.learning.spaces.tables import of_stored
from sns_mujoco.models import Animal, load, names

SHOWN = 3  # names of what has a quantity


def print_animals() -> None:
    """Print a table of the animals, and what each is."""
    table = _table("animal", "neurons", "synapses", "commands", "terrains")
    for name in names():
        animal = load(name)
        program = animal.network().to_program(dt=animal.dt)
        table.add_row(
            name,
            str(program.n_neurons),
            str(len(program.synapse_names)),
            ", ".join(animal.commands),
            ", ".join(animal.terrains),
        )
    console = Console()
    console.print(table)
    for name in names():
        console.print(f"\n[bold]{name}[/]  {escape(load(name).summary)}", highlight=False)


def print_quantities(animal: Animal, *, terrain: str | None = None) -> None:
    """Print what may vary of an animal, one line a quantity.

    Raises:
        UnknownNameError: There is no such terrain.
    """
    console = Console()
    console.print(f"[bold]{animal.name}[/]  {animal.summary}", highlight=False, soft_wrap=True)
    table = _table("quantity", "unit", "how many", "from", "to", "of", fixed=5)
    for parameter in parameters_in(animal, terrain=terrain):
        more = ", ..." if len(parameter.names) > SHOWN else ""
        table.add_row(
            parameter.quantity,
            parameter.unit,
            str(len(parameter.names)),
            f"{parameter.values.min():.4g}",
            f"{parameter.values.max():.4g}",
            Text(", ".join(parameter.names[:SHOWN]) + more, no_wrap=True, overflow="ellipsis"),
        )
    console.print(table)


def print_parameters(animal: Animal, quantity: str, pattern: str, *, terrain: str | None = None) -> None:
    """Print everything that has a quantity and matches a pattern, with its described value.

    Raises:
        UnknownNameError: There is no such terrain or quantity, or nothing matches.
    """
    table = _table("name", quantity, "unit", fixed=3)
    for parameter in parameters_in(animal, quantity, pattern, terrain=terrain):
        for name, value in zip(parameter.names, parameter.values.tolist(), strict=True):
            table.add_row(name, f"{value:.6g}", parameter.unit)
    Console().print(table)


def print_genes(individual: Individual) -> None:
    """Print what the file of an individual holds."""
    console = Console()
    console.print(individual.summary, highlight=False, markup=False, soft_wrap=True)
    console.print(
        of_stored(individual.space["genes"], individual.values), highlight=False, markup=False, soft_wrap=True
    )


def write_page(
    animal: Animal, out: Path, *, terrain: str | None = None, seed: int = 0, examine: bool = True,
    renderer: str = "raycaster",
) -> None:  # fmt: skip
    """Write the report of an animal.

    Raises:
        UnknownNameError: There is no such terrain or renderer.
        OutputPathError: It cannot be written there.
        DivergenceError: The animal diverged within its first seconds.
    """
    from sns_mujoco.rendering.report import animal_report

    console = Console()
    with console.status(f"looking at {escape(animal.name)}"):
        animal_report(animal, out, terrain=terrain, seed=seed, examine=examine, renderer=renderer)
    console.print(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)", highlight=False, markup=False)


def _table(*titles: str, fixed: int = 1) -> Table:
    """A table whose first columns keep their width: names are there to be copied."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, title in enumerate(titles):
        table.add_column(title, no_wrap=place < fixed)
    return table
