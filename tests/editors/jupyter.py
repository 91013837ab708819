"""JupyterLab's side of a conversation: plain JSON over the web socket of jupyter-lsp.

Run by Jupyter's own Python: `jupyter.py ADDRESS URI TEXT` prints what is found, and the edits that
the first quick fix would make, as a line of JSON each.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from tornado.websocket import websocket_connect

PATIENCE = 60.0


async def main(address: str, uri: str, text: str) -> None:
    socket = await websocket_connect(address)

    async def send(method: str, params: Any, **more: Any) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params, **more}
        await socket.write_message(json.dumps(message))

    async def until(wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            message = json.loads(await asyncio.wait_for(socket.read_message(), PATIENCE))
            if wanted(message):
                return dict(message)

    # What JupyterLab announces is this little, and no notebooks: each is one document.
    able = {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [2, 1]}}}}
    root = uri.rpartition("/")[0]
    await send("initialize", {"processId": None, "rootUri": root, "capabilities": able}, id=1)
    await until(lambda message: message.get("id") == 1)
    await send("initialized", {})
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    await send("textDocument/didOpen", {"textDocument": item})
    told = await until(lambda one: one.get("method") == "textDocument/publishDiagnostics")
    found = told["params"]["diagnostics"]
    print(json.dumps([(one["code"], one["range"]["start"]["line"]) for one in found]))
    about = {"diagnostics": found[:1], "only": ["quickfix"]}
    place = {"textDocument": {"uri": uri}, "range": found[0]["range"], "context": about}
    await send("textDocument/codeAction", place, id=2)
    actions = (await until(lambda message: message.get("id") == 2))["result"]
    print(json.dumps([one["newText"] for one in actions[0]["edit"]["changes"][uri]]))
    socket.close()


asyncio.run(main(*sys.argv[1:]))
