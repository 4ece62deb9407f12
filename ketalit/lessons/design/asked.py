"""What a page of a plan asks for, what it is checked against, and what the check list rests on."""

from __future__ import annotations

CHECK_LIST = {
    "question": "One question: which people, which dose, against what, which outcome, when",
    "known": "What is known, and which cell of the map the study would fill",
    "eligibility": "Who takes part, and who is not asked, for their safety",
    "random": "How people are allotted, and how the order stays hidden",
    "masking": "How the treatment stays hidden, and how that is tested: everybody is asked to guess",
    "dose": "Form, dose, body weight used, ceiling, and when an infusion is stopped",
    "outcome": "One primary outcome: which scale, whose rating, which week",
    "harms": "Harms: asked for actively, by whom, until when; liver, bladder, misuse, blood pressure, perception",
    "size": "Number of people: from which difference, which SD, whose",
    "analysis": "Who is analysed, and what is done about missing values, decided beforehand",
    "ethics": "Approval, consent, registration before the first person, sharing of data",
    "patients": "What people who live with the condition said to the plan",
}
"""What a protocol has to say, in our words and much abridged, after SPIRIT 2025 and the consensus on infusions."""

REFERENCES = (
    ("SPIRIT 2025: Chan AW, et al., what a protocol of a randomised trial should hold", "https://pubmed.ncbi.nlm.nih.gov/40294521/"),
    ("Cohen SP, et al. 2018: consensus on intravenous ketamine for chronic pain", "https://pubmed.ncbi.nlm.nih.gov/29870458/"),
    ("Turk DC, et al. 2003: which outcomes trials of chronic pain should have", "https://doi.org/10.1016/j.pain.2003.08.001"),
)  # fmt: skip

ASKS = {
    "team": ("Team", 1),
    "question": ("Our question, in one sentence", 2),
    "dose": ("Why this dose and this form", 3),
    "link": ("The link of lesson 5 that our study hangs on, and what we measure of it", 3),
    "outcome": ("Primary outcome, why in that week, and what difference is worth finding", 3),
    "harm": ("What could harm people, and what makes us stop", 3),
    "doubt": ("What our study cannot show", 2),
}
