"""Lesson 8 as a learner works it: grades stay hidden until given, no verdict is invented, the map counts as the map does."""

import json
from pathlib import Path

import pytest

from ketalit.claims import checked_claims
from ketalit.errors import InputError
from ketalit.lessons import clinic, question
from ketalit.lessons.chosen import REVIEW
from ketalit.lessons.clinic import (
    EVERY,
    FEW,
    FOLLOWUP,
    GRADES,
    HARMS,
    LONGEST,
    MINE,
    ROUTE,
    TRIALS,
    Calibration,
    ClaimCards,
    Gaps,
    PageAudit,
    Rewrite,
    absolutes,
    check_list,
)
from ketalit.lessons.clinic.calibration import _LEARNERS, _wilson
from ketalit.lessons.clinic.cards import _back
from ketalit.lessons.question import Check, Predict, answers, bank, judge
from ketalit.mapping import evidence_map
from ketalit.review import load_review
from ketalit.vocabulary import Verdict

from .reading import described

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SYNTHETIC = NOTEBOOKS / "synthetic-clinic-page.md"
CLINIC_PAGES = Path(__file__).parents[3] / "shared" / "clinic_pages"
LEARNERS = list(_LEARNERS)
VERDICTS = [verdict for verdict in Verdict if verdict is not Verdict.SUPPORTED]  # that one is an everyday word


@pytest.fixture(scope="module")
def review():
    return load_review()


@pytest.fixture(autouse=True)
def fresh_log(monkeypatch):
    monkeypatch.setattr(question, "_LOG", [])


@pytest.fixture
def folder(tmp_path):
    """A review on something else, made up: three claims, no studies."""
    (tmp_path / "review.toml").write_text(
        'format = 1\ntitle = "Toy drug for hiccups"\nquestion = "Does it help?"\ndrugs = ["toyal"]\n'
    )
    (tmp_path / "records.jsonl").write_text(
        json.dumps({"source": "person", "key": "toy1", "title": "Toyal and hiccups <b>", "year": 2001}) + "\n"
    )
    (tmp_path / "claims.csv").write_text(
        "id,page,claim,topic,verdict,explanation,basis,locators,would_change\n"
        "A1,p,Toyal stops hiccups <i>for good</i>,effect,overstated,For an hour & no longer,,,A trial of a week\n"
        "A2,p,Toyal is a powder,form,supported,It is,,,\n"
        "A3,p,Toyal tunes the diaphragm,effect,unsupported,Nobody looked,,,A recording\n"
    )
    return tmp_path


# --- claim cards ------------------------------------------------------------------------------------------------------


def sent(cards):
    """All that the browser holds of the cards and their open question."""
    widgets = [cards.where, cards.card, cards.told, cards.topic, *cards.slot.children]
    return json.dumps([one.get_state() for one in widgets], default=repr)


def test_verdict_and_reason_stay_in_the_kernel_until_a_grade_is_given(review):
    cards = ClaimCards()
    cards.open("K36")
    claim = next(one.claim for one in checked_claims(review) if one.claim.id == "K36")
    assert claim.claim in cards.seen()
    assert claim.explanation not in sent(cards)
    assert "contradicted" not in cards.card.value
    cards.grade("contradicted", confidence=80)
    assert claim.explanation in cards.seen()
    assert claim.would_change in cards.seen()
    assert claim.when in cards.seen()


def test_a_card_links_every_record_it_rests_on_with_its_place(review):
    cards = ClaimCards()
    cards.open("K09")
    cards.grade("supported")
    basis = next(one.basis for one in checked_claims(review) if one.claim.id == "K09")
    for base in basis:
        assert str(base) in cards.seen()
        assert not base.link or f'href="{base.link}"' in cards.card.value


@pytest.mark.parametrize(
    ("name", "given", "taught"),
    [
        ("K17", "contradicted", "absence of evidence is not evidence of absence"),
        ("K17", "supported", "A mechanism is a reason to look"),
        ("K36", "unsupported", "it points the other way"),
        ("K51", "supported", "neighbours"),
        ("K51", "partly supported", "compare the reasons"),
    ],
)
def test_a_grade_is_met_with_the_difference_it_makes(name, given, taught):
    cards = ClaimCards()
    cards.open(name)
    cards.grade(given)
    assert taught in cards.seen()


@pytest.mark.parametrize("given", list(GRADES))
@pytest.mark.parametrize("verdict", list(GRADES))
def test_every_pair_of_grades_has_words(given, verdict):
    assert _back(given, verdict)


