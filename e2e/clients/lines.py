"""The line protocol of lines.mjs for clients in Python."""

import asyncio, json, sys

out = sys.stdout
sys.stdout = sys.stderr  # libraries may talk, but standard output is ours


def say(line):
    print(json.dumps(line), file=out, flush=True)


def event(name, **facts):
    say({"event": name, **facts})


async def answer(id, call, facts, refusal):
    try:
        say({"id": id, "ok": await call(**facts)})
    except Exception as e:
        say({"id": id, "error": refusal(e)})


async def serve(commands, events, refusal):
    """Commands may overlap: each begins in the order of its line, and answers when it is done."""
    called = {command.__name__: command for command in commands}

    async def abilities():
        return {"commands": list(called), "events": events}

    called["abilities"] = abilities
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        facts = json.loads(line)
        task = loop.create_task(answer(facts.pop("id"), called[facts.pop("command")], facts, refusal))
        running.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(running.discard)
