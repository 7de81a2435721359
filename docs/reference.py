"""Builds the API reference from the docstrings: every package that says what is public in it, a page each.

    pip install -c constraints.txt -e ".[docs]" && python docs/reference.py site

A docstring that cannot be rendered, a package that cannot be imported and every other warning is an error.
"""

import argparse
import importlib
import os
import pkgutil
import warnings
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

os.environ["PDOC_ALLOW_EXEC"] = "1"  # OpenGL's binding asks a process of its own for its version when it is imported

import pdoc  # noqa: E402
import pdoc.render  # noqa: E402

ROOTS = ("sns_mujoco", "sns_mujoco.envs", "sns_mujoco.models")  # the last two lie elsewhere in a checkout


def public(package: ModuleType) -> list[str]:
    """Names of a package and of all below it that list what is public in them."""
    names = [package.__name__] if getattr(package, "__all__", None) else []
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if module.ispkg and not module.name.rpartition(".")[2].startswith("_"):
            names += public(importlib.import_module(module.name))
    return names


def undocumented(names: list[str]) -> list[str]:
    """What is public and says nothing of itself; all of it is imported."""
    missing = []
    for name in names:
        module = importlib.import_module(name)
        for member in [None, *module.__all__]:
            thing = module if member is None else getattr(module, member)
            if member is not None:
                setattr(module, member, thing)  # what is imported when it is used is looked for in the module itself
            if (isinstance(thing, type | ModuleType) or callable(thing)) and not (thing.__doc__ or "").strip():
                missing.append(name if member is None else f"{name}.{member}")
    return missing


def main() -> None:
    """Build the pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write, such as site")
    out = parser.parse_args().out.resolve()
    os.chdir(Path(__file__).parent)  # a folder of the name of a package, as in a checkout's root, would be ambiguous
    warnings.simplefilter("error")
    roots = [importlib.import_module(name) for name in ROOTS]
    names = sorted({name for root in roots for name in public(root)})
    missing = undocumented(names)
    if missing:
        raise SystemExit(f"public, but without a docstring: {', '.join(missing)}")
    pdoc.render.configure(docformat="google", footer_text=f"sns-mujoco {version('sns-mujoco')}")
    pdoc.pdoc(*names, output_directory=out)
    print(f"wrote {len(names)} packages to {out / 'index.html'}")


if __name__ == "__main__":
    main()
