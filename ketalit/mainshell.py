"""Widgets of a notebook, heard one after the other."""

from __future__ import annotations

import sys


def hear_in_order() -> None:
    """Have a kernel hear all widgets in its main thread, in the order in which a person acts.

    JupyterLab 4.4 and later send what widgets say to a thread of the kernel of their own, a "subshell"
    (jupyterlab/jupyterlab#17363), and ipykernel 7.4 hears each widget in the thread in which it spoke last
    (`ipykernel/comm/comm.py`). A slider and the button Reset beside it are then heard at the same time, and which of
    them comes last is a matter of luck; so is which number is saved. Upstream: jupyterlab/jupyterlab#19719.

    It holds for every widget of this kernel. Nothing happens outside of a kernel, or in an older one.

    >>> hear_in_order()
    """
    comm = sys.modules.get("ipykernel.comm.comm")  # every kernel that could do so has it
    if hasattr(getattr(comm, "BaseComm", None), "_reply_subshell_for"):
        comm.BaseComm._reply_subshell_for = lambda self, data, default: None  # type: ignore[union-attr]
