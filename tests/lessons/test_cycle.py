"""Lesson 9 against the files of the synthetic review, the commands a reviewer would run, and arithmetic by hand."""

import csv
import os
import re
import shutil

import pytest

from ketalit.errors import InputError
from ketalit.extraction import accept
from ketalit.lessons.cycle import (
    ALL,
    CHANGE_IT,
    CHANGED,
    COUNTED,
    DRIFT,
    EXCLUDED,
    KEEP_NOTED,
    KEEP_READ,
    KEPT,
    MAY,
    NOVEMBER,
    NOW,
    OUT,
    PARTS,
    SCREENED,
    STRUCK,
    THEN,
    WAITING,
    WORDS,
    AfterDecisions,
    ChangedText,
    Timeline,
    YourReview,
    cost,
)
from ketalit.lessons.question import Check, Predict, bank
from ketalit.prisma import count_prisma
from ketalit.refresh import refresh, refresh_demo
from ketalit.refresh.demo import SYNTHETIC, Recorded
from ketalit.refresh.wording import headline
from ketalit.review import load_review, new_review
from ketalit.screening import Choice, Stage, vote, write_decisions
from ketalit.table import evidence_table

PEOPLE = {  # read in the abstracts of pubmed-2026-05-01.xml
    "Amber 2015": 60, "Basalt 2016": 24, "Coral 2017": 40, "Dolomite 2018": 112, "Flint 2020": 8, "Garnet 2021": 44,
    "Iolite 2023": 30,
}  # fmt: skip


@pytest.fixture
def november(tmp_path):
    folder = tmp_path / "review"
    refresh_demo(folder)
    return folder


def counted(words):
    """Studies and people of the line below a table."""
    return tuple(map(int, re.search(r"(\d+) stud\w+ .*?; (\d+) people", words).groups()))


def edit(path, change):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# --- the report ---------------------------------------------------------------------------------------------------


def test_the_timeline_says_what_the_readme_of_the_synthetic_review_says():
    told = re.findall(r"^\| (\w+ \d{4}) \| (.+?) \|$", (SYNTHETIC / "README.md").read_text(encoding="utf-8"), re.M)
    begins = {
        "retracted": "retracted", "an erratum": "corrected", "an expression of concern": "expression of concern",
        "superseded": "superseded", "gone": "gone", "new": "new to screen", "indexed": "minor",
        "six patients": "text changed under checked values", "nothing": "as it was", "unchanged, but a search": DRIFT,
    }  # fmt: skip
    kinds = Timeline().frame().set_index("citation")["in_november"]
    assert len(told) == 10
    for citation, what in told:
        assert kinds[citation] == next(kind for begin, kind in begins.items() if what.startswith(begin))


def test_the_order_is_that_of_the_report_and_the_retraction_comes_first():
    records = list(Timeline().frame()["record"])
    assert records[0] == "basalt2016"
    order = [change.record for change in refresh_demo().changes]
    assert [record for record in records if record in order] == order


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_said_and_drawn_alike(part):
    panel = Timeline(part=part)
    assert panel.picture.description == panel.view.words
    assert len(panel.seen().split()) <= 45
    shown = panel.frame().query("shown")
    assert len(shown) == {ALL: 11, "new to screen": 3}.get(part, 1)
    if part != ALL:
        assert all(name in panel.seen() for name in shown["citation"])


def test_in_may_nothing_had_happened_whatever_part_is_asked_for():
    panel = Timeline(day=MAY, part="retracted")
    assert "Nothing changed in this first refresh: 2 searches, 9 records, 4 requests" in panel.seen()
    assert not panel.frame()["shown"].any()
    assert "retracted" not in panel.picture.svg.partition("</desc>")[2].replace("Shown: retracted", "")


def test_two_parts_change_the_table_by_themselves():
    moved = [part for part in PARTS[1:] if "The table counts as before" not in Timeline(part=part).seen()]
    assert moved == ["retracted", "text changed under checked values"]


def test_the_search_that_drifted_found_as_many_as_before():
    svg = Timeline(part=DRIFT).picture.svg
    assert "NCBI reads the query in another way" in svg
    before, now = (set(Recorded(SYNTHETIC, day)._day.searches[1].ids) for day in ("2026-05-01", "2026-11-01"))
    assert len(before) == len(now) == 5
    assert before - now == {"99000009"}  # Iolite 2023


