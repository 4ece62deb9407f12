"""Lesson 6: what is read of a text as it is changed, doses against hand calculation, the form, counts against the table.

The records are synthetic: no such trials exist.
"""

import json
import math
import re

import pandas as pd
import pytest

from ketalit.errors import InputError
from ketalit.fields import FIELDS
from ketalit.lessons.chosen import REVIEW
from ketalit.lessons.question import Check, Predict, bank, judge
from ketalit.lessons.shown import plain
from ketalit.lessons.trial import (
    CHANGES,
    CROSSOVER,
    FORM,
    TEN,
    TRIAL,
    DoseNormaliser,
    ExtractionForm,
    LiveText,
    OwnRecord,
    TheRecord,
    ThreeSilences,
    changed_by,
    record_of,
    text_of,
)
from ketalit.records.text import canonical_text
from ketalit.review import BUNDLED, load_review, new_review
from ketalit.table import evidence_table

from ..synthetic_review import synthetic_review

PANELS = [DoseNormaliser, ThreeSilences]


def value(text, field):
    return text.findings[field].value


# --- the text ----------------------------------------------------------------------------------------------------

KEY = {  # read by hand
    "design": "parallel RCT",
    "blinding": "double",
    "n_randomised": 64,
    "n_analysed": 61,
    "comparator": "placebo",
    "drug_form": None,
    "dose": "0.35 mg/kg/h",
    "duration": "4 h",
    "primary_direction": "no significant difference",
}


def test_nine_of_the_ten_fields_are_read_as_by_hand():
    text = LiveText()
    assert {name: value(text, name) for name in KEY} == KEY
    assert "4 weeks" in value(text, "primary_outcome")
    assert text.seen() == "9 of 10 fields filled. Empty: Form (not reported)."
    right = [one["answer"] for one in bank("06")["how-many-fields"]["answers"] if one["correct"]]
    assert right == ["nine"]


def test_each_quote_stands_in_the_text_where_it_says():
    text = LiveText()
    whole = canonical_text(text.record).text
    quoted = [one for one in text.findings.values() if one.quote]
    assert len(quoted) > 10
    assert all(whole[one.start : one.end] == one.quote for one in quoted)
    assert all(f">{FIELDS[name].title}</sub>" in text.marked.value for name in TEN if name != "drug_form")


def test_what_is_typed_is_read_and_what_has_changed_is_said():
    text = LiveText()
    text.type(TRIAL.replace("Sixty-one patients", "Fifty patients"))
    assert value(text, "n_analysed") == 50
    assert "Changed: n analysed 50 people" in text.seen()
    assert "before: 61 people" in text.marked.value
    assert text.change.value == "your own words"
    text.reset.click()
    assert (text.area.value, text.change.value) == (TRIAL, "the record as printed")
    assert "before:" not in text.marked.value


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ("blinding struck out", "blinding", None),
        ("40 people instead of 64", "n_randomised", 40),
        ("40 people instead of 64", "n_analysed", 38),
        ("dose as 5 µg/kg/min", "dose_mg_per_kg_per_h", 0.3),
        ("dose as 5 µg/kg/min", "dose_mg_per_kg", 1.2),
        ("dose as 25 mg/h", "dose", "25 mg/h"),
        ("dose as 25 mg/h", "dose_mg_per_kg_per_h", None),
        ("the form is named", "drug_form", "racemic"),
        ("“randomised” struck out", "n_randomised", None),
        ("“placebo-controlled” struck out too", "randomised", None),
    ],
)
def test_a_ready_made_change_changes_what_is_read(change, field, expected):
    text = LiveText()
    text.change.value = change
    assert value(text, field) == expected
    assert text.area.value == changed_by(change)


def test_every_ready_made_change_changes_the_text():
    texts = [changed_by(name) for name in CHANGES]
    assert len(set(texts)) == len(texts)
    for name, pairs in CHANGES.items():
        assert all(old in TRIAL for old, _ in pairs), name


def test_an_outcome_that_is_not_named_is_marked_as_unclear():
    text = LiveText()
    text.change.value = "no outcome named primary"
    assert "Unclear: Primary outcome." in text.seen()


@pytest.mark.parametrize(
    "typed", ["", " \n ", "x", "\n\n", "A" * 20_000, "<script>alert(1)</script> ketamine\n& 5 <b>"]
)
def test_any_text_can_be_typed(typed):
    text = LiveText()
    text.type(typed)
    assert text.seen()
    assert "<script>" not in text.marked.value
    assert "<b>" not in text.marked.value


