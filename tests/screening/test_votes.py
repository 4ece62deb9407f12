import multiprocessing
import os
import signal
import time

import pytest

from ketalit.errors import InputError
from ketalit.review import load_review
from ketalit.screening import NOT_RETRIEVED, Choice, Vote, load_votes, read_votes, vote
from ketalit.screening.votes import check_reviewer, reasons_at, save_vote

from .shared import EARLY, LATE, REASONS, cast, make_review


def votes_of(folder, reviewer="AB", stage=EARLY):
    return {
        name: str(one.decision)
        for name, one in load_votes(folder, load_review(folder))[reviewer].current(stage).items()
    }


def test_the_last_row_counts_and_history_is_kept(tmp_path):
    folder = make_review(tmp_path)
    for said in ("include", "exclude", "maybe"):
        cast(folder, "AB", EARLY, {"r1": said})
    assert votes_of(folder) == {"r1": "maybe"}
    text = (folder / "votes" / "AB.csv").read_text()
    assert text.splitlines()[0] == "record,stage,decision,reason,when,note"
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == ["include", "exclude", "maybe"]


def test_stages_are_apart_and_withdrawn_votes_do_not_count(tmp_path):
    folder = make_review(tmp_path)
    cast(folder, "AB", EARLY, {"r1": "include", "r2": "include"})
    cast(folder, "AB", LATE, {"r1": "exclude: protocol"})
    cast(folder, "AB", EARLY, {"r2": "withdrawn"})
    assert votes_of(folder) == {"r1": "include"}
    assert votes_of(folder, stage=LATE) == {"r1": "exclude"}


@pytest.mark.parametrize("initials", ["", "A B", "../x", "a/b", "é", "x" * 21, "-rf", "con", "A.B", "AB\n", "COM1"])
def test_initials_that_cannot_name_a_file_are_refused(tmp_path, initials):
    folder = make_review(tmp_path)
    with pytest.raises(InputError, match="initials"):
        save_vote(folder, initials, Vote(record="r1", stage=EARLY, decision=Choice.INCLUDE))
    assert not (folder / "votes").exists()
    assert check_reviewer("a-b-9") == "a-b-9"


def test_initials_that_differ_in_case_only_are_refused(tmp_path):
    folder = make_review(tmp_path)
    cast(folder, "AB", EARLY, {"r1": "include"})
    with pytest.raises(InputError, match="a reviewer “AB” already"):
        cast(folder, "ab", EARLY, {"r1": "include"})


