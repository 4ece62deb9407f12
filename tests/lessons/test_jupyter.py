"""Question: do the settings we give Jupyter's servers name what these servers can use?"""

import json
from pathlib import Path

import pytest

import ketalit.lessons

CONFIG = Path(ketalit.lessons.__file__).parent / "jupyter" / "config"


@pytest.mark.parametrize(
    ("module", "name", "file"),
    [("jupyter_server.serverapp", "ServerApp", "jupyter_server_config.json"), ("voila.app", "Voila", "voila.json")],
)
def test_every_setting_is_one_the_server_knows_and_takes(module, name, file):
    server = getattr(pytest.importorskip(module), name)
    (section, settings), *more = json.loads((CONFIG / file).read_text(encoding="utf-8")).items()
    assert (section, more) == (name, [])
    made = server(**settings)  # a value that does not fit is refused
    assert settings.keys() <= made.traits(config=True).keys()
    made.websocket = made.kernel_websocket_connection_class
    assert hasattr(made.websocket, "connect")
