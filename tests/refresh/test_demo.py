"""Questions: does the recorded timeline give exactly the report that its README promises, and nothing the second time?"""

import shutil

import pytest

from ketalit.errors import InputError, OfflineError
from ketalit.library import FILE, Library
from ketalit.refresh import Kind, last_report, refresh, refresh_demo
from ketalit.refresh.demo import SYNTHETIC, Recorded
from ketalit.refresh.report import to_json
from ketalit.review import load_review

MAY, NOVEMBER = "2026-05-01", "2026-11-01"
HAND_MADE = ("review.toml", "records.jsonl", "screening.csv", "extraction.csv", "README.md", "timeline.toml")


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def news(report):
    return [(change.kind, change.record, change.decision) for change in report.changes]


EXPECTED = [
    (Kind.RETRACTED, "basalt2016", "include"),
    (Kind.CONCERN, "dolomite2018", "include"),
    (Kind.CORRECTED, "coral2017", "include"),
    (Kind.SUPERSEDED, "epidote2019", "maybe"),
    (Kind.NEW, "PMID:99000010", "unscreened"),
    (Kind.NEW, "PMID:99000011", "unscreened"),
    (Kind.NEW, "PMID:99000012", "unscreened"),
    (Kind.CHECKED_TEXT, "amber2015", "include"),
    (Kind.GONE, "flint2020", "include"),
    (Kind.MINOR, "garnet2021", "include"),
]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SYNTHETIC, tmp_path / "a review of invented pain")


@pytest.fixture
def in_may(folder):
    refresh(folder, Recorded(folder, MAY))
    return folder


@pytest.fixture(scope="module")
def report():
    return refresh_demo()


def test_the_first_refresh_learns_what_is_current_and_makes_no_news_of_it(folder):
    report = refresh(folder, Recorded(folder, MAY))
    assert news(report) == []
    assert not report.needs_attention
    assert str(report) == "Nothing changed in this first refresh: 2 searches, 9 records, 4 requests."
    assert load_review(folder).records["amber2015"].source == "pubmed"


def test_the_report_of_november(report):
    assert news(report) == EXPECTED
    assert report.needs_attention
    assert report.complete
    assert (report.at[:10], report.since[:10]) == (NOVEMBER, MAY)


def test_a_retraction_names_its_notice_and_the_notice_is_no_retraction(report):
    change = report.changes[0]
    assert [(link.type, link.pmid) for link in change.links] == [("RetractionIn", "99000012")]
    notice = next(change for change in report.of(Kind.NEW) if change.record == "PMID:99000012")
    assert notice.what == "is the retraction notice of Basalt 2016"


def test_an_erratum_without_pmid_shows_its_citation(report):
    (change,) = report.of(Kind.CORRECTED)
    assert (change.links[0].pmid, "Table 2" in change.links[0].citation) == ("", True)


def test_a_new_record_comes_with_design_number_quote_and_the_searches_that_found_it(report):
    new = report.of(Kind.NEW)[0]
    assert (new.design, new.people, new.searches) == ("parallel RCT", "84", ("broad", "trials"))
    assert "84 patients" in new.quote


def test_checked_values_under_a_changed_abstract(report):
    (change,) = report.of(Kind.CHECKED_TEXT)
    assert [(value.field, value.value, value.lost) for value in change.values] == [
        ("n_randomised", "60", True),
        ("result", "mean difference -1.4 (-2.4 to -0.4) on a scale of 0-10 at 12 weeks", True),
        ("followup", "12 weeks", False),
    ]
    pairs = [(piece.kind, piece.text) for piece in change.words]
    assert ("gone", "60") in pairs
    assert ("new", "54") in pairs


def test_what_is_gone_is_kept_and_looked_for_by_doi(in_may):
    report = refresh(in_may, Recorded(in_may, NOVEMBER))
    (change,) = report.of(Kind.GONE)
    assert "ketalit search '10.5555/synthetic.6[doi]'" in change.what
    kept = load_review(in_may).records["flint2020"]
    assert kept.abstract
    assert "not in PubMed any more" in kept.notes[-1]


def test_search_drift(report):
    broad, trials = report.searches
    assert [lost.record for lost in broad.lost] == ["flint2020"]
    assert not broad.drifted  # the record is gone; the search is not to blame
    assert [lost.record for lost in trials.lost] == ["iolite2023"]
    assert [drift.what for drift in trials.drift] == ["NCBI reads the query in another way"]
    assert (broad.count_before, broad.count, broad.new) == (7, 9, ("PMID:99000010", "PMID:99000011", "PMID:99000012"))


def test_what_it_means(report):
    means = report.consequences
    assert [(row.study, row.stops_counting) for row in means.rows] == [("basalt2016", True)]
    cells = {(cell.study, cell.field): cell for cell in means.cells}
    assert set(cells) == {
        ("amber2015", field) for field in ("n_randomised", "n_total", "primary_direction", "adverse_events")
    }
    kept = cells["amber2015", "n_randomised"]
    assert (kept.kept, kept.after, kept.reads) == (True, "60", "54")
    moved = cells["amber2015", "primary_direction"]
    assert (moved.before, moved.after) == ("favours intervention", "no significant difference")
    assert means.totals_before.startswith("7 studies")
    assert means.totals.startswith("6 studies")
    assert "1 retracted" in means.totals