def test_state_code_and_a_wrong_part():
    panel = Timeline(day=MAY, part=DRIFT)
    other = Timeline()
    other.restore(panel.code)
    assert other.seen() == panel.seen()
    other.part.value = "improved"
    assert "“improved” is not offered" in other.seen()
    assert other.part.value == DRIFT


# --- the changed text ----------------------------------------------------------------------------------------------


def test_the_texts_are_those_of_the_two_xml_files_with_the_quote_framed_where_it_stands():
    changed = ChangedText()
    for shown, day, quoted in ((THEN, "2026-05-01", True), (NOW, "2026-11-01", False)):
        changed.text.value = shown
        xml = (SYNTHETIC / f"pubmed-{day}.xml").read_text(encoding="utf-8")
        sentence = re.search(r"In this double-blind, placebo-controlled, parallel-group trial \d+ .+?\.", xml).group()
        assert sentence[:70] in changed.seen().replace("  ", " ")
        assert ("<mark>" in changed.shown.value) is quoted


def test_what_changed_shows_old_and_new_numbers():
    changed = ChangedText()
    assert changed.text.value == WORDS
    for gone, new in (("60", "54"), ("-1.4", "-0.6"), ("0.01", "0.28")):
        assert f"<del>{gone}</del> <ins>{new}</ins>" in changed.shown.value


def test_of_three_values_two_have_lost_their_quotes():
    changed = ChangedText()
    found = {}
    for title in changed.values:
        changed.value.value = title
        found[title] = "no longer stands" in changed.seen()
    assert found == {"n randomised": True, "Result": True, "Follow-up": False}


def test_a_wrong_decision_is_answered_and_leaves_no_trace_until_a_defensible_one_is_taken():
    changed = ChangedText()
    changed.decide("nothing: a person has checked it")
    assert "Think again" in changed.seen()
    assert not changed.log.value
    changed.decide(CHANGE_IT)
    assert "That can be defended" in changed.seen()
    assert "+ amber2015,n_randomised,54" in changed.seen()
    with pytest.raises(InputError, match="is not one of the answers"):
        changed.decide("improve it")


def test_every_defensible_line_of_the_log_can_stand_in_the_file(november):
    """Each line is put into extraction.csv in place of the old one, and the review still reads."""
    path = november / "extraction.csv"
    changed = ChangedText()
    for title, question in changed.questions.items():
        changed.value.value = title
        for option in question.item["answers"]:
            if not option["correct"]:
                continue
            changed.decide(option["answer"])
            old, new = re.findall(r"<(?:del|ins)>[−+] (.*?)</(?:del|ins)>", changed.log.value)
            old, new = (text.replace("&quot;", '"') for text in (old, new))
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1
            path.write_text(text.replace(old, new), encoding="utf-8")
            load_review(november)
            path.write_text(text, encoding="utf-8")


def test_keeping_keeps_the_value():
    changed = ChangedText()
    changed.decide(KEEP_NOTED)
    assert "+ amber2015,n_randomised,60" in changed.seen()
    changed.value.value = "Follow-up"
    changed.decide(KEEP_READ)
    assert "+ amber2015,followup,12 weeks" in changed.seen()


def test_a_value_of_somebody_else_is_added_beside_the_old_one_as_the_panel_says(november):
    accept(november, "amber2015", "n_randomised", value=54, who="AB")
    table = evidence_table(load_review(november), view="full")
    first, *others = table.candidates()["amber2015", "n_randomised"]
    assert (first.text, first.conflict) == ("60", True)
    assert "54" in {other.text for other in others}


# --- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", [WAITING, SCREENED])
@pytest.mark.parametrize("checked", [KEPT, CHANGED])
@pytest.mark.parametrize("concern", [COUNTED, OUT])
@pytest.mark.parametrize("retracted", [STRUCK, EXCLUDED])
def test_the_totals_are_sums_that_can_be_done_by_hand(new, checked, concern, retracted):
    panel = AfterDecisions(new=new, checked=checked, concern=concern, retracted=retracted)
    people = dict(PEOPLE)
    del people["Basalt 2016"]  # retracted: counted neither struck through nor left out
    if new == SCREENED:
        people["Jasper 2026"] = 84
    if checked == CHANGED:
        people["Amber 2015"] = 54
    if concern == OUT:
        del people["Dolomite 2018"]
    assert counted(panel.view.words) == (len(people), sum(people.values()))
    assert f"On {MAY}: 7 studies (7 reports); {sum(PEOPLE.values())} people" in panel.seen()
    assert len(panel.view.words.split()) <= 45
    assert panel.picture.description == panel.view.words
    rows = panel.frame().set_index("study")
    assert rows.query("counted_now")["people_now"].sum() == sum(people.values())