def test_a_grade_counts_once_and_stays_with_its_claim():
    cards = ClaimCards(topic="addiction")
    cards.grade("supported", confidence=90)
    cards.grade("contradicted", confidence=10)
    assert answers()["given"].tolist() == ["supported"]
    cards.next.click()
    assert cards.card.value == ""
    assert cards.next.disabled
    cards.previous.click()
    assert "You said “supported”, 90 % sure" in cards.seen()


def test_grades_are_logged_as_right_where_the_review_agrees():
    cards = ClaimCards()
    for name, given in (("K36", "contradicted"), ("K17", "supported")):
        cards.open(name)
        cards.grade(given, confidence=70)
    assert answers()[["item", "correct", "confidence"]].to_numpy().tolist() == [["K36", True, 70], ["K17", False, 70]]
    assert "2 claims graded, 1 as the review has it; on average you were 70 % sure" in cards.seen()


def test_all_seven_verdicts_can_be_given():
    assert set(GRADES) == set(Verdict)


def test_a_claim_or_grade_that_is_none_is_told():
    cards = ClaimCards()
    with pytest.raises(InputError, match="no claim “K999”"):
        cards.open("K999")
    with pytest.raises(InputError, match="not one of the answers"):
        cards.grade("nonsense")
    cards.topic.value = "astrology"
    assert "not offered" in cards.topic.message


# --- any review -------------------------------------------------------------------------------------------------------


def test_every_part_works_on_another_review(folder, monkeypatch):
    monkeypatch.setenv(REVIEW, str(folder))
    cards = ClaimCards()
    assert "Toyal stops hiccups <i>for good</i>" in cards.seen()
    cards.grade("overstated")
    assert "&lt;b&gt;" not in cards.card.value
    assert "For an hour &amp; no longer" in cards.card.value
    page = PageAudit()
    page.paste("Toyal tunes the diaphragm. Toyal cures gout.")
    assert [one.verdicts for one in page.audit.statements] == [(Verdict.UNSUPPORTED,), ()]
    box = Rewrite()
    assert list(box.claims) == ["A1: Toyal stops hiccups <i>for good</i>", "A3: Toyal tunes the diaphragm"]
    gaps = Gaps()
    assert "Of 88 cells of condition by route, 88 hold no randomised trial, 88 no study at all" in gaps.seen()
    assert "Toy drug for hiccups" in gaps.picture.svg


def test_a_review_without_claims_says_so(folder, monkeypatch):
    (folder / "claims.csv").unlink()
    monkeypatch.setenv(REVIEW, str(folder))
    cards = ClaimCards()
    assert "holds no claims" in cards.seen()
    assert "holds no claims" in cards.twin()
    with pytest.raises(InputError, match="no claims"):
        cards.grade("supported")
    assert "no claim to be rewritten" in Rewrite().seen()
    assert "missing" in Rewrite().seen()
    with pytest.raises(InputError, match="takes a sentence of your own"):
        Rewrite("K23")


# --- a page -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page():
    page = PageAudit(SYNTHETIC)
    page.check.click()
    return page


def verdict_of(page, words):
    return next(one.verdicts for one in page.audit.statements if words in one.text)


def test_the_page_that_ships_says_that_it_is_made_up(page):
    assert "SYNTHETIC" in page.page.value.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "verdicts"),
    [
        ("resets the brain", (Verdict.UNSUPPORTED,)),
        ("no chance of becoming addicted", (Verdict.CONTRADICTED,)),
        ("2 mg/kg over an hour", (Verdict.MIS_STATED,)),
        ("up to three months", (Verdict.PARTLY,)),
        ("up to three years", ()),
        ("relieves chronic pain for good", ()),
        ("daily functioning", (Verdict.CONTRADICTED,)),
        ("Blood pressure", (Verdict.SUPPORTED,)),
        ("blood thinners", ()),
    ],
)
def test_the_page_that_ships_has_every_kind_of_statement(page, words, verdicts):
    assert verdict_of(page, words) == verdicts


def test_no_verdict_is_in_the_browser_before_the_page_is_held_against_the_review():
    page = PageAudit(SYNTHETIC)
    shown = json.dumps([one.get_state() for one in (page.found, page.page)], default=repr)
    assert not any(str(verdict) in shown for verdict in VERDICTS)
    assert not any(str(verdict) in repr(page) for verdict in VERDICTS)
    page.check.click()
    assert all(str(verdict) in page.seen() for verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED))
    page.reset.click()
    assert not any(str(verdict) in page.seen() for verdict in VERDICTS)


def test_a_page_without_a_kernel_keeps_its_verdicts_folded():
    open_part, folded = PageAudit(SYNTHETIC).twin().split("<details>", 1)
    assert "resets the brain" in open_part
    assert not any(str(verdict) in open_part for verdict in VERDICTS)
    assert str(Verdict.CONTRADICTED) in folded