def test_three_times_in_a_row(in_may):
    first, second, third = (refresh(in_may, Recorded(in_may, NOVEMBER)) for _ in range(3))
    assert news(first) == EXPECTED
    for again in (second, third):
        assert (again.changes, again.needs_attention) == ((), False)
        assert not any(search.drifted or search.new or search.lost for search in again.searches)
        assert (
            str(again)
            == "Nothing changed since 2026-11-01: 2 searches, 12 records, 4 requests. 3 records wait to be screened."
        )


def test_a_dry_run_tells_the_same_and_leaves_the_folder_byte_for_byte(in_may):
    before = files(in_may)
    dry = refresh(in_may, Recorded(in_may, NOVEMBER), dry_run=True)
    assert files(in_may) == before
    assert news(dry) == EXPECTED
    wet = refresh(in_may, Recorded(in_may, NOVEMBER))
    assert dry.dry_run
    assert (dry.changes, dry.searches, dry.counts) == (wet.changes, wet.searches, wet.counts)
    assert (dry.consequences.rows, dry.consequences.cells) == (wet.consequences.rows, wet.consequences.cells)


def test_a_dry_first_run_makes_no_library(folder):
    before = files(folder)
    refresh(folder, Recorded(folder, NOVEMBER), dry_run=True)
    assert files(folder) == before


def test_what_people_wrote_stays_byte_for_byte(in_may):
    refresh(in_may, Recorded(in_may, NOVEMBER))
    for name in HAND_MADE:
        assert (in_may / name).read_bytes() == (SYNTHETIC / name).read_bytes()


def test_a_kill_between_storing_and_finishing_loses_no_news(in_may, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Library, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            refresh(in_may, Recorded(in_may, NOVEMBER))
    assert load_review(in_may).records["basalt2016"].status == "retracted"  # stored already
    report = refresh(in_may, Recorded(in_may, NOVEMBER))
    assert news(report) == EXPECTED
    assert report.consequences.totals_before.startswith("7 studies")
    assert not refresh(in_may, Recorded(in_may, NOVEMBER)).needs_attention


class Failing(Recorded):
    """A day on which the connection is lost."""

    lose_at = 2  # request

    def search(self, query, *, database="pubmed"):
        found = super().search(query, database=database)
        if self.requests > self.lose_at:
            raise OfflineError("no connection to NCBI")
        return found

    def fetch(self, ids, *, database="pubmed"):
        for batch in super().fetch(ids, database=database):
            if self.requests > self.lose_at:
                yield type(batch)(batch.requested, b"", batch.at, OfflineError("no connection to NCBI"))
            else:
                yield batch


@pytest.mark.parametrize("lose_at", [2, 3])
def test_a_connection_lost_midway_is_told_at_the_top_and_the_baseline_stays(in_may, lose_at):
    source = Failing(in_may, NOVEMBER)
    source.lose_at = lose_at
    report = refresh(in_may, source)
    assert not report.complete
    assert report.needs_attention
    assert str(report).startswith("Incomplete.")
    assert "12 of 12 records could not be read again" in report.trouble[-1] or "9 of 9" in report.trouble[-1]
    assert len(report.failed) == report.counts.failed > 0
    assert last_report(in_may).at[:10] == MAY
    assert news(refresh(in_may, Recorded(in_may, NOVEMBER))) == EXPECTED


def test_offline_from_the_start_changes_nothing(folder):
    source = Failing(folder, MAY)
    source.lose_at = 0
    before = files(folder)
    with pytest.raises(OfflineError):
        refresh(folder, source)
    assert files(folder) == before


def test_the_last_report_is_kept(in_may):
    report = refresh(in_may, Recorded(in_may, NOVEMBER))
    assert last_report(in_may) == report
    with Library.open(in_may / FILE) as library:
        assert library.runs()[-1].report == to_json(report)


class Estimate:
    name, records, text = "pain at 12 weeks", ("basalt2016", "PMID:99000004", "halite2022"), "MD -1.1 (-1.9 to -0.3)"


class Untouched:
    name, records, text = "harms", ("garnet2021", "PMID:99000010"), "RR 2.1"


def test_pools_that_rest_on_an_affected_record(in_may):
    report = refresh(in_may, Recorded(in_may, NOVEMBER), pools=[Estimate(), Untouched()])
    (pool,) = report.consequences.pools
    assert pool.name == "pain at 12 weeks"
    assert pool.records == ("Basalt 2016: retracted", "Dolomite 2018: expression of concern")
    assert report.consequences.pools_known == 2


def test_the_demo_needs_an_empty_folder_and_keeps_the_review_there(tmp_path):
    refresh_demo(tmp_path / "kept")
    assert last_report(tmp_path / "kept").at[:10] == NOVEMBER
    with pytest.raises(InputError, match="not empty"):
        refresh_demo(tmp_path / "kept")


def test_a_day_that_was_not_recorded(folder):
    with pytest.raises(InputError, match="2026-05-01, 2026-11-01"):
        Recorded(folder, "2026-06-01")
    with pytest.raises(InputError, match="nothing was recorded for the query"):
        Recorded(folder, MAY).search("anything else")


def test_everything_synthetic_says_so():
    for name in ("README.md", "review.toml", "timeline.toml"):
        assert "SYNTHETIC" in (SYNTHETIC / name).read_text(encoding="utf-8")
    records = (SYNTHETIC / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert all("SYNTHETIC" in line for line in records)
    for date in (MAY, NOVEMBER):
        text = (SYNTHETIC / f"pubmed-{date}.xml").read_text(encoding="utf-8")
        assert text.count("<PubmedArticle>") == text.count("SYNTHETIC. This record was invented")
