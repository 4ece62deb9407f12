import io

import pytest

from ketalit.errors import InputError
from ketalit.records.model import Record, Section, to_json
from ketalit.review import load_review
from ketalit.screening import adjudicate, agreement, load_votes, queue, write_decisions
from ketalit.screening.shown import query_words, render_record
from ketalit.screening.terminal import screen

from .shared import EARLY, LATE, cast, make_review, sit


def votes_of(folder, reviewer="AB", stage=EARLY):
    votes = load_votes(folder, load_review(folder)).get(reviewer)
    return {name: str(one.decision) for name, one in votes.current(stage).items()} if votes else {}


def test_two_reviewers_from_first_title_to_final_decision(tmp_path):
    folder = make_review(tmp_path, 4)
    session, text = sit(folder, "AB", EARLY, "i,e,m,e 2")
    assert (session.saved, session.left, session.stopped) == (4, 0, False)
    assert "Nothing left in this stage." in text
    sit(folder, "CD", EARLY, "include,exclude,include,exclude")
    assert agreement(folder, EARLY).kappas[0].kappa == 1
    assert queue(folder, "AB", LATE).todo == ("r1", "r3")
    _, text = sit(folder, "AB", LATE, "i,e,3,")
    assert "  3  wrong drug" in text
    assert "  4  not retrieved" in text
    assert "https://pubmed.ncbi.nlm.nih.gov/1000001/" in text
    sit(folder, "CD", LATE, "i,e 3")
    assert not adjudicate(folder).conflicts
    write_decisions(folder)
    assert [(row.record, row.decision, row.reason) for row in load_review(folder).screening] == [
        ("r1", "include", ""),
        ("r2", "exclude", "title and abstract"),
        ("r3", "exclude", "wrong drug"),
        ("r4", "exclude", "title and abstract"),
    ]


def test_what_is_shown_of_a_record(tmp_path):
    folder = make_review(tmp_path, 3)
    cast(folder, "AB", EARLY, {"r1": "include"})
    _, text = sit(folder, "AB", EARLY, "q")
    for part in (
        "2 of 3",
        "Invented trial 2 of S-ketamine",
        "J Inv Trials",
        "2020",
        "METHODS: 22 patients",
        "design parallel RCT",
        "n = 22",
    ):
        assert part in text


def test_every_decision_is_saved_at_once_and_resumed(tmp_path):
    folder = make_review(tmp_path, 4)
    session, text = sit(folder, "AB", EARLY, "i,q")
    assert (session.saved, session.left, session.stopped) == (1, 3, True)
    assert votes_of(folder) == {"r1": "include"}
    assert "3 records left." in text
    _, text = sit(folder, "AB", EARLY, "e")  # then the input ends
    assert "2 of 4" in text
    assert votes_of(folder) == {"r1": "include", "r2": "exclude"}
    _, text = sit(folder, "AB", EARLY, "")
    assert "3 of 4" in text


def test_undo_takes_back_step_by_step_even_the_day_after(tmp_path):
    folder = make_review(tmp_path, 3)
    _, text = sit(folder, "AB", EARLY, "i,e,u,m,q")
    assert "Taken back: exclude, r2" in text
    assert "3 decisions saved, 1 taken back." in text
    assert votes_of(folder) == {"r1": "include", "r2": "maybe"}
    _, text = sit(folder, "AB", EARLY, "u,u,u,e,q")
    assert "There is nothing to undo." in text
    assert votes_of(folder) == {"r1": "exclude"}
    history = (folder / "votes" / "AB.csv").read_text().splitlines()[1:]
    assert [line.split(",")[2] for line in history] == [
        "include", "exclude", "withdrawn", "maybe", "withdrawn", "withdrawn", "exclude",
    ]  # fmt: skip


def test_the_last_decision_of_all_can_be_taken_back_too(tmp_path):
    folder = make_review(tmp_path, 2)
    session, _ = sit(folder, "AB", EARLY, "i,i,u,e,")
    assert (session.saved, session.undone, session.left, session.stopped) == (3, 1, 0, False)
    assert votes_of(folder) == {"r1": "include", "r2": "exclude"}
    assert "That was the last" not in sit(folder, "AB", EARLY, "")[1]


def test_skipped_records_come_again_next_time(tmp_path):
    folder = make_review(tmp_path, 3)
    session, text = sit(folder, "AB", EARLY, "s,i,s")
    assert (session.saved, session.skipped, session.left) == (1, 2, 2)
    assert "2 skipped, which come again next time." in text
    assert queue(folder, "AB", EARLY).todo == ("r1", "r3")


def test_notes_are_saved_with_the_next_decision_only(tmp_path):
    folder = make_review(tmp_path, 3)
    sit(folder, "AB", EARLY, "n dose unclear,i,n,asked authors,e,i")
    history = load_votes(folder, load_review(folder))["AB"].history
    assert [one.note for one in history] == ["dose unclear", "asked authors", ""]


def test_keys_that_mean_nothing_save_nothing(tmp_path):
    folder = make_review(tmp_path, 2)
    _, text = sit(folder, "AB", EARLY, "x,,i because,e 9,?,\x1b[A,e nonsense,q")
    assert votes_of(folder) == {}
    assert "“x” is none of the keys" in text
    assert "“9” is no reason here (numbers 1 to 3)" in text
    assert "undo your last decision" in text
    assert "\x1b" not in text
    assert text.count("1 of 2") == 1