def test_it_says_what_the_review_does_not_know(page):
    assert "not yet checked" in page.seen()
    assert "it gives another number: its verdict does not carry over" in page.seen()


def test_a_sentence_nobody_checked_gets_no_verdict():
    page = PageAudit()
    page.paste("Ketamine cures hiccups.")
    assert "not yet checked" in page.seen()
    assert not any(str(verdict) in page.seen() for verdict in Verdict)


def test_a_pasted_page_cannot_write_into_the_notebook():
    page = PageAudit()
    page.paste("Ketamine cures <script>alert(1)</script> hiccups & <img src=x onerror=alert(1)> pain in 3 weeks.")
    assert "<script" not in page.found.value
    assert "<img" not in page.found.value


def test_nothing_huge_or_headings_only_is_met_with_words():
    page = PageAudit()
    assert "Paste the text" in page.seen()
    page.paste("Welcome")
    assert "No sentence of it can be checked" in page.seen()
    page.paste("There is no chance of addiction to ketamine. " * (LONGEST // 40))
    assert f"first {LONGEST:,} letters" in page.seen()
    page.reset.click()
    assert "Paste the text" in page.seen()


def test_a_page_that_is_not_there_is_told():
    with pytest.raises(InputError, match="cannot be read"):
        PageAudit("no-such-page.md")


def test_no_sentence_of_the_real_pages_is_in_the_lesson():
    if not CLINIC_PAGES.is_dir():
        pytest.skip("the clinic pages lie outside the repository")
    code = Path(clinic.__file__).parent.glob("*.py")
    ours = [SYNTHETIC, NOTEBOOKS / "08-claim-clinic.py", question.BANK / "08.json", *code]
    text = " ".join(" ".join(path.read_text(encoding="utf-8").replace("# ", " ").split()).lower() for path in ours)
    for path in CLINIC_PAGES.glob("*.txt"):
        words = path.read_text(encoding="utf-8", errors="replace").lower().split()
        for at in range(len(words) - 8):
            assert " ".join(words[at : at + 9]) not in text


# --- rewriting --------------------------------------------------------------------------------------------------------

GOOD = (
    "In 60 people with CRPS, about 0.3 mg/kg/h over 4 days lowered pain by 2.8 points of 10 more than placebo at week 1; "
    "in week 12 no significant difference was left. Certainty: one small trial."
)


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("dose", "about 0.3 mg/kg/h over 4 days "),
        ("number", "60 "),
        ("comparator", " more than placebo"),
        ("certainty", " Certainty: one small trial."),
    ],
)
def test_a_part_taken_out_is_missed_and_no_other(part, without):
    assert all(one.found for one in check_list(GOOD))
    assert without in GOOD
    assert [one.name for one in check_list(GOOD.replace(without, "")) if not one.found] == [part]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", set()),
        ("Ketamine relieves pain.", set()),
        ("It helps in chronic pain.", set()),
        ("It helped in neuropathic pain.", {"population"}),
        ("A 40 mg dose was given.", {"dose"}),
        ("Twelve healthy volunteers took part.", {"population"}),
        ("n = 12", {"number"}),
        ("More than 60 % felt better.", {"size"}),
        ("It was no better than saline.", {"comparator", "size"}),
        ("Relief for 3 months.", {"time"}),
        ("It may help; low to very low certainty.", {"certainty"}),
        ("MD −1.8 (95 % CI −2.4 to −1.3)", {"size", "certainty"}),
    ],
)
def test_the_check_list_finds_what_a_reader_finds(text, parts):
    assert {one.name for one in check_list(text) if one.found} >= parts
    assert not parts or {one.name for one in check_list(text) if one.found} <= parts | {"number", "size"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It always cures everyone.", ("always", "cures", "everyone")),
        ("There is no chance of harm.", ("no chance",)),
        ("It is not proven, with low certainty.", ()),
        ("There is no evidence of that.", ()),
        ("Pain was lower.", ()),
    ],
)
def test_words_that_leave_no_doubt(text, words):
    assert absolutes(text) == words


def test_the_box_says_whether_the_claim_is_still_made():
    box = Rewrite("K23")
    assert "It still says what the claim says." in box.seen()
    assert "dramatically, eliminate" in box.seen()
    box.write(GOOD)
    assert "7 of 7 parts found. By its words it is another statement" in box.seen()
    assert "leave no doubt" not in box.seen()


