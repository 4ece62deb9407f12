"""Questions: are key and e-mail found, kept out of sight, and is NCBI replaced only by this machine?"""

import os

import platformdirs
import pytest

from ketalit.entrez.settings import EUTILS, IDCONV, Settings, config_file, load_settings
from ketalit.errors import InputError

KEY = "0123456789abcdef0123456789abcdef0f0e"


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_config_path", lambda _name: tmp_path)
    return tmp_path / "config.toml"


def test_nothing_given():
    settings = load_settings({})
    assert settings == Settings()
    assert (settings.tool, settings.email, settings.api_key, settings.rate) == ("ketalit", "", "", 3)
    assert (settings.base_url, settings.idconv_url) == (EUTILS, IDCONV)


def test_the_environment_is_stripped_and_beats_the_file(config):
    config.write_text('api_key = "of-the-file"\nemail = " file@example.org "\n')
    settings = load_settings({"NCBI_API_KEY": f" {KEY}\n"})
    assert (settings.api_key, settings.email, settings.rate) == (KEY, "file@example.org", 10)
    settings = load_settings({"NCBI_API_KEY": "\n", "NCBI_EMAIL": "me@example.org"})
    assert (settings.api_key, settings.email) == ("of-the-file", "me@example.org")
    assert config_file() == config


def test_neither_is_in_the_repr():
    shown = repr(load_settings({"NCBI_API_KEY": KEY, "NCBI_EMAIL": "me@example.org"}))
    assert KEY not in shown
    assert "me@" not in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"api_key = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"api_key = 5", "api_key is not a text"),
        (b'api_key = "top secret"', "holds characters that an API key never has"),
    ],
)
def test_a_bad_config_file_is_named_without_its_content(config, content, words):
    config.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        load_settings({})
    assert str(config) in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_config_file_that_cannot_be_read_is_told(config):
    config.mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        load_settings({})
    assert load_settings({"NCBI_API_KEY": KEY, "NCBI_EMAIL": "me@example.org"}).api_key == KEY


def test_a_config_folder_that_is_none_is_like_no_file(config, monkeypatch):
    config.write_text("")
    monkeypatch.setattr(platformdirs, "user_config_path", lambda _name: config)
    assert load_settings({}) == Settings()


@pytest.mark.parametrize("value", ["two words", "line\nbreak", "ключ", "esc\x1b[0m"])
def test_what_can_be_no_key_or_email_is_refused_without_showing_it(value):
    for name in ("NCBI_API_KEY", "NCBI_EMAIL"):
        with pytest.raises(InputError, match=name) as caught:
            load_settings({name: value})
        assert value not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8000/", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:9/", "http://127.9.9.9/x/"],
)
def test_this_machine_may_stand_in_for_ncbi(address):
    settings = load_settings({"KETALIT_EUTILS": f" {address} "})
    root = address.rstrip("/")
    assert settings.base_url == f"{root}/entrez/eutils/"
    assert settings.idconv_url == f"{root}/tools/idconv/api/v1/articles/"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "http://192.0.2.1/", "http://127.0.0.1.example.org/", "http://127.0.0.1@example.org/",
        "http://example.org@127.0.0.1/", "ftp://127.0.0.1/", "127.0.0.1:8000", "http://localhost.example.org", "file:///etc",
        "http://[::1", "http://127.0.0.1/?x=1", "http://0.0.0.0/",
    ],
)  # fmt: skip
def test_no_other_machine_may(address):
    with pytest.raises(InputError, match="KETALIT_EUTILS"):
        load_settings({"KETALIT_EUTILS": address})


def test_a_blank_stand_in_is_none(tmp_path):
    settings = load_settings({"KETALIT_EUTILS": " ", "KETALIT_STATE": str(tmp_path)})
    assert settings.base_url == EUTILS
    assert settings.state == tmp_path


def test_it_reads_the_environment_of_the_process(monkeypatch):
    monkeypatch.setenv("NCBI_EMAIL", "process@example.org")
    assert load_settings().email == "process@example.org"
    assert load_settings(os.environ).email == "process@example.org"
