import pytest

from ketalit.errors import InputError
from ketalit.review import load_review
from ketalit.screening import Choice, Result, adjudicate, adjudication_text, queue, rule, write_decisions, written_text

from .shared import EARLY, LATE, cast, make_review


def two(folder, ab, cd, stage=EARLY):
    cast(folder, "AB", stage, ab)
    cast(folder, "CD", stage, cd)


def rows(folder):
    return (folder / "screening.csv").read_text(encoding="utf-8").splitlines()[1:]


def test_from_votes_to_final_decisions(tmp_path):
    folder = make_review(tmp_path, 6)
    two(
        folder,
        {"r1": "include", "r2": "exclude", "r3": "exclude", "r4": "maybe", "r5": "include", "r6": "include"},
        {"r1": "include", "r2": "exclude", "r3": "include", "r4": "maybe", "r5": "maybe", "r6": "include"},
    )
    found = adjudicate(folder)
    assert [(row.record, row.decision, row.who) for row in found.final] == [("r2", "exclude", "AB+CD")]
    assert found.forward == ("r1", "r4", "r5", "r6")
    assert [(one.record, one.what) for one in found.conflicts] == [("r3", "AB: exclude; CD: include")]
    rule(folder, "r3", EARLY, Choice.EXCLUDE, who="EF", note="rats")
    assert not adjudicate(folder).conflicts

    assert queue(folder, "AB", LATE).todo == ("r1", "r4", "r5", "r6")
    two(
        folder,
        {"r1": "include", "r4": "exclude: protocol", "r5": "exclude: protocol", "r6": "exclude: not retrieved"},
        {"r1": "include", "r4": "exclude: wrong drug", "r5": "include", "r6": "exclude: not retrieved"},
        LATE,
    )
    found = adjudicate(folder)
    assert [one.record for one in found.conflicts] == ["r4", "r5"]
    text = adjudication_text(found)
    assert "2 conflicts to rule on:" in text
    assert "different reasons" in text
    rule(folder, "r4", LATE, Choice.EXCLUDE, reason="wrong drug", who="AB+CD, discussed")
    rule(folder, "r5", LATE, Choice.MAYBE, who="EF")
    written = write_decisions(folder)
    assert written.added == ("r1", "r2", "r3", "r4", "r5", "r6")
    assert "6 records added" in written_text(written)
    got = [row.split(",2026")[0].rsplit(",20", 1)[0] for row in rows(folder)]
    assert got == [
        "r1,include,,,AB+CD",
        "r2,exclude,title and abstract,,AB+CD",
        "r3,exclude,title and abstract,,EF",
        'r4,exclude,wrong drug,,"AB+CD, discussed"',
        "r5,maybe,,,EF",
        "r6,exclude,not retrieved,,AB+CD",
    ]
    before = (folder / "screening.csv").read_bytes()
    assert write_decisions(folder).added == ()
    assert (folder / "screening.csv").read_bytes() == before
    assert [row.decision for row in load_review(folder).screening] == [
        "include",
        "exclude",
        "exclude",
        "exclude",
        "maybe",
        "exclude",
    ]


ODD = (
    "\ufeffnote,record,decision,reason,study,who,when\r\n"
    '"two\nlines, ""quoted""", r1 ,include,, study A ,curated,2020-01-01\r\n'
    "\r\n"
    "x,PMID:1000002,include,,s2,curated,\n"
    '"",r3,exclude,protocol,,"curated",2020-01-01'
)  # fmt: skip


def test_what_stands_is_kept_byte_for_byte_and_replaced_only_with_consent(tmp_path):
    folder = make_review(tmp_path, 4)
    path = folder / "screening.csv"
    path.write_bytes(ODD.encode())
    everything = {f"r{number}": "exclude" for number in range(1, 5)}
    two(folder, everything, everything)
    written = write_decisions(folder)
    assert (written.added, written.replaced, written.kept) == (("r4",), (), ("r1", "r2"))
    after = path.read_bytes().decode()
    assert after.startswith(ODD + "\r\n")
    assert after[len(ODD) + 2 :].startswith(",r4,exclude,title and abstract,,AB+CD,")
    assert write_decisions(folder, replace=True).replaced == ("r1", "r2")
    lines = path.read_bytes().decode()
    assert lines.startswith(ODD[: ODD.index('"two')])
    assert ODD[ODD.index('"",r3') :] + "\r\n,r4," in lines  # r3 agrees, and is as it was
    assert ",PMID:1000002,exclude,title and abstract,s2,AB+CD," in lines  # the name and the study stay
    assert "\r\n\r\n" in lines
    again = load_review(folder).screening
    assert [(row.record, row.decision, row.study) for row in again][:2] == [
        ("r1", "exclude", "study A"),
        ("r2", "exclude", "s2"),
    ]