def test_the_claim_stands_whole_and_its_verdict_waits_for_a_first_try(review):
    claim = next(one.claim for one in checked_claims(review) if one.claim.id == "K23")
    box = Rewrite("K23")
    assert f"“{claim.claim}”" in box.seen()
    assert box.look.disabled
    box.look.click()
    assert not any(str(verdict) in box.seen() for verdict in VERDICTS)
    box.write(GOOD)
    assert not box.look.disabled
    assert claim.explanation not in box.seen()
    box.look.click()
    assert "Verdict: overstated" in box.seen()
    assert claim.explanation in box.seen()
    box.reset.click()
    assert "It still says what the claim says (overstated)" in box.seen()
    box.claim.value = next(name for name in box.claims if name.startswith("K36"))
    assert not any(str(verdict) in box.seen() for verdict in VERDICTS)


def test_a_draft_is_kept_while_another_claim_is_open():
    box = Rewrite("K23")
    box.write(GOOD)
    first, other = box.claim.value, next(name for name in box.claims if name.startswith("K36"))
    box.claim.value = other
    assert "no risk of addiction" in box.text.value
    box.claim.value = first
    assert box.text.value == GOOD
    box.reset.click()
    assert "dramatically" in box.text.value


def test_what_is_typed_is_shown_as_text():
    box = Rewrite("K23")
    box.write("In <b>60</b> people with <script>x</script> pain it always helped.")
    assert "<script" not in box.told.value
    assert "<script" not in box.twin()


def test_a_supported_claim_is_not_offered_for_rewriting():
    with pytest.raises(InputError, match="K01"):
        Rewrite("K01")


# --- the map ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("by", "axis"), [(ROUTE, "route"), (FOLLOWUP, "followup")])
def test_gaps_are_those_of_the_evidence_map(review, by, axis):
    gaps = evidence_map(review).gaps(axis)
    assert (
        f"Of {gaps.cells} cells of condition by {by}, {gaps.without_trial} hold no randomised trial, "
        f"{gaps.without_study} no study at all" in Gaps(by=by).seen()
    )


def test_large_trials_are_counted_as_the_table_counts_them(review):
    found = evidence_map(review).studies
    kept = found[found.counted & (found.kind == "randomised") & (found.people >= 60).fillna(False)]
    panel = Gaps(count=TRIALS, least=60)
    frame = panel.frame()
    assert sorted(frame[frame.counted].citation) == sorted(kept.citation)
    cells = set(zip(kept.condition, kept.route, strict=True))
    assert f"{64 - len(cells)} hold no randomised trial of at least 60 people" in panel.seen()


def test_asking_for_more_only_ever_empties_cells():
    empty = []
    for settings in (
        {},
        {"count": TRIALS},
        {"count": HARMS},
        {"count": HARMS, "least": 60},
        {"count": HARMS, "least": 200},
    ):
        panel = Gaps(**settings)
        empty.append(panel._result.without_trial)
    assert empty == sorted(empty)
    assert empty[0] == empty[1]


@pytest.mark.parametrize("panel", [Gaps, Calibration])
def test_the_picture_says_what_the_words_say(panel):
    shown = panel()
    assert described(shown) == shown.seen()


@pytest.mark.parametrize("by", [ROUTE, FOLLOWUP])
@pytest.mark.parametrize("count", [EVERY, TRIALS, HARMS])
@pytest.mark.parametrize("least", [0, 200])
def test_every_map_draws(by, count, least):
    panel = Gaps(by=by, count=count, least=least)
    assert panel.view.svg.startswith("<svg")
    assert len(panel.seen().split()) <= 45


def test_the_map_before_is_told():
    panel = Gaps()
    panel.least.value = 60
    assert "Before: 49 of 64" in panel.picture.svg


def test_an_impossible_size_is_said_beside_the_control():
    panel = Gaps()
    panel.least.value = 500
    assert "500 people lies outside 0 to 200" in panel.seen()


@pytest.mark.parametrize(
    ("panel", "moved"), [(Gaps, {"by": FOLLOWUP, "least": 60}), (Calibration, {"whose": LEARNERS[0]})]
)
def test_a_code_brings_the_settings_back(panel, moved):
    shown, other = panel(**moved), panel()
    other.restore(shown.code)
    assert other.seen() == shown.seen()


def test_every_example_draws():
    panel = Gaps()
    for preset in panel.presets:
        panel.example.value = preset.name
        assert panel.example.value == preset.name


