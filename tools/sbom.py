"""The software bill of materials of an executable: what is in it, in CycloneDX's JSON."""

from __future__ import annotations

import hashlib
import platform
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, version
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

NAME = "sbom.cdx.json"
_PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
_LONGEST_LICENCE = 100
"""Characters of a licence's name; some packages give its whole text."""


def write_sbom(folder: Path, packages: Sequence[Distribution]) -> None:
    """Write the list of an executable's components into its folder.

    Parameters
    ----------
    folder : Path
        As PyInstaller has made it.
    packages : sequence of Distribution
        The Python packages in it. Libraries of the system are found by their files.
    """
    project = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))["project"]
    bom = Bom()
    bom.metadata.component = Component(
        name="emnist-desktop",
        version=version("emnist-desktop"),
        type=ComponentType.APPLICATION,
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    bom.components.add(Component(name="Python", version=platform.python_version()))
    for package in packages:
        bom.components.add(_component(package))
    for component in _system_libraries(folder, packages):
        bom.components.add(component)
    bom.register_dependency(bom.metadata.component, bom.components)
    text = JsonV1Dot6(bom).output_as_string(indent=2)
    (folder / NAME).write_text(text, encoding="utf-8")


def _component(package: Distribution) -> Component:
    about = package.metadata
    licence = about.get("License-Expression") or about.get("License") or ""
    known = bool(licence) and len(licence) <= _LONGEST_LICENCE
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", name=package.name.lower(), version=package.version),
        bom_ref=f"{package.name}=={package.version}",
        licenses=[LicenseFactory().make_from_string(licence)] if known else [],
    )


def _system_libraries(folder: Path, packages: Sequence[Distribution]) -> Iterator[Component]:
    """Yield the shared libraries that come from the machine on which it was built."""
    inside = {file.name for package in packages for file in package.files or ()}
    for path in sorted((folder / "_internal").glob("*.so*")):
        if path.name in inside or path.is_symlink():
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield Component(
            name=path.name,
            type=ComponentType.FILE,
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        )