def test_the_files_edited_by_hand_give_the_same_table_and_the_same_flow(november):
    def screen(rows):
        for row in rows:
            if row["record"] == "basalt2016":
                row.update(decision="exclude", reason="retracted")
        names = dict.fromkeys(rows[0], "")
        rows += [
            names | {"record": "PMID:99000010", "decision": "include"},
            names | {"record": "PMID:99000011", "decision": "exclude"},
            names | {"record": "PMID:99000012", "decision": "exclude"},
        ]

    def extract(rows):
        rows[0].update(value="54", quote="54 patients", who="AB")
        rows[2].update(value="mean difference -0.6 (-1.7 to 0.5) on a scale of 0-10 at 12 weeks")

    edit(november / "screening.csv", screen)
    edit(november / "extraction.csv", extract)
    table = evidence_table(load_review(november), view="outcomes")
    panel = AfterDecisions(new=SCREENED, checked=CHANGED, retracted=EXCLUDED)
    assert panel.view.words.startswith(f"{table.totals}. ")
    flow = count_prisma(november)
    assert (flow.databases.identified, flow.databases.duplicates, flow.studies) == (16, 5, 7)
    assert "Records identified by searches 12 16 Duplicates among them 4 5" in panel.seen()
    assert "Records without any decision 0 0 Studies included 7 7" in panel.seen()


def test_the_commands_bring_the_trial_into_the_same_table(november):
    vote(november, "AB", Stage.TITLE_ABSTRACT, "epidote2019", Choice.EXCLUDE)
    vote(november, "AB", Stage.TITLE_ABSTRACT, "PMID:99000010", Choice.INCLUDE)
    for record in ("PMID:99000011", "PMID:99000012"):
        vote(november, "AB", Stage.TITLE_ABSTRACT, record, Choice.EXCLUDE)
    vote(november, "AB", Stage.FULL_TEXT, "PMID:99000010", Choice.INCLUDE, single=True)
    write_decisions(november, single=True, partial=True)
    table = evidence_table(load_review(november), view="outcomes")
    assert AfterDecisions(new=SCREENED).view.words.startswith(f"{table.totals}. ")


def test_with_the_values_kept_the_row_holds_halves_of_two_texts():
    torn = AfterDecisions().picture.svg
    assert "−1.4 (−2.4 to −0.4)" in torn
    assert "no significant difference" in torn
    assert "contradicts itself" in AfterDecisions().seen()
    whole = AfterDecisions(checked=CHANGED)
    assert "−0.6 (−1.7 to 0.5)" in whole.picture.svg
    assert "contradicts itself" not in whole.seen()


def test_the_sentences_for_the_methods_follow_the_decisions():
    panel = AfterDecisions()
    assert "12 asked for, 11 returned" in panel.seen()
    assert "have not been screened yet" in panel.seen()
    panel.example.value = "everything decided"
    assert "1 was included; 1 review and 1 retraction notice were left out" in panel.seen()
    assert "two were changed, one was kept" in panel.seen()
    assert "have not been screened yet" not in panel.seen()
    panel.concern.value = OUT
    assert "an expression of concern and was left out" in panel.seen()
    panel.reset.click()
    assert "have not been screened yet" in panel.seen()


def test_the_flow_stands_in_the_widget_and_in_the_twin():
    panel = AfterDecisions()
    assert panel.flow in panel.widget().children
    assert panel.widget() is panel.widget()
    assert "Records identified by searches" in panel.twin()


# --- a review of one's own ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-05-01", "2026-11-01"])
def test_what_a_refresh_would_ask_is_what_a_dry_run_asks(november, day):
    asked = refresh(november, Recorded(november, day), dry_run=True).counts
    told = cost(november)
    assert (told.requests, told.records, told.nameless) == (asked.requests, asked.asked, asked.nameless)


