import pytest

from ketalit.errors import InputError
from ketalit.screening import queue

from .shared import EARLY, LATE, cast, make_review


def test_own_votes_and_final_decisions_are_not_asked_again(tmp_path):
    folder = make_review(tmp_path, 5)
    (folder / "screening.csv").write_text("record,decision\nr1,include\nr2,maybe\n")
    cast(folder, "AB", EARLY, {"r3": "include"})
    found = queue(folder, "AB", EARLY)
    assert (found.todo, found.done, found.decided, found.total) == (("r2", "r4", "r5"), 1, 1, 4)
    assert queue(folder, "AB", EARLY, again=True).todo == ("r1", "r2", "r4", "r5")


def test_the_vote_of_one_other_changes_nothing_and_two_are_enough(tmp_path):
    folder = make_review(tmp_path, 3)
    cast(folder, "CD", EARLY, {"r1": "exclude"})
    assert queue(folder, "AB", EARLY).todo == ("r1", "r2", "r3")
    cast(folder, "EF", EARLY, {"r1": "include"})
    assert queue(folder, "AB", EARLY).todo == ("r2", "r3")


def test_random_order_is_stable_when_records_come_later(tmp_path):
    few = queue(make_review(tmp_path / "a", 8), "AB", EARLY, order="random:7").todo
    many = queue(make_review(tmp_path / "b", 20), "AB", EARLY, order="random:7").todo
    assert sorted(few) == sorted(f"r{number}" for number in range(1, 9))
    assert [name for name in many if name in few] == list(few)
    assert few != queue(tmp_path / "a", "AB", EARLY, order="random:8").todo
    for order in ("random", "random:", "newest"):
        with pytest.raises(InputError, match="is no order"):
            queue(tmp_path / "a", "AB", EARLY, order=order)


def test_full_texts_open_after_the_own_titles_and_abstracts(tmp_path):
    folder = make_review(tmp_path, 4)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "exclude", "r3": "exclude"})
    with pytest.raises(InputError, match="too early for full texts: 1 of AB's"):
        queue(folder, "AB", LATE)
    cast(folder, "AB", EARLY, {"r4": "maybe"})
    with pytest.raises(InputError, match="only one reviewer"):
        queue(folder, "AB", LATE)
    assert queue(folder, "AB", LATE, single=True).todo == ("r1", "r4")
    cast(folder, "CD", EARLY, {"r1": "maybe", "r2": "exclude", "r3": "include", "r4": "maybe"})
    assert queue(folder, "AB", LATE).todo == ("r1", "r4")  # r2 both exclude; r3 is a conflict first
    assert queue(folder, "CD", LATE).todo == ("r1", "r4")


def test_what_another_says_never_shows_in_a_queue(tmp_path):
    """Whatever one other reviewer votes on titles and abstracts, the queue is the same."""
    seen = set()
    for number, said in enumerate(("include", "exclude", "maybe", "")):
        folder = make_review(tmp_path / str(number), 3)
        if said:
            cast(folder, "CD", EARLY, {"r1": said, "r2": said})
        cast(folder, "AB", EARLY, {"r1": "include"})
        seen.add(queue(folder, "AB", EARLY))
    assert len(seen) == 1
