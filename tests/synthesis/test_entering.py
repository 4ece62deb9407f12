"""Rows typed by a person: does the file hold what was typed, is every fault told, can it be undone? All is synthetic."""

import csv
import io
import math

import pytest

from ketalit.checks import check_review
from ketalit.errors import InputError
from ketalit.pooling.effects import COLUMNS
from ketalit.records.model import Author, Date, Record, Section, to_json
from ketalit.review import load_review
from ketalit.synthesis.entering import FILE, HISTORY, enter, take_back
from ketalit.synthesis.terminal import Question, sit

MEANS = {"n1": "30", "mean1": "41", "sd1": "20", "n2": "30", "mean2": "48", "sd2": "22"}
NAMED = {"comparison": "IV ketamine vs placebo", "outcome": "pain", "time": "short", "measure": "MD"}
WHOLE = {**NAMED, **MEANS, "scale": "0-100", "better": "lower", "locator": "table 2"}


def record(key, last, text=""):
    return Record(
        source="person",
        key=key,
        title=f"Ketamine in invented pain: {key}",
        abstract=(Section(label="METHODS", text=text),) if text else (),
        authors=(Author(last=last, initials="A"),),
        doi=f"10.5555/{key}",
        published=Date(iso="2021", precision="year"),
    )


@pytest.fixture
def folder(tmp_path):
    """A review of three trials, one of them with its n in the abstract, one excluded."""
    records = [
        record("doe2021", "Doe", "We randomised 60 patients to ketamine or placebo. Pain was 41 (SD 20)."),
        record("doering2018", "Doering"),
        record("roe2020", "Roe"),
    ]
    (tmp_path / "review.toml").write_text('format = 1\ntitle = "Invented"\ndrugs = ["ketamine"]\n', encoding="utf-8")
    (tmp_path / "records.jsonl").write_bytes(b"".join(to_json(one) + b"\n" for one in records))
    (tmp_path / "screening.csv").write_text("record,decision\ndoe2021,include\nroe2020,exclude\n", encoding="utf-8")
    return tmp_path


def rows(folder, name=FILE):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(file)]


def typed(folder, answers, **more):
    """A sitting with answers (a bar is a line feed), and all that was shown."""
    out = io.StringIO()
    session = sit(folder, "AB", lines=io.StringIO(answers.replace("|", "\n") + "\n"), out=out, **more)
    return session, out.getvalue()


def test_the_file_holds_what_was_typed_and_gives_the_effect_that_was_shown(folder):
    kept = enter(folder, "10.5555/doe2021", WHOLE, who="AB")
    given = {**WHOLE, "study": "doe2021", "record": "doe2021", "window": "short term", "scale_low": "0"}
    given |= {"scale_high": "100", "source": "DOI:10.5555/doe2021", "checked": "one"}
    assert rows(folder) == [{name: cell for name, cell in given.items() if name in COLUMNS}]
    (row,) = load_review(folder).effects
    se = math.sqrt(20**2 / 30 + 22**2 / 30)
    assert kept.looked.effect[0].startswith(f"MD -7.0 (95 % CI {-7 - 1.96 * se:.1f} to {-7 + 1.96 * se:.1f})")
    assert kept.looked.effect[1].startswith("SMD (Hedges' g) -0.33 ")
    assert (row.time, row.n1, row.better, kept.line) == ("short term", 30, "lower", 2)
    assert [doubt.code for doubt in check_review(load_review(folder)) if doubt.file == FILE] == []


def test_other_lines_stay_byte_for_byte_and_missing_columns_are_added(folder):
    """As of a file that was made by hand, in a spreadsheet that writes a byte order mark and CRLF."""
    header = "study,record,comparison,outcome,measure,n1,mean1,sd1,n2,mean2,sd2"
    old = 'roe2020 , roe2020,IV ketamine vs placebo,"pain",MD,25,3.9,1.8,26,4.5,2.1'
    (folder / FILE).write_bytes(f"\ufeff{header}\r\n{old}\r\n\r\n".encode())
    enter(folder, "doe2021", WHOLE, who="AB")
    text = (folder / FILE).read_bytes().decode()
    added = ",window,scale_low,scale_high,better,source,locator,checked"
    assert text.startswith(f"\ufeff{header}{added}\r\n{old},,,,,,,\r\n\r\ndoe2021,doe2021,")
    assert [one.study for one in load_review(folder).effects] == ["roe2020", "doe2021"]