def test_each_500_records_cost_a_request(tmp_path):
    folder = tmp_path / "review"
    shutil.copytree(SYNTHETIC, folder)
    lines = [f"PMID:{80000001 + number},exclude,,,,," for number in range(492)]  # with 9 known ones: 501
    with (folder / "screening.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    assert (cost(folder).records, cost(folder).requests) == (501, 1 + 2 + 2)
    assert "5 requests" in YourReview(folder).seen()


def test_a_review_without_searches_is_told_so(tmp_path):
    folder = new_review(tmp_path / "mine")
    text = (folder / "review.toml").read_text(encoding="utf-8")
    (folder / "review.toml").write_text(text.partition("[[searches]]")[0], encoding="utf-8")
    seen = YourReview(folder).seen()
    assert "Without a saved search nothing new can be found" in seen
    assert "--save broad" in seen
    assert cost(folder).databases == cost(folder).searches == 0


def test_the_review_that_was_chosen_is_the_one_that_is_read(november, monkeypatch):
    monkeypatch.setenv("KETALIT_REVIEW", str(november))
    seen = YourReview().seen()
    assert "last refreshed on 2026-11-01" in seen
    assert f"ketalit refresh {november} --dry-run" in seen
    assert "ketalit new" not in seen


def test_a_folder_that_is_no_review_is_said_in_words(tmp_path):
    assert "This review cannot be read." in YourReview(tmp_path / "none").seen()
    (tmp_path / "review.toml").write_text("format = 'old'", encoding="utf-8")
    assert "This review cannot be read." in YourReview(tmp_path).seen()


def test_nothing_is_written_into_the_package_or_where_one_is(tmp_path, monkeypatch):
    before = sorted((path.name, path.stat().st_mtime_ns) for path in SYNTHETIC.iterdir())
    monkeypatch.chdir(tmp_path)
    changed = ChangedText()
    changed.decide(CHANGE_IT)
    AfterDecisions(new=SCREENED)
    YourReview()
    assert sorted((path.name, path.stat().st_mtime_ns) for path in SYNTHETIC.iterdir()) == before
    assert not os.listdir(tmp_path)


# --- questions ------------------------------------------------------------------------------------------------------


def test_a_prediction_locks_the_panel_and_is_compared():
    predict = Predict("09", "told-first", Timeline())
    assert predict.locked
    predict.answer("the retracted trial", confidence=60)
    assert not predict.locked
    predict.compare.click()
    assert "You predicted “the retracted trial”, 60 % sure." in predict.seen()
    assert headline(refresh_demo()) in predict.seen()


def test_the_prediction_that_is_right_is_the_first_of_the_report():
    (right,) = (one["answer"] for one in bank("09")["told-first"]["answers"] if one["correct"])
    assert right.removeprefix("the ").partition(" ")[0] == Timeline().frame()["in_november"].iloc[0]


def test_the_number_asked_for_is_the_one_the_panel_shows():
    check = Check("09")
    panel = AfterDecisions(new=SCREENED, checked=CHANGED, concern=OUT, retracted=EXCLUDED)
    _, people = counted(panel.view.words)
    check.questions["people-left"].answer(people)
    assert "Right." in check.seen()
    for wrong, settings in (
        (372, {"concern": COUNTED}), (266, {"checked": KEPT}), (176, {"new": WAITING}),
    ):  # fmt: skip
        panel.set(new=SCREENED, checked=CHANGED, concern=OUT, retracted=EXCLUDED)
        panel.set(**settings)
        assert counted(panel.view.words)[1] == wrong
        assert wrong in {one.get("value") for one in bank("09")["people-left"]["answers"]}


def test_the_bank_has_a_transfer_item_and_feedback_for_each_wrong_answer():
    items = bank("09")
    kinds = [item["kind"] for item in items.values()]
    assert (kinds.count("predict"), kinds.count("transfer")) == (1, 1)
    assert 3 <= len(kinds) - 1 <= 5
    assert all(answer.get("feedback") for item in items.values() for answer in item["answers"])


def test_both_days_are_named_as_in_the_timeline_file():
    assert (MAY, NOVEMBER) == ("1 May 2026", "1 November 2026")
    dates = re.findall(r'^date = "(.+?)"', (SYNTHETIC / "timeline.toml").read_text(encoding="utf-8"), re.M)
    assert dates == ["2026-05-01", "2026-11-01"]