def test_a_pasted_text_goes_there_and_back():
    record = record_of("  A title \n\nAIM: To see.\nRESULTS: Seen\n in  eight men. ")
    assert record.title == "A title"
    assert [(one.label, one.text) for one in record.abstract] == [("AIM", "To see."), ("RESULTS", "Seen in eight men.")]
    assert record_of(text_of(record)).abstract == record.abstract


def test_without_a_kernel_the_marked_text_and_the_fields_stand_there():
    text = LiveText()
    assert "<mark" in text.twin()
    assert text.seen() in plain(text.twin())
    assert text.widget() is text.widget()


def test_the_unmarked_record_gives_nothing_away():
    assert "<mark" not in TheRecord().twin().split("</style>")[-1]
    assert "Sixty-four adults" in TheRecord().seen()


# --- a record of one's own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["theta2023", "1000009", "PMID: 1000009"])
def test_a_record_of_the_review_is_found_by_name_and_by_pmid(name):
    own = OwnRecord(synthetic_review())
    own.wanted.value = name
    own.find.click()
    assert "This is what the review holds." in own.seen()
    assert (value(own, "n_randomised"), value(own, "blinding"), value(own, "duration")) == (44, "double", "4 weeks")
    assert "Changed" not in own.seen()


def test_a_record_without_an_abstract_is_said_to_have_none():
    own = OwnRecord(synthetic_review())
    own.wanted.value = "alpha2009"
    own.find.click()
    assert "holds no abstract" in own.seen()
    assert "https://pubmed.ncbi.nlm.nih.gov/1000001/" in own.message.value
    assert "0 of 10" not in own.seen()


def test_an_unknown_record_is_said_and_the_text_stays():
    own = OwnRecord(synthetic_review())
    own.type("A title\nSixty men were randomised.")
    own.wanted.value = "<i>nobody"
    own.find.click()
    assert "nobody" in own.seen()
    assert "<i>" not in own.message.value
    assert value(own, "n_randomised") == 60


def test_no_network_is_asked(monkeypatch):
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a network was asked"))
    own = OwnRecord()
    own.wanted.value = "19604642"
    own.find.click()
    assert "holds no abstract" in own.seen()


# --- doses -------------------------------------------------------------------------------------------------------


def shown(panel):
    row = panel.frame().iloc[0]
    return row["rate_mg_per_kg_per_h"], row["total_mg_per_kg"]


@pytest.mark.parametrize(
    ("amount", "unit", "minutes", "weight", "rate", "total"),
    [
        (0.35, "mg/kg/h", 240, 0, 0.35, 1.4),
        (5, "µg/kg/min", 60, 0, 0.3, 0.3),  # 5 / 1000 mg · 60 min
        (22.2, "mg/h per 70 kg", 60, 0, 22.2 / 70, 22.2 / 70),
        (25, "mg/h", 240, 80, 25 / 80, 100 / 80),
        (0.5, "mg/kg", 40, 0, 0.75, 0.5),
        (35, "mg", 60, 70, 0.5, 0.5),
    ],
)
def test_a_dose_is_brought_to_one_unit_as_by_hand(amount, unit, minutes, weight, rate, total):
    panel = DoseNormaliser(amount=amount, unit=unit, minutes=minutes, weight=weight)
    assert shown(panel) == pytest.approx((rate, total), rel=1e-5)
    assert f"{rate:.3g}"[:4] in panel.seen()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"amount": 25, "unit": "mg/h"}, "body weight is not given"),
        ({"amount": 80, "unit": "mg"}, "body weight is not given"),
        ({"amount": 10, "unit": "%", "weight": 70}, "a strength"),
        ({"amount": 150, "unit": "ng/ml", "weight": 70}, "a concentration"),
        ({"amount": 500, "unit": "mg/day", "weight": 70}, "a daily amount"),
    ],
)
def test_what_cannot_be_brought_to_one_unit_says_why(settings, why):
    panel = DoseNormaliser(**settings)
    assert "cannot be compared" in panel.seen()
    assert why in panel.seen()
    assert all(map(pd.isna, shown(panel)))


def test_an_injection_has_a_dose_and_no_rate():
    for minutes, has_rate in ((5, False), (10, False), (15, True)):
        panel = DoseNormaliser(amount=0.45, unit="mg/kg", minutes=minutes)
        assert ("No rate" in panel.seen()) is not has_rate
    assert "over what time it was given is not said" in DoseNormaliser(amount=0.5, unit="mg/kg", minutes=0).seen()


