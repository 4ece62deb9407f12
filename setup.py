"""The one step of the build that pyproject.toml cannot say: the lessons' notebooks go into the package.

They stand at the top of a checkout, where people look for them; a wheel holds them in `ketalit/lessons/notebooks/`.
"""

from pathlib import Path
from shutil import copyfile

from setuptools import setup
from setuptools.command.build_py import build_py

NOTEBOOKS = Path("notebooks")
INSIDE = Path("ketalit", "lessons", "notebooks")


class BuildWithNotebooks(build_py):
    """Copy the notebooks, and the files they read, beside the modules."""

    def run(self) -> None:
        """Build; an editable installation finds the notebooks where they are."""
        super().run()
        if not self.editable_mode:
            for source, target in self._notebooks().items():
                Path(target).parent.mkdir(parents=True, exist_ok=True)
                copyfile(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """What the build makes."""
        return [*super().get_outputs(include_bytecode), *([] if self.editable_mode else self._notebooks().values())]

    def get_source_files(self) -> list[str]:
        """What a source distribution must hold."""
        return [*super().get_source_files(), *self._notebooks()]

    def _notebooks(self) -> dict[str, str]:
        """Every file of the lessons to where it goes; not the texts they are made from, nor anything hidden."""
        return {
            str(path): str(Path(self.build_lib) / INSIDE / path.relative_to(NOTEBOOKS))
            for path in sorted(NOTEBOOKS.rglob("*"))
            if path.is_file() and path.suffix != ".py" and not any(part[0] in "._" for part in path.parts)
        }


setup(cmdclass={"build_py": BuildWithNotebooks})
