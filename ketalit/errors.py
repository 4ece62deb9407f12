"""What can go wrong, said for people: what, where, what was expected, what to do next."""

from __future__ import annotations


def sentences(*parts: str) -> str:
    """Parts as sentences, the empty ones left out: each ends with a full stop, unless it asks something.

    >>> sentences("unknown field “n”, did you mean “arms”?", "", "Expected: a field")
    'unknown field “n”, did you mean “arms”? Expected: a field.'
    """
    return " ".join(part if part.endswith("?") else f"{part.rstrip('.')}." for part in parts if part)


class KetalitError(Exception):
    """A fault the user can understand and act on.

    Args:
        what: what was wrong, one clause.
        where: file, line, record or field it was found in.
        expected: what would have been right.
        next_step: what to do now.

    The command line prints the message and leaves with `exit_code`; it never shows a traceback.

    >>> print(KetalitError("no PMID", where="set.xml, record 3", expected="a PMID element"))
    set.xml, record 3: no PMID. Expected: a PMID element.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", expected: str = "", next_step: str = ""):
        self.what, self.where, self.expected, self.next_step = what, where, expected, next_step
        said = f"{where}: {what}" if where else what
        super().__init__(sentences(said, f"Expected: {expected}" if expected else "", next_step))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in a notebook: the sentence, as the command line does."""
        return [str(self)]


class InputError(KetalitError):
    """A file, id or folder given by the user cannot be used as it is."""


class OfflineError(KetalitError):
    """A network was required and there is none."""

    exit_code = 3


class NcbiError(KetalitError):
    """NCBI was asked and gave nothing that can be used.

    Args:
        what: what was wrong with its answer.
        where: the E-utility that was asked.
        expected: what would have been right.
        next_step: what to do now.
        verdict: what kind of answer it was, a value of `ketalit.entrez.verdict.Verdict`.
    """

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", expected: str = "", next_step: str = "", verdict: str = ""):
        super().__init__(what, where=where, expected=expected, next_step=next_step)
        self.verdict = verdict


class IncompleteError(KetalitError):
    """The work was done in part, or its result changed in a way somebody must look at."""

    exit_code = 4