def test_a_length_that_is_not_given_leaves_no_total():
    assert "No total: the length of the infusion is not given" in DoseNormaliser(minutes=0).seen()


def test_the_dots_are_the_values_of_the_review():
    frame = evidence_table(load_review(BUNDLED), view="full").frame
    rates = frame["dose_mg_per_kg_per_h"].dropna()
    dots = DoseNormaliser().frame().iloc[1:]["rate_mg_per_kg_per_h"].dropna()
    assert sorted(dots) == pytest.approx(sorted(rates))
    lower, known = re.search(r"(\d+) of (\d+) known rates", DoseNormaliser(amount=0.5).seen()).groups()
    assert (int(lower), int(known)) == (int((rates < 0.5).sum()), len(rates))


def test_a_rate_is_drawn_among_rates_only_and_an_amount_among_amounts():
    rate, amount = (
        DoseNormaliser(amount=0.5, unit=unit, minutes=40).picture.svg.count(">yours<") for unit in ("mg/kg/h", "mg/kg")
    )
    assert amount == 2 * rate > 0


def test_a_result_is_rounded_as_it_is_read():
    panel = DoseNormaliser(amount=22.2, unit="mg/h per 70 kg", minutes=6048)
    assert "0.317 mg/kg/h" in panel.seen()
    assert not re.search(r"\d\.\d{4}", panel.seen())


def test_the_question_on_two_rates_agrees_with_the_panel():
    one, other = (shown(DoseNormaliser(amount=a, unit=u))[0] for a, u in ((5, "µg/kg/min"), (22, "mg/h per 70 kg")))
    assert one == pytest.approx(other, rel=0.06)
    assert judge(bank("06")["which-is-faster"], 2)[0]


def test_the_discordant_unit_is_the_only_one_that_has_no_rate():
    doses = {
        "6 µg/kg/min": {"amount": 6, "unit": "µg/kg/min"},
        "22 mg/h per 70 kg": {"amount": 22, "unit": "mg/h per 70 kg"},
        "0.5 mg/kg over 40 min": {"amount": 0.5, "unit": "mg/kg", "minutes": 40},
        "25 mg/h": {"amount": 25, "unit": "mg/h"},
    }
    for at, answer in enumerate(bank("06")["discordant-unit"]["answers"]):
        cannot = "cannot be compared" in DoseNormaliser(**doses[answer["answer"]]).seen()
        assert judge(bank("06")["discordant-unit"], at)[0] is cannot


# --- three silences ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["all", "randomised", "not randomised"])
def test_counts_are_those_of_the_table(group):
    panel = ThreeSilences(column="How harms were asked for", group=group)
    where = {"all": None, "randomised": "randomised=yes", "not randomised": "randomised=no"}[group]
    table = evidence_table(load_review(BUNDLED), view="full", where=where)
    cells = [table.winners()[study, "adverse_events_asked"] for study in table.frame.index[table.frame["counted"]]]
    filled = sum(not cell.missing for cell in cells)
    unread = sum(cell.missing == "not checked" for cell in cells)
    assert f"{filled} of {len(cells)} filled" in panel.seen()
    assert f"in {unread} nobody has looked" in panel.seen()


def test_every_row_adds_up():
    counts = ThreeSilences().frame().set_index("field")
    assert counts.sum(axis=1).nunique() == 1


def test_merging_hides_whose_silence_it_is():
    panel = ThreeSilences()
    assert "not checked" in panel.picture.svg
    panel.merged.value = True
    assert "not checked" not in panel.picture.svg
    assert "43 empty" in panel.seen()


# --- every panel -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PANELS)
def test_words_are_those_of_the_picture_and_short(kind):
    panel = kind()
    for settings in [{}, *(dict(one.settings) for one in panel.presets)]:
        panel.set(**settings)
        assert panel.picture.description == panel.seen()
        assert len(panel.seen().split()) <= 45
        assert "nan" not in panel.picture.svg.lower()


@pytest.mark.parametrize("amount", [0.01, 500])
@pytest.mark.parametrize("unit", ["mg/kg/h", "µg/kg/min", "mg/h per 70 kg", "mg/kg", "mg"])
def test_extremes_draw(amount, unit):
    for minutes in (0, 5, 7200):
        panel = DoseNormaliser(amount=amount, unit=unit, minutes=minutes, weight=200)
        assert panel.picture.svg.startswith("<svg")
        assert not re.search(r"\binf\b|\bnan\b", panel.seen())