def test_full_text_exclusion_insists_on_a_reason(tmp_path):
    folder = make_review(tmp_path, 1)
    cast(folder, "AB", EARLY, {"r1": "include"})
    _, text = sit(folder, "AB", LATE, "e,,e,7,e,4", single=True)
    assert "Nothing saved." in text
    assert "not double screening" in text
    (saved,) = load_votes(folder, load_review(folder))["AB"].current(LATE).values()
    assert saved.reason == "not retrieved"


def test_a_review_without_reasons_says_where_to_add_them(tmp_path):
    folder = make_review(tmp_path, 1, reasons=())
    cast(folder, "AB", EARLY, {"r1": "include"})
    _, text = sit(folder, "AB", LATE, "q", single=True)
    assert "review.toml gives no reasons" in text


class _Interrupted(io.StringIO):
    """Two keys, then Ctrl-C."""

    def readline(self, size=-1):
        line = super().readline(size)
        if not line:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize("keys", ["i\n", "i\nn\n", ""])
def test_ctrl_c_ends_calmly_with_what_was_saved(tmp_path, keys):
    folder = make_review(tmp_path, 3)
    out = io.StringIO()
    session = screen(folder, "AB", EARLY, lines=_Interrupted(keys), out=out)
    assert session.stopped
    assert len(votes_of(folder)) == ("i" in keys)
    assert "saved." in out.getvalue()


def test_nothing_on_the_screen_tells_what_the_other_voted(tmp_path):
    seen = set()
    for number, said in enumerate(("include", "exclude", "maybe", "")):
        folder = make_review(tmp_path / str(number), 3)
        if said:
            cast(folder, "CD", EARLY, {"r1": said, "r2": said, "r3": said})
        seen.add(sit(folder, "AB", EARLY, "i,u,e,s,m")[1])
    assert len(seen) == 1
    assert "CD" not in seen.pop()


def test_hostile_text_cannot_write_to_the_terminal(tmp_path):
    folder = make_review(tmp_path, 1)
    bad = "\x1b]0;owned\x07\x1b[2J[red]markup[/red] \u202eabc ketamine"
    hostile = Record(source="person", key="r1", title=bad, abstract=(Section(text=bad, label=bad),))
    (folder / "records.jsonl").write_bytes(to_json(hostile) + b"\n")
    _, text = sit(folder, "AB", EARLY, "i")
    assert "[red]markup[/red]" in text
    assert not set("\x1b\x07\u202e") & set(text)


def test_words_of_interest_are_marked_whole():
    from rich.console import Console

    record = Record(source="person", key="r", title="S-ketamine, esketamine and S(+)-ketamine: ketamines no")
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=200)
    render_record(record, ["ketamine", "S-ketamine", "S(+)-ketamine", "", "esketamine"], console)
    marked = console.file.getvalue()
    assert [marked.count(f"33m{word}\x1b[0m") for word in ("S-ketamine", "esketamine", "S(+)-ketamine")] == [1, 1, 1]
    assert marked.count("33m") == 3
    assert "No abstract here." in marked


def test_words_of_the_searches_are_marked_in_title_and_abstract_but_not_without_colours(tmp_path):
    from rich.console import Console

    text = "Chronic non-cancer pain after surgery: rats, mice and children"
    record = Record(source="person", key="r", title=text, abstract=(Section(text=text),))
    words = query_words('("non cancer pain"[tiab] OR surg*[ti] OR rat[tiab]) AND child*')
    for no_color, marks in ((False, ["non-cancer pain", "surgery", "children"]), (True, [])):
        console = Console(
            file=io.StringIO(), force_terminal=True, color_system="standard", width=200, no_color=no_color
        )
        render_record(record, words, console)
        shown = console.file.getvalue()
        assert shown.count("33m") == 2 * len(marks)
        assert all(shown.count(f"33m{word}\x1b[0m") == 2 for word in marks)
    _, plain = sit(make_review(tmp_path), "AB", EARLY, "q")
    assert "\x1b" not in plain


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ('Ketamine[mh] OR "s-ketamine"[tiab]', ["Ketamine", "s-ketamine"]),
        ("chronic back pain[tiab] AND nerve injury", ["chronic back pain", "nerve", "injury"]),
        ("Pain/drug therapy[mh] AND trial[pt] AND doe j[au] AND 2010:2020[dp]", ["Pain"]),
        ('"pain relief"[tiab:~3]', ["pain", "relief"]),
        ("pain NOT (rats[ti] OR (mice AND cats)) AND dogs NOT birds OR pain", ["pain", "dogs"]),
        ("pain AND (NOT rats) AND cats", ["pain", "cats"]),
        ('NOTHING OR ANDROGEN OR "half', ["NOTHING", "ANDROGEN", "half"]),
        ("", []),
    ],
)
def test_words_of_a_query(query, words):
    assert query_words(query) == words


def test_too_early_and_unusable_reviews_are_said_before_anything_is_shown(tmp_path):
    folder = make_review(tmp_path, 2)
    with pytest.raises(InputError, match="too early"):
        sit(folder, "AB", LATE, "i")
    with pytest.raises(InputError, match="initials"):
        sit(folder, "A/B", EARLY, "i")
    with pytest.raises(InputError, match="no such folder"):
        sit(tmp_path / "nowhere", "AB", EARLY, "i")
