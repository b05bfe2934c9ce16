"""Readers of a served page without a browser: they speak to the server as Streamlit's script does.

Many browsers would need more of the machine than the server they are to load.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0  # seconds until an answer is taken for lost


@dataclass
class Heard:
    """What readers met with: ms from each choice to the end of its answer, and what went wrong.

    `cut` counts the connections that broke for readers who connect again.
    """

    taken: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    cut: int = 0


class Reader:
    """Somebody at a page, who changes one of its boxes now and then.

    `boxes` are the labels of the boxes to change; the others are left alone.
    """

    def __init__(self, port: int, page: str, boxes: tuple[str, ...], seed: int = 0) -> None:
        self.port, self.page, self.boxes = port, page, boxes
        self.chance = random.Random(seed)
        self.heard = Heard()
        self._socket: ClientConnection | None = None
        self._found: dict[str, tuple[str, list[str]]] = {}  # label: id and options
        self._chosen: dict[str, str] = {}  # id: option

    async def read(self, until: float, pause: tuple[float, float], *, again: bool = False) -> Heard:
        """Open the page and change it, with pauses of so many seconds, until a time (monotonic).

        With `again` a connection that breaks is made anew, as a browser does.
        """
        while time.monotonic() < until:
            try:
                await self._visit(until, pause)
            except (OSError, TimeoutError, WebSocketException) as error:
                if not again:
                    self.heard.errors.append(type(error).__name__)
                    break
                self.heard.cut += 1
                await asyncio.sleep(0.5)
        return self.heard

    async def _visit(self, until: float, pause: tuple[float, float]) -> None:
        async with connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=Origin(f"http://127.0.0.1:{self.port}"),
            subprotocols=[Subprotocol("streamlit")],
            compression=None,
            max_size=None,
        ) as self._socket:
            await asyncio.wait_for(self._run(), PATIENCE)
            while (left := until - time.monotonic()) > 0:
                await asyncio.sleep(min(self.chance.uniform(*pause), left))
                if time.monotonic() < until:
                    await self.change()

    async def change(self) -> None:
        """Choose another option of a box and wait for the answer."""
        offered = [box for box in self.boxes if box in self._found]
        if not offered:
            self.heard.errors.append("no box to change")
            return
        name, options = self._found[self.chance.choice(offered)]
        before = self._chosen.get(name, options[0])
        self._chosen[name] = self.chance.choice([each for each in options if each != before])
        start = time.perf_counter()
        await asyncio.wait_for(self._run(), PATIENCE)
        self.heard.taken.append(1000 * (time.perf_counter() - start))

    async def _run(self) -> None:
        assert self._socket is not None
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.widget_states.widgets.extend(
            WidgetState(id=name, string_value=value) for name, value in self._chosen.items()
        )
        await self._socket.send(message.SerializeToString())
        while True:
            raw = await self._socket.recv()
            assert isinstance(raw, bytes)
            answer = ForwardMsg()
            answer.ParseFromString(raw)
            kind = answer.WhichOneof("type")
            if kind == "delta":
                self._look(answer)
            elif kind == "script_finished":
                if answer.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    self.heard.errors.append(f"finished {answer.script_finished}")
                return

    def _look(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        match element.WhichOneof("type"):
            case "selectbox":
                box = element.selectbox
                self._found[box.label] = box.id, list(box.options)
            case "exception":
                self.heard.errors.append(element.exception.type)
            case "alert" if element.alert.format == element.alert.ERROR:
                self.heard.errors.append(element.alert.body[:80])


async def read_together(
    readers: list[Reader], seconds: float, pause: tuple[float, float], *, again: bool = False
) -> Heard:
    """Let readers read at once; they come one after the other within the first pause."""
    until = time.monotonic() + seconds

    async def come(reader: Reader, after: float) -> Heard:
        await asyncio.sleep(after)
        return await reader.read(until, pause, again=again)

    apart = pause[1] / max(len(readers), 1)
    every = await asyncio.gather(*(come(each, n * apart) for n, each in enumerate(readers)))
    return Heard(
        [ms for heard in every for ms in heard.taken],
        [said for heard in every for said in heard.errors],
        sum(heard.cut for heard in every),
    )
