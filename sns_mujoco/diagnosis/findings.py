"""What a doctor says: findings, and the diagnosis that they make together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
FORMAT = "sns-mujoco diagnosis 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a doctor found.

    Attributes:
        check: Name of the check that found it, one of `sns_mujoco.diagnosis.CHECKS`.
        severity: "error": the wiring contradicts itself, or the model cannot work; "warning": it is most likely not
            what was meant; "note": worth knowing, and no reason to change anything.
        place: The neuron, adapter, synapse, muscle ... that it is about.
        message: What is the matter, with the numbers.
        remedy: What to do about it.
    """

    check: str
    severity: Severity
    place: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All that a doctor found in one model, errors first.

    Attributes:
        model: Name of what was examined.
        findings: What was found: errors, warnings, notes; within each in the order of the checks.
        facts: Numbers that the checks worked with, by name, with their unit in the name: sizes, steps, and what is
            fastest.
        skipped: Checks that could not be made, with the reason.
    """

    model: str
    findings: tuple[Finding, ...]
    facts: Mapping[str, float | int | str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether there are no errors; warnings and notes may be there."""
        return not self.of("error")

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def by(self, check: str) -> tuple[Finding, ...]:
        """The findings of one check."""
        return tuple(finding for finding in self.findings if finding.check == check)

    def __str__(self) -> str:
        """Everything as plain text."""
        lines = [self.headline()]
        for severity in SEVERITIES:
            for finding in self.of(severity):
                lines += ["", f"{severity}  {finding.check}: {finding.place}", f"  {finding.message}"]
                lines += [f"  {finding.remedy}"] if finding.remedy else []
        lines += [f"\nnot checked  {check}: {reason}" for check, reason in self.skipped.items()]
        return "\n".join(lines)

    def headline(self) -> str:
        """One line: what was examined, and how many findings of each severity there are."""
        counts = ", ".join(_count(len(self.of(severity)), severity) for severity in SEVERITIES)
        return f"{self.model}: {counts}"

    def to_json(self, indent: int | None = 2) -> str:
        """Everything as JSON, the same for the same model.

        An object with `format` ("sns-mujoco diagnosis 1"), `model`, `ok`, `counts` (by severity), `findings` (a list of
        objects with `check`, `severity`, `place`, `message`, `remedy`, all texts), `facts` and `skipped` (objects).
        Later versions may add keys, checks and facts; these keep their meaning.
        """
        keys = ("check", "severity", "place", "message", "remedy")
        content = {
            "format": FORMAT,
            "model": self.model,
            "ok": self.ok,
            "counts": {severity: len(self.of(severity)) for severity in SEVERITIES},
            "findings": [{key: getattr(finding, key) for key in keys} for finding in self.findings],
            "facts": dict(self.facts),
            "skipped": dict(self.skipped),
        }
        return json.dumps(content, indent=indent, ensure_ascii=False)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, then warnings, then notes; each finding once."""
    once = list(dict.fromkeys(findings))
    return tuple(sorted(once, key=lambda finding: SEVERITIES.index(finding.severity)))


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def enumerate_names(names: list[str], most: int = 8) -> str:
    """Quoted names with commas; of many, the first few and how many there are."""
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