@pytest.mark.parametrize("kind", PANELS)
def test_a_review_without_studies_draws(kind, tmp_path, monkeypatch):
    monkeypatch.setenv(REVIEW, str(new_review(tmp_path / "empty", empty=True)))
    panel = kind()
    assert panel.picture.svg.startswith("<svg")
    assert "known rates" not in panel.seen()
    assert plain(panel.twin())


@pytest.mark.parametrize("kind", PANELS)
def test_a_code_brings_back_the_settings(kind):
    panel, other = kind(), kind()
    panel.set(**{"dose": {"amount": 5, "unit": "µg/kg/min"}, "silence": {"column": "Form", "merged": True}}[kind.name])
    other.restore(panel.code)
    assert other.seen() == panel.seen() != kind().seen()


def test_a_wrong_setting_is_said_beside_its_control():
    panel = DoseNormaliser(amount=9000)
    assert panel.amount.message == "9000 lies outside 0.01 to 500; 500 is shown."
    panel.unit.value = "grains"
    assert "“grains” is not offered" in panel.unit.message
    with pytest.raises(InputError, match="no “wieght”"):
        panel.set(wieght=70)


# --- the form ----------------------------------------------------------------------------------------------------


def filled(**given):
    form = ExtractionForm()
    for key, answer in given.items():
        form.fields[key].value = answer
    form.compare.click()
    return form


RIGHT = {  # read by hand
    "n_randomised": 24,
    "dose_mg_per_kg_per_h": "not reported",
    "primary_outcome": "pain in the second week",
    "primary_direction": "no significant difference",
}


def test_the_key_is_what_a_person_reads():
    assert "4 of 4 fields as in the key." in filled(**RIGHT).seen()


def test_each_wrong_answer_has_an_answer_of_its_own():
    said = set()
    for asked in FORM:
        assert asked.right in asked.why
        options = asked.control.options[1:] if hasattr(asked.control, "options") else [21, 24, 42, 48, 7]
        for option in options:
            form = filled(**{asked.control.key: option})
            text = plain(form.said[asked.control.key].value)
            assert text.startswith("Right." if option == asked.right else "The key differs.")
            assert len(text.split(" The rules")[0]) > 30
            said.add(text)
    assert len(said) == sum(len(asked.why) for asked in FORM)


def test_an_empty_form_is_not_wrong():
    form = filled()
    assert form.seen().count("Not filled in yet.") == 4
    assert "0 of 4" in form.seen()


def test_feedback_goes_when_the_answer_changes():
    form = filled(n_randomised=42)
    assert "42 are observations" in form.seen()
    form.fields["n_randomised"].value = 24
    assert "42 are observations" not in form.seen()
    form.reset.click()
    assert (form.seen(), form.fields["n_randomised"].value) == ("", 0)


def test_the_form_gives_no_answer_away_before_it_is_asked():
    form = ExtractionForm()
    assert "key differs" not in form.twin()
    assert all(asked.why[asked.right] not in form.twin() for asked in FORM)
    assert "42 observations" in form.twin()  # the record itself is there
    assert "no body weight" not in CROSSOVER
    assert "kg" not in CROSSOVER


# --- the questions -----------------------------------------------------------------------------------------------


def test_a_prediction_is_locked_and_comes_back():
    predict = Predict("06", "how-many-fields", LiveText())
    assert predict.locked
    assert "fields filled" not in predict.seen()
    predict.answer("all ten", confidence=90)
    assert not predict.locked
    predict.compare.click()
    assert "“all ten”, 90 % sure" in predict.seen()
    assert "The form of the drug is not there" in predict.seen()


def test_plus_minus_is_answered_by_the_root_of_n():
    question = bank("06")["plus-minus"]
    assert judge(question, round(0.5 * math.sqrt(32), 1))[0]
    for wrong in (0.5, 0.5 / math.sqrt(32), 16, 100):
        correct, feedback = judge(question, wrong)
        assert not correct
        assert feedback


def test_every_wrong_answer_is_answered():
    for item in bank("06").values():
        assert all(answer["feedback"] for answer in item["answers"]), item["id"]
    kinds = [item["kind"] for item in bank("06").values()]
    assert (kinds.count("predict"), kinds.count("transfer")) == (2, 1)
    assert 3 <= kinds.count("check") + kinds.count("transfer") <= 5


def test_answers_are_not_in_the_page():
    sent = json.dumps([question.spec for question in Check("06").questions.values()])
    assert "correct" not in sent
    assert "Per kilogram of whom" not in sent
