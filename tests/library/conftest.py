"""What tests of permissions need."""

import os
import stat

import pytest

from . import in_child

NOBODY = 65534


@pytest.fixture
def somebody(tmp_path):
    """Runs something as a user whom permissions bind; root is bound by none."""
    if os.geteuid() != 0:
        return in_child
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    if in_child(lambda: os.listdir(tmp_path), user=NOBODY) != 0:
        pytest.skip("root is refused nothing, and cannot become somebody else here")
    return lambda act: in_child(act, user=NOBODY)