ROWS = {
    "r1,abstract,include,,,": ("AB.csv, line 2, stage", "one of: title/abstract, full text"),
    "r1,full text,yes,,,": ("line 2, decision", "one of: include, exclude, maybe, withdrawn"),
    "r9,full text,include,,,": ("line 2, record", "unknown record “r9”"),
    "r1,full text,exclude,,,": ("line 2, reason", "no reason is given"),
    "r1,full text,exclude,protcol,,": ("line 2, reason", "did you mean “protocol”"),
    "r1,title/abstract,include,protocol,,": ("line 2, reason", "a reason stands beside “include”"),
    "r1,title/abstract,include": ("line 2", "fewer cells"),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_wrong_row_is_named_with_file_line_and_column(tmp_path, row):
    folder = make_review(tmp_path)
    (folder / "votes").mkdir()
    (folder / "votes" / "AB.csv").write_text(f"record,stage,decision,reason,when,note\n{row}\n")
    with pytest.raises(InputError) as caught:
        load_votes(folder, load_review(folder))
    for part in ("votes/AB.csv", *ROWS[row]):
        assert part in str(caught.value)


def test_a_file_made_by_hand_is_read_like_any_other(tmp_path):
    folder = make_review(tmp_path)
    (folder / "votes").mkdir()
    content = "\ufeffstage,record,decision\r\ntitle/abstract,https://pubmed.ncbi.nlm.nih.gov/1000002/,maybe\r\n"
    (folder / "votes" / "AB.csv").write_text(content, encoding="utf-8", newline="")
    assert votes_of(folder) == {"r2": "maybe"}
    with pytest.raises(InputError, match="no column “when”"):
        cast(folder, "AB", EARLY, {"r1": "include"})
    assert (folder / "votes" / "AB.csv").read_bytes() == content.encode()


def test_other_files_in_the_folder_are_told_not_guessed(tmp_path):
    folder = make_review(tmp_path)
    (folder / "votes").mkdir()
    (folder / "votes" / "AB (copy).csv").write_text("record,stage,decision\n")
    found, problems = read_votes(folder, load_review(folder))
    assert found == {}
    assert "AB (copy)" in str(problems[0])


def test_reasons_are_those_of_the_review_and_not_retrieved_at_full_text(tmp_path):
    review = load_review(make_review(tmp_path))
    assert reasons_at(EARLY, review) == REASONS
    assert reasons_at(LATE, review) == (*REASONS, NOT_RETRIEVED)


def test_vote_in_one_call(tmp_path):
    folder = make_review(tmp_path)
    saved = vote(folder, "AB", EARLY, "PMID: 1000001", Choice.EXCLUDE, reason="protocol", note="a\nb \x1b[31m")
    assert (saved.record, saved.reason, saved.note) == ("r1", "protocol", "a b")
    assert saved.when.endswith("Z")
    with pytest.raises(InputError, match="unknown record"):
        vote(folder, "AB", EARLY, "r99", Choice.INCLUDE)
    with pytest.raises(InputError, match="has not voted on r2"):
        vote(folder, "AB", EARLY, "r2", Choice.WITHDRAWN)
    with pytest.raises(InputError, match="no reason is given"):
        vote(folder, "AB", LATE, "r1", Choice.EXCLUDE, single=True)
    vote(folder, "AB", EARLY, "r1", Choice.WITHDRAWN)
    assert votes_of(folder) == {}


def test_vote_at_full_text_needs_a_record_that_came_so_far(tmp_path):
    folder = make_review(tmp_path, 2)
    with pytest.raises(InputError, match="too early for full texts: 2 of AB's"):
        vote(folder, "AB", LATE, "r1", Choice.INCLUDE)
    for name in ("AB", "CD"):
        cast(folder, name, EARLY, {"r1": "maybe", "r2": "exclude"})
    assert vote(folder, "AB", LATE, "r1", Choice.INCLUDE).record == "r1"
    with pytest.raises(InputError, match="r2 has not come to full text"):
        vote(folder, "AB", LATE, "r2", Choice.INCLUDE)


def test_a_full_disk_or_read_only_folder_is_said(tmp_path, monkeypatch):
    folder = make_review(tmp_path)
    cast(folder, "AB", EARLY, {"r1": "include"})
    before = (folder / "votes" / "AB.csv").read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="No space left"):
        cast(folder, "AB", EARLY, {"r2": "include"})
    assert (folder / "votes" / "AB.csv").read_bytes() == before
    assert [path.name for path in (folder / "votes").iterdir()] == ["AB.csv"]


def _vote_without_end(folder, started):
    for number in range(10_000):
        save_vote(
            folder, "AB", Vote(record=f"r{number % 4 + 1}", stage=EARLY, decision=Choice.INCLUDE, note=str(number))
        )
        started.value = number + 1


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 there")
def test_a_kill_loses_no_vote_that_was_saved(tmp_path):
    folder = make_review(tmp_path)
    context = multiprocessing.get_context("fork")
    for turn in range(5):
        started = context.Value("i", 0)
        process = context.Process(target=_vote_without_end, args=(folder, started))
        process.start()
        while started.value < 3 + turn:
            time.sleep(0.002)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        saved = started.value
        notes = [one.note for one in load_votes(folder, load_review(folder))["AB"].history]
        assert notes[:saved] == [str(number) for number in range(saved)]
        assert len(notes) <= saved + 1
        (folder / "votes" / "AB.csv").unlink()
