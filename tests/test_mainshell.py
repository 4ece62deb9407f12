"""Question: does a kernel hear a slider and the button beside it one after the other, as a person moves them?"""

import ast

import pytest

MAKES = """
import threading, time
import ipywidgets
from ketalit.lessons.control import Control, Number

heard = []

def note(what):
    heard.append((what, "begins", threading.current_thread().name))
    time.sleep(0.1)
    heard.append((what, "ends", threading.current_thread().name))

slider = Control(Number(key="a", label="A", value=0, low=0, high=9, step=1))
slider.observe(lambda change: note(change.new), "value")
reset = ipywidgets.Button()
reset.on_click(lambda _: note("reset"))
"""


class Kernel:
    """A kernel of IPython, with messages as JupyterLab sends them."""

    def __init__(self, client):
        self.client = client

    def run(self, code="", wanted="None"):
        """Run code, and give a value back."""
        self.client.execute(code, user_expressions={"wanted": wanted})
        while True:
            said = self.client.get_shell_msg(timeout=60)["content"]
            if "user_expressions" in said:
                assert said["status"] == "ok", said
                return ast.literal_eval(said["user_expressions"]["wanted"]["data"]["text/plain"])

    def subshell(self):
        """A new thread for messages of widgets, as JupyterLab asks for one; skips where there is no such thing."""
        self.client.control_channel.send(self.client.session.msg("create_subshell_request"))
        said = self.client.get_control_msg(timeout=60)["content"]
        if said.get("status") != "ok":
            pytest.skip("this ipykernel knows of no subshells")
        return said["subshell_id"]

    def tell(self, comm, content, subshell):
        """What a widget says."""
        said = self.client.session.msg("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})
        said["header"]["subshell_id"] = subshell
        self.client.shell_channel.send(said)


@pytest.fixture
def kernel():
    starting = pytest.importorskip("jupyter_client.manager", reason="jupyter_client is not installed").start_new_kernel
    manager, client = starting(kernel_name="python3")
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_widgets_are_heard_in_order_where_a_kernel_has_threads_for_them(kernel):
    kernel.run(MAKES)
    subshell = kernel.subshell()
    slider, reset = kernel.run(wanted="slider.comm.comm_id, reset.comm.comm_id")
    for round_ in (1, 2):  # ipykernel hears a widget that has answered in the thread of what it answered
        kernel.tell(slider, {"value": round_, "move": str(round_)}, subshell)
        kernel.tell(slider, {"value": 5, "move": f"{round_} more"}, subshell)
        kernel.tell(reset, {"event": "click"}, subshell)
        heard = kernel.run(wanted="heard")
        while len(heard) < 6 * round_:
            heard = kernel.run("time.sleep(0.05)", wanted="heard")
        assert [what for what, _, _ in heard[-6:]] == [round_, round_, 5, 5, "reset", "reset"]
        assert [when for _, when, _ in heard[-6:]] == ["begins", "ends"] * 3
    assert {thread for _, _, thread in heard} == {"MainThread"}
