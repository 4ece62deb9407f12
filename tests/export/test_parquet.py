"""Questions: are the types true, is a missing value null with its reason, do titles and units travel along?"""

import io
import sys

import pandas as pd
import pytest

from ketalit.errors import InputError
from ketalit.export import export
from ketalit.fields import FIELDS
from ketalit.table import evidence_table
from ketalit.table.cells import CELL_TYPES
from tests.export.hostile import hostile_review
from tests.synthetic_review import synthetic_review


@pytest.fixture(scope="module")
def table():
    return evidence_table(synthetic_review(), view="full")


def test_without_pyarrow_the_extra_is_named(table, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "ketalit.export.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r'pip install "ketalit\[parquet\]"'):
        export(table, tmp_path / "evidence.parquet")
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def files(table, tmp_path_factory):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    paths = export(table, tmp_path_factory.mktemp("parquet") / "evidence.parquet")
    assert [path.name for path in paths] == ["evidence.parquet", "evidence.sources.parquet"]
    return [parquet.read_table(path) for path in paths]


def test_values_are_those_of_the_table_in_their_types(files, table):
    values = files[0]
    assert values.column("study").to_pylist() == list(table.frame.index)
    for name in table.frame.columns:
        expected = [None if pd.isna(value) else value for value in table.frame[name]]
        assert values.column(name).to_pylist() == expected
    types = {name: str(values.schema.field(name).type) for name in ("n_total", "dose_mg_per_kg", "randomised", "dose")}
    assert types == {"n_total": "int64", "dose_mg_per_kg": "double", "randomised": "bool", "dose": "string"}


def test_a_value_is_missing_for_a_reason(files, table):
    values, shown = files[0], table.winners()
    for field in table.fields:
        reasons = values.column(f"{field.name}_missing").to_pylist()
        assert reasons == [shown[study, field.name].missing or None for study in table.frame.index]
        for value, reason in zip(values.column(field.name).to_pylist(), reasons, strict=True):
            assert (value is None) == (reason is not None)


def test_titles_units_and_caveats_travel_along(files):
    field = files[0].schema.field("dose_mg_per_kg")
    assert field.metadata == {b"title": b"Dose", b"help": FIELDS["dose_mg_per_kg"].help.encode(), b"unit": b"mg/kg"}
    about = files[0].schema.metadata
    assert b"not a systematic search" in about[b"how_found"]
    assert b"nobody has looked" in about[b"not checked"]


def test_every_candidate_is_among_the_sources(files, table):
    sources = files[1]
    assert sources.column_names == list(CELL_TYPES)
    assert sources.num_rows == len(table.cells)
    assert sources.column("winner").to_pylist().count(True) == len(table.frame) * len(table.fields)


def test_hostile_texts_come_back_to_the_letter(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    table = evidence_table(hostile_review(), view="full")
    path, *_ = export(table, tmp_path / "evidence.parquet")
    assert parquet.read_table(io.BytesIO(path.read_bytes())).column("title").to_pylist() == list(table.frame["title"])
