"""Ask and answer in lines of a terminal, or of a script that stands in for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from .escaping import terminal

if TYPE_CHECKING:
    from rich.console import Console


class EndOfInput(Exception):
    """There is nothing more to read, or somebody pressed Ctrl-C."""


@dataclass(slots=True)
class Dialogue:
    """Where lines are read from, and where is written to."""

    lines: TextIO
    console: Console

    def say(self, text: str, style: str = "") -> None:
        """Write a text as it is, made harmless."""
        self.console.print(terminal(text), style=style or None, markup=False, highlight=False, soft_wrap=True)

    def ask(self, prompt: str) -> str:
        """A line, trimmed.

        Raises:
            EndOfInput: end of file or Ctrl-C.
        """
        self.console.print(prompt, end=" ", markup=False, highlight=False, soft_wrap=True)
        try:
            line = self.lines.readline()
        except KeyboardInterrupt:
            raise EndOfInput from None
        if not line:
            raise EndOfInput
        return line.strip()

    def wants_undo(self) -> bool:
        """Whether the last decision is to be taken back, asked when nothing is left; the end of input says no."""
        try:
            return self.ask("That was the last. [u]ndo it, or Enter to end >").lower() in {"u", "undo"}
        except EndOfInput:
            self.say("")
            return False
