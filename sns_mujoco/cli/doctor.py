"""What `sns-mujoco doctor` does: examine a model, and say what was found, calmly."""

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.status import Status

from sns_mujoco.diagnosis import Diagnosis, Finding, doctor
from sns_mujoco.diagnosis.findings import SEVERITIES, Severity

MOST = 5  # findings of one check and severity that are printed
STYLES: dict[Severity, str] = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def run(what: str, *, as_json: bool = False, terrain: str | None = None) -> int:
    """Examine an animal or a file.

    Args:
        what: Name of an animal, or what else `sns_mujoco.models.load` finds one by; or path of an MJCF (.xml) or MJB
            (.mjb) file with a nervous system.
        as_json: Print JSON and nothing else; see `Diagnosis.to_json`.
        terrain: Of an animal; its usual one if left out.

    Returns:
        The exit code: 1 where there are errors, else 0.

    Raises:
        UnknownNameError: There is no such animal or terrain.
        FileNotFoundError: There is no such file.
        AttachError: MuJoCo cannot read the file, or there is no nervous system in it.
    """
    console = Console()
    if as_json:
        diagnosis = doctor(what, terrain=terrain)
        print(diagnosis.to_json())
    else:
        with Status(f"examining {escape(what)}", console=console):
            diagnosis = doctor(what, terrain=terrain)
        report(diagnosis, console)
    return 0 if diagnosis.ok else 1


def report(diagnosis: Diagnosis, console: Console) -> None:
    """Print a diagnosis, errors first, and of many findings of one check the first few."""
    facts = diagnosis.facts
    if facts:
        told = ("neurons", "synapses", "afferents", "efferents", "motor neurons excited", "joints moved")
        console.print(f"[bold]{escape(diagnosis.model)}[/]  " + ", ".join(f"{facts[key]} {key}" for key in told))
        console.print(
            f"[dim]steps: physics {facts['physics step, ms']:g} ms, neurons {facts['neural step, ms']:g} ms; fastest "
            f"membrane {facts['fastest membrane, ms']:g} ms ({escape(str(facts['fastest membrane']))})[/]",
            highlight=False,
        )
    for severity in SEVERITIES:
        found = diagnosis.of(severity)
        if found:
            console.print(f"\n[{STYLES[severity]}]{severity}s[/] ({len(found)})", highlight=False)
        for check in dict.fromkeys(finding.check for finding in found):
            own = [finding for finding in found if finding.check == check]
            for finding in own[:MOST]:
                _print(finding, console)
            if len(own) > MOST:
                console.print(
                    f"    [dim]and {len(own) - MOST} more of {check}; --json tells them all[/]", highlight=False
                )
    for check, reason in diagnosis.skipped.items():
        console.print(f"[dim]not checked: {check} ({escape(reason)})[/]", highlight=False)
    counts = diagnosis.headline().removeprefix(f"{diagnosis.model}: ")
    console.print(f"\n[bold {'green' if diagnosis.ok else 'red'}]{counts}[/]", highlight=False)


def _print(finding: Finding, console: Console) -> None:
    style = STYLES[finding.severity]
    console.print(f"  [{style}]{finding.check}[/]  {escape(finding.place)}", highlight=False, soft_wrap=True)
    for text, shade in ((finding.message, ""), (finding.remedy, "dim")):
        if text:
            console.print(Padding(escape(text), (0, 0, 0, 4)), style=shade, highlight=False)
