"""A small invented review that has every kind of row and cell. SYNTHETIC: no such works exist."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from ketalit.findings import Finding, Value
from ketalit.records.model import Author, Correction, Date, Journal, Record, Registration, Section
from ketalit.review import Extraction, Review, Screening, Search
from ketalit.vocabulary import Checked, Decision, Missing, Origin

HOSTILE = "<script>alert(1)</script> | *bold* [x](javascript:alert(2)) \x1b[31mred\x1b[0m \u202eback `code`"
FORMULA = '=HYPERLINK("http://example.org","click")'


def _record(key: str, year: int, title: str, pmid: str = "", **more: object) -> Record:
    return Record(
        source="person",
        key=key,
        pmid=pmid,
        title=title,
        authors=(Author(last=key.rstrip("0123456789").title(), initials="AB"), Author(last="Zweig", initials="C")),
        journal=Journal(title="Journal of Invented Trials", abbreviation="J Inv Trials"),
        published=Date(iso=str(year), precision="year"),
        volume="12",
        issue="3",
        pages="101-110",
        **more,  # type: ignore[arg-type]
    )


def _value(
    record: str,
    field: str,
    value: Value = None,
    missing: Missing | None = None,
    origin: Origin = Origin.CURATED,
    **more: str,
) -> Extraction:
    checked = Checked.TWO if origin is Origin.CURATED else None
    more = {"locator": "abstract", **more}
    finding = Finding(field=field, value=value, missing=missing, origin=origin, checked=checked, **more)  # type: ignore[arg-type]
    return Extraction(record, finding)


RECORDS = (
    _record("alpha2009", 2009, "An infusion in invented pain", "1000001", doi="10.1000/alpha"),
    _record(
        "alpha2012",
        2012,
        "A second report of the invented infusion",
        "1000002",
        registrations=(Registration(registry="ClinicalTrials.gov", number="NCT00000001"),),
    ),
    _record("beta2014", 2014, f"Crossover {HOSTILE}", "1000003", unverified=("pmid",)),
    _record("gamma2016", 2016, "A narrative review of invented pain", "1000004", pmcid="PMC1000004"),
    _record("delta2018", 2018, "A trial that was withdrawn", "1000005", corrections=(Correction(type="RetractionIn"),)),
    _record("epsilon2020", 2020, "Rats", "1000006"),
    _record("zeta2021", 2021, "Not yet screened", "1000007"),
    _record("eta2022", 2022, "A cohort left out", "1000008"),
    _record(
        "theta2023",
        2023,
        "A double-blind randomised trial of invented ketamine cream in 44 patients",
        "1000009",
        abstract=(
            Section(label="METHODS", text="We randomised 44 patients to 10% ketamine cream or placebo for 4 weeks."),
            Section(label="RESULTS", text="Pain did not differ between groups (p = 0.60)."),
        ),
    ),
)

SCREENING = (
    Screening(record="alpha2009", decision=Decision.INCLUDE, study="ALPHA"),
    Screening(record="alpha2012", decision=Decision.INCLUDE, study="ALPHA"),
    Screening(record="beta2014", decision=Decision.INCLUDE),
    Screening(record="gamma2016", decision=Decision.INCLUDE),
    Screening(record="delta2018", decision=Decision.INCLUDE),
    Screening(record="epsilon2020", decision=Decision.INCLUDE),
    Screening(record="eta2022", decision=Decision.EXCLUDE, reason="not pain"),
    Screening(record="theta2023", decision=Decision.INCLUDE),
)

EXTRACTION = (
    _value("alpha2009", "design", "parallel RCT", source="PMID:1000001"),
    _value("alpha2009", "n_randomised", 60, source="PMID:1000001", locator="table 1"),
    _value("alpha2009", "n_analysed", 58),
    _value("alpha2009", "n_analysed", 57, origin=Origin.PERSON, who="AB", when="2024-01-02", locator="figure 1"),
    _value("alpha2009", "setting", "human patients"),
    _value("alpha2009", "blinding", "double"),
    _value("alpha2009", "comparator", "placebo"),
    _value("alpha2009", "condition", "invented pain syndrome, type 1"),
    _value("alpha2009", "dose", "0.5 mg/kg over 40 min"),
    _value("alpha2009", "dose_mg_per_kg", 0.5),
    _value("alpha2009", "followup", "12 weeks"),
    _value("alpha2009", "result", "-1.12 (-2.33 to 0.09)"),
    _value("alpha2009", "primary_direction", "favours intervention"),
    _value("alpha2009", "adverse_events", "nausea 12/30 v 4/30"),
    _value("alpha2009", "adverse_events_asked", "checklist"),
    _value("alpha2012", "scale", "NRS 0-10", source="PMID:1000002"),
    _value("beta2014", "design", "crossover RCT"),
    _value("beta2014", "n_analysed", 20),
    _value("beta2014", "condition", FORMULA),
    _value("beta2014", "dose", HOSTILE, note="=1+1"),
    _value("beta2014", "result", missing=Missing.NOT_REPORTED),
    _value("beta2014", "adverse_events", "no events (0/20)"),
    _value("gamma2016", "design", "narrative review"),
    _value("gamma2016", "adverse_events", missing=Missing.NOT_REPORTED),
    _value("delta2018", "design", "parallel RCT"),
    _value("delta2018", "n_randomised", 500),
    _value("delta2018", "setting", "human patients"),
    _value("epsilon2020", "design", "animal study"),
    _value("epsilon2020", "n_total", 24),
    _value("epsilon2020", "setting", "animals"),
    _value("epsilon2020", "adverse_events", missing=Missing.NOT_REPORTED),
    _value("theta2023", "condition", "invented pain"),
)


def synthetic_review() -> Review:
    return Review(
        path=Path("synthetic"),
        title="Invented pain & <ketamine>",
        question="Does it work?",
        how_found="Found by citation searching; not a systematic search.",
        drugs=("ketamine",),
        searches=(Search(name="broad", query="ketamine AND pain", why="everything"),),
        records=MappingProxyType({record.id: record for record in RECORDS}),
        screening=SCREENING,
        extraction=EXTRACTION,
    )
