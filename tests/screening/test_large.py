"""Of very many records a command reads no more often than it must, and prints no more than anybody reads."""

from importlib import import_module

from rich.console import Console

from ketalit.review import load_review, new_review
from ketalit.strategy import Line, Missed, StrategyReport, to_rich


def test_a_vote_loads_the_review_once(tmp_path, ketalit, monkeypatch):
    folder = new_review(tmp_path / "review")
    loads = []

    def counted(*args, **kwargs):
        loads.append(args)
        return load_review(*args, **kwargs)

    monkeypatch.setattr("ketalit.review.load_review", counted)
    monkeypatch.setattr(import_module("ketalit.screening.queue"), "load_review", counted)
    code, out, _ = ketalit("screen", "vote", "sigtermans2009", "include", "--as", "AB", "-r", folder)
    assert (code, len(loads)) == (0, 1)
    assert "sigtermans2009" in out


def test_of_very_many_missed_the_terminal_shows_some_and_says_how_many_more():
    missed = tuple(Missed(f"r{number}", f"r{number}", "A 2000", str(number), (1,)) for number in range(2_345))
    report = StrategyReport(
        name="broad",
        query="ketamine",
        lines=(Line(1, "AND", "ketamine"),),
        hits=0,
        found=(),
        missed=missed,
        unchecked=(),
        studies=2_345,
        studies_found=0,
    )
    console = Console(width=100)
    with console.capture() as captured:
        console.print(to_rich(report))
    assert "… and 2,245 more; --json gives all of them" in captured.get()
    assert len(captured.get().splitlines()) < 130
