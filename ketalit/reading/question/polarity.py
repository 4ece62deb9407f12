"""Whether more of an outcome is good or bad for the patient, where that can be told from its name."""

from __future__ import annotations

import re

_BAD = re.compile(
    r"\b(?:pain\w*|mortality|deaths?|death|died|nausea|vomiting|ponv|adverse|complications?|side effects?|"
    r"symptoms?|events?|"
    r"depress\w+|anxiety|disabilit\w+|fatigue|stress|distress|hypotension|hypertension|bradycardia|tachycardia|"
    r"infections?|"
    r"infarct\w*|strokes?|failures?|falls?|fractures?|injur\w+|bleeding|blood loss|relapse|recurrence|severity|"
    r"consumption|"
    r"requirements?|rescue|opioid|morphine|fentanyl|analgesic (?:use|consumption|requirement|demand)|vas|nrs|"
    r"womac|errors?|"
    r"impairment|insomnia|delirium|agitation|shivering|pruritus|itch\w*|headaches?|dizziness|apnoea|apnea|hypox\w+|"
    r"desaturation|coughs?\w*|hospitali[sz]ations?|readmissions?|length of stay|hospital stay|time to|latency|"
    r"duration of (?:surgery|"
    r"symptoms|stay|hospital\w*|pain)|onset|weight|bmi|cholesterol|ldl|triglycerides?|glucose|hba1c|"
    r"blood pressure|smoking|"
    r"drop-?outs?|withdrawals?|toxicity|inflammation|crp|disease activity|progression|attacks?|seizures?|"
    r"exacerbations?|"
    r"incontinence|burden|cost|dyspnoea|dyspnea|edema|oedema|swelling|stiffness|discomfort|catastrophi[sz]ing|"
    r"kinesiophobia|"
    r"oswestry|ndi|disease|cancers?|tumou?r|hyperalgesia|wound)\b"
)
_GOOD = re.compile(
    r"\b(?:surviv\w+|satisfaction|quality of life|qol|quality of recovery|function(?:ing|al)?|range of motion|rom|"
    r"relief|success\w*|"
    r"recovery|response rate|responders?|remission|cure|healing|complete pain relief|adherence|compliance|knowledge|"
    r"well-?being|health|strength|mobility|balance|walking|performance|sleep (?:quality|duration|efficiency)|threshold|"
    r"analgesia|pain[- ]free|duration of (?:analgesia|block\w*|pain relief|sensory)|time to (?:first )?(?:rescue|"
    r"analges\w+|request|"
    r"relapse|recurrence|first (?:analges\w+|rescue|request))|first analgesic|(?:sf|eq)-?\d+\w*|quit|abstinence|"
    r"cessation|self-?efficacy|reductions?|"
    r"improvement|hdl|ejection fraction|oxygenation|activity|hemoglobin|haemoglobin|fev\w*|flow|"
    r"capacity|"
    r"pregnan\w+|live birth|ability|accuracy|memory|cognit\w+|density|seroconversion|antibod\w+|titers?|titres?)\b"
)


def polarity(outcome: str) -> int:
    """Whether more of an outcome is better (1), worse (-1), or that cannot be told (0).

    >>> polarity("pain at 24 h"), polarity("patient satisfaction"), polarity("time to first rescue analgesia")
    (-1, 1, 1)
    >>> polarity("serum sodium")
    0
    """
    if _GOOD.search(outcome):
        return 1
    return -1 if _BAD.search(outcome) else 0