def test_a_maybe_that_stands_needs_consent_too(tmp_path):
    folder = make_review(tmp_path, 1)
    (folder / "screening.csv").write_text("record,decision,reason,study,who,when,note\nr1,maybe,,,curated,,\n")
    two(folder, {"r1": "exclude"}, {"r1": "exclude"})
    assert write_decisions(folder).kept == ("r1",)
    assert rows(folder) == ["r1,maybe,,,curated,,"]


def test_conflicts_stay_hidden_until_both_have_finished(tmp_path):
    folder = make_review(tmp_path, 3)
    two(folder, {"r1": "include", "r2": "exclude", "r3": "include"}, {"r1": "include", "r2": "include"})
    with pytest.raises(InputError, match="title/abstract is not finished: 1 of CD's votes are missing"):
        adjudicate(folder)
    with pytest.raises(InputError, match="not finished"):
        write_decisions(folder)
    assert not (folder / "screening.csv").exists()
    assert [one.record for one in adjudicate(folder, partial=True).conflicts] == ["r2"]
    cast(folder, "CD", EARLY, {"r3": "include"})
    cast(folder, "AB", LATE, {"r1": "include", "r3": "exclude: protocol"})
    cast(folder, "CD", LATE, {"r1": "exclude: protocol"})
    found = adjudicate(folder)
    assert [one.stage for one in found.conflicts] == [EARLY]
    assert found.forward == ("r1", "r3")
    assert "1 of CD's" in found.withheld
    assert "r1 at full text" not in adjudication_text(found)


def test_one_reviewer_is_possible_and_said(tmp_path):
    folder = make_review(tmp_path, 2)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "exclude"})
    with pytest.raises(InputError, match="one reviewer is not double screening"):
        adjudicate(folder)
    cast(folder, "AB", LATE, {"r1": "include"})
    found = adjudicate(folder, single=True)
    assert "not double screening" in adjudication_text(found)
    write_decisions(folder, single=True)
    assert [row.rsplit(",", 2)[0] for row in rows(folder)] == ["r1,include,,,AB", "r2,exclude,title and abstract,,AB"]


def test_rulings_are_held_to_the_rules(tmp_path):
    folder = make_review(tmp_path, 2)
    two(folder, {"r1": "include", "r2": "include"}, {"r1": "exclude", "r2": "include"})
    with pytest.raises(InputError, match="no conflict on r2 at title/abstract"):
        rule(folder, "r2", EARLY, Choice.EXCLUDE, who="EF")
    with pytest.raises(InputError, match="nobody is named"):
        rule(folder, "r1", EARLY, Choice.EXCLUDE, who=" ")
    with pytest.raises(InputError, match="is not a reason"):
        rule(folder, "r1", EARLY, Choice.EXCLUDE, who="EF", reason="dull")
    assert not (folder / "adjudication.csv").exists()
    rule(folder, "r1", EARLY, Choice.INCLUDE, who="EF")
    rule(folder, "r1", EARLY, Choice.EXCLUDE, who="EF")  # thought again
    assert adjudicate(folder).final[0].decision == "exclude"
    (folder / "adjudication.csv").write_text("record,stage,decision,who\nr1,full text,exclude,EF\n")
    with pytest.raises(InputError, match="adjudication.csv, line 2"):
        adjudicate(folder)


def test_a_conflict_found_again_after_a_ruling_is_withdrawn(tmp_path):
    folder = make_review(tmp_path, 1)
    two(folder, {"r1": "include"}, {"r1": "exclude"})
    rule(folder, "r1", EARLY, Choice.INCLUDE, who="EF")
    rule(folder, "r1", EARLY, Choice.WITHDRAWN, who="EF")
    assert adjudicate(folder).conflicts[0].result is Result.CONFLICT