def test_a_row_is_taken_back_by_who_entered_it_only_as_it_was_entered(folder):
    enter(folder, "doe2021", WHOLE, who="AB")
    before = (folder / FILE).read_bytes()
    enter(folder, "doe2021", {**WHOLE, "outcome": "sleep"}, who="AB")
    with pytest.raises(InputError, match="CD entered no row"):
        take_back(folder, who="CD")
    assert take_back(folder, who="AB").outcome == "sleep"
    assert (folder / FILE).read_bytes() == before
    assert [one["outcome"] for one in rows(folder, HISTORY)] == ["pain", "sleep"]
    (folder / FILE).write_bytes(before.replace(b",41,", b",42,"))
    with pytest.raises(InputError, match="no row that still stands as it was entered"):
        take_back(folder, who="AB")


def test_the_same_row_is_not_written_twice(folder):
    enter(folder, "doe2021", WHOLE, who="AB")
    again = enter(folder, "doe2021", {**WHOLE, "outcome": "PAIN", "measure": "md"}, who="CD")
    assert (again.unchanged, again.line, len(rows(folder))) == (True, 2, 1)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"mean1": "4,1"}, "mean1: “4,1” cannot be taken. Expected: a number, with a decimal point."),
        ({"measure": "MDD"}, "measure: “MDD” cannot be taken, did you mean “MD”?"),
        ({"better": "more"}, "better: “more” cannot be taken. Expected: one of: lower, higher"),
        ({"scale": "wide"}, "scale: “wide” is no scale"),
        ({"shared": "0"}, "shared: no group is used by fewer than one comparison"),
        ({"outcome": ""}, "outcome: the cell is empty"),
        ({"sd1": "-20"}, "no effect follows: sd1 is -20. Expected: a number above 0"),
        ({"mean2": ""}, "no effect follows: mean2 is empty"),
        ({"spread": "unclear"}, "no effect follows: nobody knows whether"),
        ({"record": "nobody1999"}, "record: unknown record"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(folder, cells, said):
    with pytest.raises(InputError) as error:
        enter(folder, "doe2021", WHOLE | cells, who="AB")
    assert said in str(error.value)
    assert not (folder / FILE).exists()
    assert not (folder / HISTORY).exists()


def test_a_row_without_an_effect_can_be_kept_all_the_same(folder):
    kept = enter(folder, "doe2021", WHOLE | {"spread": "unclear"}, who="AB", anyway=True)
    assert kept.looked.effect == ()
    assert rows(folder)[0]["spread"] == "unclear"


def test_the_bundled_review_is_not_changed():
    with pytest.raises(InputError, match="not changed"):
        enter(load_review().path, "sigtermans2009", WHOLE, who="AB")


@pytest.mark.parametrize(
    ("study", "cells", "doubt"),
    [
        ("doe2021", {"n2": "31"}, "the groups have 61 people, the study 60 [people]"),
        ("doe2021", {"spread": "SEM"}, "have an SEM of 20, an SD of 110 [spread]"),
        ("doe2021", {"mean1": "410"}, "the mean 410 is outside the scale from 0 to 100 [range]"),
        ("doe2021", {"sd1": "3.6", "sd2": "4.1"}, "If it is an SEM, the SD is about 21. [sem]"),
        ("doe2021", {"better": "higher"}, "higher is better here, and lower in the other rows of this outcome"),
        ("doe2021", {"outcome": "pian"}, "a new outcome, “pian”, did you mean “pain”?"),
        ("doe2021", {"locator": "“pain was 40”"}, "“pain was 40” does not stand in the text that is held of doe2021"),
        ("doering2018", {}, "the trial stands in 2 rows that are pooled together [twice]"),
        ("roe2020", {}, "roe2020 is excluded in screening.csv"),
    ],
)
def test_what_is_odd_is_told(folder, study, cells, doubt):
    enter(folder, "doering2018", {**WHOLE, "mean1": "44", "mean2": "50"}, who="AB")
    found = enter(folder, study, WHOLE | cells, who="AB").looked.doubts
    assert any(doubt in one for one in found), found
    assert len(found) == 1 or {"mean1", "spread"} & cells.keys()  # 410 is far off too; both groups have an SEM


def test_an_effect_on_the_other_side_is_told_where_both_intervals_are_clear_of_none(folder):
    enter(folder, "doering2018", {**WHOLE, "mean1": "20"}, who="AB")
    for mean, told in (("80", True), ("50", False), ("20", False)):
        found = enter(folder, "doe2021", {**WHOLE, "mean1": mean}, who="AB").looked.doubts
        assert any("are groups, or ends of the scale, swapped? [direction]" in one for one in found) == told
        take_back(folder, who="AB")


def test_words_of_the_text_and_an_explanation_raise_nothing(folder):
    quoted = enter(folder, "doe2021", {**WHOLE, "locator": "“pain  was 41 (SD 20)”"}, who="AB")
    assert quoted.looked.doubts == ()
    explained = {**WHOLE, "outcome": "sleep", "sd1": "3.6", "sd2": "4.1", "note": "[sem] they say SD, and mean it"}
    assert not any("SEM" in one for one in enter(folder, "doe2021", explained, who="AB").looked.doubts)
    twins = {**WHOLE, "outcome": "mood", "n1": "31", "note": "[people] one came twice"}
    assert enter(folder, "doe2021", twins, who="AB").looked.doubts == ()


def test_a_minus_as_papers_print_it(folder):
    change = {**WHOLE, "score": "change", "mean1": "−4", "locator": "“−4 points”"}
    row = enter(folder, "doe2021", change, who="AB").looked.row
    assert (row.mean1, row.locator) == (-4, "“−4 points”")


@pytest.mark.parametrize(
    ("time", "hours", "window"),
    [("24 h", 24, ""), ("2 weeks", 336, ""), ("1d", 24, ""), ("long", None, "long term"), ("week 4", None, "week 4")],
)
def test_times(folder, time, hours, window):
    row = enter(folder, "doe2021", {**WHOLE, "time": time}, who="AB").looked.row
    assert (row.hours, row.window) == (hours, window)


THREE = (
    # the first in full; of the second, Enter takes what the first had; events have other questions
    "doe|1|IV ketamine vs placebo|pain|short term|md||0-100|lower||||30 41 20|30 48 (22)|table 2|a|"
    "doering||||||0-10|||||25 3.9 1.8|26; 4.5 ± 2.1|table 3|a|"
    "roe2020||nausea||RR|||3/30|1/31|-|-|page 5|a|"
)


def test_three_trials_typed_one_after_the_other(folder):
    session, text = typed(folder, THREE.replace("|-|-|page", "|page") + "q")
    assert session.saved == 3
    first, second, third = rows(folder)
    assert first.items() >= {**MEANS, "study": "doe2021", "window": "short term", "locator": "table 2"}.items()
    assert (
        second.items() >= {"n2": "26", "sd2": "2.1", "scale_high": "10", "outcome": "pain", "better": "lower"}.items()
    )
    assert third.items() >= {"events1": "3", "n1": "30", "events2": "1", "n2": "31", "outcome": "nausea"}.items()
    assert "MD -7.0 (95 % CI -17.6 to 3.6), points of 0 to 100, in favour of IV ketamine" in text
    assert "! roe2020 is excluded in screening.csv" in text
    assert "2 trials with this outcome and time." in text
    assert "3 rows saved." in text


def test_what_a_trial_has_of_its_own_is_not_taken_from_the_one_before(folder):
    """A spread, a scale, a design taken over by Enter would give another effect, and nobody would see it."""
    first = "doe2021|A vs B|pain|24 h|MD||0-100|lower|crossover|change|SEM|20 2.1 3|1 2||table 1|a|"
    session, _ = typed(folder, first + "doering|||||||||||20 39 18|20 45 21|table 2|a|q")
    assert session.saved == 2
    assert rows(folder)[1].items() >= {"spread": "SD", "design": "parallel", "score": "final", "hours": "24"}.items()
    assert "scale_low" not in rows(folder)[1]


def test_crossovers_and_printed_comparisons_have_their_own_questions(folder):
    crossover = "doe2021|A vs B|pain|24 h|MD||-|lower|crossover|change|CI|20 -2.1 -3 -1.2|-1 -2 0|0.6|table 1|a|"
    printed = "doe2021||walking||MD|2|-||-1.5 (-2.9 to -0.1)|-|figure 2|a|"
    session, _ = typed(folder, crossover + printed + "q")
    assert session.saved == 2
    first, second = rows(folder)
    assert first.items() >= {"n1": "20", "low1": "-3", "mean2": "-1", "r": "0.6", "design": "crossover"}.items()
    assert "n2" not in first
    assert second.items() >= {"estimate": "-1.5", "ci_low": "-2.9", "ci_high": "-0.1"}.items()


def test_two_doses_are_taken_as_one_group(folder):
    """Their people together have the mean and SD that follow from all of them, as in the Handbook, section 6.5.2.10."""
    low, high = [20.0, 35.0, 50.0, 80.0], [10.0, 30.0, 65.0]

    def printed(values):
        mean = sum(values) / len(values)
        return len(values), mean, math.sqrt(sum((one - mean) ** 2 for one in values) / (len(values) - 1))

    group = " + ".join(" ".join(f"{one:.12g}" for one in printed(values)) for values in (low, high))
    answers = f"doe2021|A vs B|pain|-|MD||0-100|lower||||{group}|30 48 22|table 2|n more|a|q"
    session, _ = typed(folder, answers)
    (row,) = rows(folder)
    assert session.saved == 1
    assert [float(row[one]) for one in ("n1", "mean1", "sd1")] == pytest.approx(list(printed(low + high)))
    assert row["note"] == f"group1: {group} taken as one; more"
    _, text = typed(folder, "doe2021|A vs B|sleep|-|MD||0-100|lower|||SEM|30 41 20 + 29 45 18|q")
    assert "7 numbers given" in text  # SEMs of two groups are not those of one


def test_going_back_correcting_noting_undoing_and_forgetting(folder):
    start = "doe2021|A vs B|pian|<|pain|-|MD||0-100|lower||||30 41 2|30 48 2.2|table 2|"
    keys = "x|?|c sd3 20|c sd1 x|c sd1 20|c sd2 22|n [people] all|c|note see page 3|a|u|doe2021"
    session, text = typed(folder, f"{start}{keys}|q")
    assert (session.saved, session.undone) == (1, 1)
    assert rows(folder) == []
    (kept,) = rows(folder, HISTORY)
    assert kept.items() >= {"sd1": "20", "sd2": "22", "note": "see page 3", "outcome": "pain", "who": "AB"}.items()
    for part in ("is none of the keys", "No column “sd3”, did you mean “sd", "Nothing changed.", "Taken back"):
        assert part in text
    session, text = typed(folder, f"{start}s|q")
    assert (session.saved, rows(folder)) == (0, [])


def test_a_row_that_gives_no_effect_is_saved_only_when_that_is_said(folder):
    answers = "doe2021|A vs B|pain|-|MD||0-100|lower|||unclear|30 41 20|30 48 22|table 2|a|a anyway|q"
    session, text = typed(folder, answers)
    assert "“a anyway” saves it as it is. Nothing saved." in text
    assert (session.saved, len(rows(folder))) == (1, 1)


def test_input_that_ends_anywhere_loses_only_what_was_not_accepted(folder):
    answers = THREE.replace("|-|-|page", "|page").split("|")
    for end in range(0, len(answers), 7):
        for name in (FILE, HISTORY):
            (folder / name).unlink(missing_ok=True)
        session, _ = typed(folder, "|".join(answers[:end]))
        assert session.saved == (len(rows(folder)) if (folder / FILE).exists() else 0)
        load_review(folder)


def test_a_study_nobody_knows_and_one_that_several_may_be(folder):
    _, text = typed(folder, "zoe|doe2012|doe|3|doe|1|q")
    assert "No record is called “zoe”" in text
    assert "did you mean “doe2021”?" in text
    assert "2  doering2018: Doering 2021" in text


def test_as_many_numbers_as_are_asked_for():
    asked = Question("group1", "drug: n mean SD", ("n1", "mean1", "sd1"), needed=True)
    for answer in ("30 41", "30 41 20 5", "", "-"):
        with pytest.raises(InputError):
            asked.cells(answer)