# --- calibration ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    (
        "learner",
        "score",
    ),  # by hand: (12 × 0.01 + 8 × 0.81) / 20, (12 × 0.16 + 8 × 0.36) / 20, (0.09 + 0.81 + 1.47 + 0.63) / 20
    [(LEARNERS[0], "0.33"), (LEARNERS[1], "0.24"), (LEARNERS[2], "0.15")],
)
def test_brier_scores_of_the_made_up_learners(learner, score):
    panel = Calibration(whose=learner)
    assert f"Brier score {score};" in panel.seen()
    assert "right in 60 %" in panel.seen()


def test_an_interval_is_wilsons():
    # Newcombe 1998, table of example intervals for one proportion, score method: 15 of 148, 0.0624 to 0.1605
    assert _wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert _wilson(0.0, 20)[0] == 0
    assert _wilson(1.0, 1)[1] == 1


def test_without_answers_it_says_so_and_draws():
    panel = Calibration()
    assert "No answer with a confidence in this notebook yet" in panel.seen()
    assert "no answers yet" in panel.picture.svg
    assert panel.frame().empty


def test_my_grades_are_in_the_curve_after_drawing_again():
    panel = Calibration()
    cards = ClaimCards()
    for name, given in (("K36", "contradicted"), ("K17", "supported")):
        cards.open(name)
        cards.grade(given, confidence=80)
    panel.again.click()
    assert (
        "You gave 2 answers in this notebook, 80 % sure on average, and were right in 50 %: 30 points too sure"
        in panel.seen()
    )
    assert f"Fewer than {FEW} answers" in panel.seen()
    assert panel.frame()["answers"].sum() == 2


def test_my_latest_answers_are_mine_whosever_were_drawn():
    panel = Calibration(whose=LEARNERS[0])
    ClaimCards(topic="addiction").grade("contradicted", confidence=80)
    panel.again.click()
    assert panel.whose.value == MINE
    assert "You gave 1 answer in this notebook" in panel.seen()


def test_answers_without_a_confidence_are_left_out():
    check = Check("08")
    check.questions["grade-reboot"].answer("unsupported")
    panel = Calibration(whose=LEARNERS[0])
    panel.whose.value = MINE
    assert "No answer" in panel.seen()


@pytest.mark.parametrize("groups", [2, 3, 4, 5])
@pytest.mark.parametrize("sure", [0, 30, 40, 50, 100])
def test_every_confidence_falls_into_one_group(groups, sure):
    ClaimCards(topic="addiction").grade("contradicted", confidence=sure)
    assert Calibration(groups=groups).frame()["answers"].tolist() == [1]


# --- the questions ----------------------------------------------------------------------------------------------------


def test_the_right_predictions_are_what_the_panels_show(review):
    gaps = evidence_map(review).gaps()
    right = next(one["answer"] for one in bank("08")["empty-cells"]["answers"] if one["correct"])
    asked = {16: "about a quarter (16)", 32: "about half (32)", 48: "about three quarters (48)"}
    assert right == asked[min(asked, key=lambda count: abs(count - gaps.without_trial))]
    assert f"{gaps.without_trial} of {gaps.cells}" in judge(bank("08")["empty-cells"], 2)[1]


@pytest.mark.parametrize(
    ("item", "claim"),
    [
        ("grade-reboot", "K17"),
        ("grade-addiction", "K36"),
        ("grade-months", "K51"),
        ("grade-channel", "K22"),
        ("grade-juice", "K92"),
    ],
)
def test_the_grades_of_the_check_are_those_of_the_review(review, item, claim):
    verdict = next(one.claim.verdict for one in checked_claims(review) if one.claim.id == claim)
    right = next(one["answer"] for one in bank("08")[item]["answers"] if one["correct"])
    assert right == str(verdict)


def test_every_answer_is_met_with_words():
    kinds = [item["kind"] for item in bank("08").values()]
    assert kinds.count("transfer") == 1
    for item in bank("08").values():
        assert all(len(one["feedback"]) > 20 for one in item["answers"])


def test_what_text_and_questions_count_is_what_the_review_holds(review):
    verdicts = [one.claim.verdict for one in checked_claims(review)]
    assert (len(verdicts), verdicts.count(Verdict.SUPPORTED), verdicts.count(Verdict.PARTLY)) == (92, 30, 29)


def test_the_map_stays_locked_until_somebody_predicts():
    predict = Predict("08", "empty-cells", Gaps())
    assert predict.locked
    predict.answer("about half (32)", confidence=70)
    assert not predict.locked
    predict.compare.click()
    assert "49 of 64" in predict.seen()


@pytest.mark.parametrize("made", [ClaimCards, PageAudit, Rewrite, Gaps, Calibration])
def test_each_part_has_a_widget_and_a_twin(made):
    bundle = made()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "Run this cell" in bundle["text/html"]
    assert "Run this cell" in bundle["text/plain"]
