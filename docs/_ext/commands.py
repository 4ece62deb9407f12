"""The reference of the command line, made from its own help.

`python docs/_ext/commands.py > docs/reference/commands.md`, as `make docs` does.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer
from typer.main import get_command

from ketalit.cli import app


def page() -> str:
    """All commands, each with what it says of itself, its arguments and its options."""
    root = get_command(app)
    lines = ["# The command line", "", "Made by `make docs` from what `ketalit COMMAND --help` says.", ""]
    lines += [*_help(root.help or ""), "", _inline(root.epilog or ""), ""]
    for name, command in sorted(root.commands.items()):
        lines += _section(f"ketalit {name}", command, 2)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _section(name: str, command: Any, level: int) -> Iterator[str]:
    parameters = [one for one in command.params if not getattr(one, "hidden", False) and "--help" not in one.opts]
    kinds = get_type_hints(command.callback) if command.callback else {}
    words = [_placeholder(one) for one in parameters if one.param_type_name == "argument"]
    nested = getattr(command, "commands", {})
    yield from ["", f"{'#' * level} `{name}`", ""]
    yield from _help(command.help or "")
    usage = " ".join([name, *(["[OPTIONS]"] if len(parameters) > len(words) else []), *words])
    yield from ["", "```text", usage + (" COMMAND …" if nested else ""), "```", ""]
    if parameters:
        yield from ["| | |", "|---|---|"]
        yield from (f"| {_name(one, kinds.get(one.name))} | {_what(one)} |" for one in parameters)
        yield ""
    for inner, found in sorted(nested.items()):
        yield from _section(f"{name} {inner}", found, level + 1)


def _placeholder(one: Any) -> str:
    word = (one.metavar or one.name or "").strip("[]").upper() + ("…" if one.nargs == -1 else "")
    return word if one.required else f"[{word}]"


def _name(one: Any, kind: Any) -> str:
    if one.param_type_name == "argument":
        return f"`{_placeholder(one)}`"
    first, *others = sorted(one.opts, key=len, reverse=True)
    value = "" if one.is_flag else f" {one.metavar or _choices(kind) or one.name.upper().replace('_', '-')}"
    return _cell(", ".join([f"`{first}{value}`", *(f"`{name}`" for name in (*others, *one.secondary_opts))]))


def _choices(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "|".join(map(str, get_args(kind)))
    return "|".join(map(str, kind)) if isinstance(kind, type) and issubclass(kind, Enum) else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _what(one: Any) -> str:
    said = _inline(getattr(one, "help", "") or "")
    shown = one.default not in (None, "", False, (), []) and getattr(one, "show_default", True) is True
    default = getattr(one.default, "value", one.default)
    if shown and not callable(default) and default is not True and "Default:" not in said:
        said += f" Default: {default}."
    return said + (" Required." if one.required and one.param_type_name == "option" else "")


def _help(text: str) -> list[str]:
    """Paragraphs as they are; indented ones are commands to type."""
    lines: list[str] = []
    for part in re.split(r"\n\s*\n|\f|\b\x08", inspect.cleandoc(text)):
        if part.startswith("  "):
            lines += ["```text", *(line.removeprefix("  ") for line in part.splitlines()), "```", ""]
        elif part.strip():
            lines += [_inline(" ".join(part.split())), ""]
    return lines


def _inline(text: str) -> str:
    plain = re.sub(r"\[/?bold\]", "", text)
    parts = re.split(r"(`[^`]*`)", " ".join(plain.split()))
    parts[::2] = [re.sub(r"([*_|<>$\\])", r"\\\1", part) for part in parts[::2]]
    return "".join(part.replace("|", "\\|") if at % 2 else part for at, part in enumerate(parts))


if __name__ == "__main__":
    typer.echo(page(), nl=False)
