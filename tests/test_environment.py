"""The ways in agree: pip's pyproject.toml and conda's environment.yml name the same packages."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_conda_and_pip_install_the_same_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = ("lab", "present", "word", "parquet", "scan", "figures", "test")
    pip = {*project["dependencies"], *(package for extra in wanted for package in extras[extra])}
    pip = {package for package in pip if not package.startswith("ketalit[")}

    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    packages = {entry for entry in conda if isinstance(entry, str)} | set(from_pip)

    assert packages - {"pip", "-e ."} == pip | {f"python{project['requires-python']}"}
    assert from_pip[-1] == "-e ."
