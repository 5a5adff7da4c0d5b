"""Pyrogram or one of its heirs as a stock client: told only the server's address and public key."""

import asyncio, base64, importlib, logging, sys, tempfile, traceback

from lines import event, serve

NAME = sys.argv[1]  # of the module: pyrogram or hydrogram
FLAVOUR = sys.argv[2]
DC = 2
ENTITIES = {"bold": "Bold", "italic": "Italic", "underline": "Underline", "strike": "Strike", "code": "Code"}
ENTITIES["spoiler"] = "Spoiler"
library = importlib.import_module(NAME)
raw, handlers = library.raw, library.handlers
functions, types = raw.functions, raw.types
rsa = importlib.import_module(NAME + ".crypto.rsa")
logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


class Client:
    library = None
    folder = tempfile.TemporaryDirectory()
    me = None
    asked = None  # for a code: (number, hash)
    position = None  # all but Kurigram leave the difference to the application
    shown = set()  # messages told as an event: a difference may bring one again


async def start(address, port, publicKey, fingerprint, **_):
    der = base64.b64decode("".join(publicKey.strip().splitlines()[1:-1]))
    number = int(fingerprint, 16)
    number -= (number >> 63) << 64
    rsa.server_public_keys[number] = rsa.PublicKey(int.from_bytes(der[9:265], "big"), 65537)
    own = {"skip_updates": False} if FLAVOUR == "kurigram" else {}
    client = Client.library = library.Client(
        "e2e", 1, "none", workdir=Client.folder.name, device_model="test", **own
    )
    go_to(client, address, port)
    client.add_handler(handlers.RawUpdateHandler(on_update))
    if Client.me:
        await client.start()
        await catch_up()
    else:
        await client.connect()
    return Client.me and Client.me.id


def go_to(client, address, port):
    if FLAVOUR == "kurigram":
        storage = client.storage
        storage.dc_id, storage.server_address, storage.port = always(DC), always(address), always(port)
    else:  # the table of addresses is compiled in
        importlib.import_module(NAME + ".connection.connection").DataCenter = lambda *_: (address, port)


def always(value):
    async def stored(*_):
        return value

    return stored


async def stop():
    await Client.library.stop()


async def requestCode(number):
    sent = await call(
        functions.auth.SendCode(phone_number=number, api_id=1, api_hash="none", settings=types.CodeSettings())
    )
    Client.asked = (number, sent.phone_code_hash)


async def enterCode(code, **_):
    await Client.library.sign_in(*Client.asked, code)
    await Client.library.disconnect()
    await Client.library.start()
    Client.me = Client.library.me
    state = await call(functions.updates.GetState())
    Client.position = state.pts, state.date
    return Client.me.id


async def call(request):
    return await Client.library.invoke(request)


async def catch_up():
    while FLAVOUR != "kurigram":
        pts, date = Client.position
        found = await call(functions.updates.GetDifference(pts=pts, date=date, qts=1))
        if isinstance(found, types.updates.DifferenceEmpty):
            return
        for message in found.new_messages:
            on_message(message)
        for update in found.other_updates:
            await on_update(None, update, None, None)
        state = getattr(found, "state", None) or found.intermediate_state
        Client.position = state.pts, state.date
        if isinstance(found, types.updates.Difference):
            return


def on_message(message):
    if message.id not in Client.shown:
        Client.shown.add(message.id)
        event("message", **seen(message))


async def on_update(_client, u, _users, _chats):
    if getattr(u, "pts", None) and Client.position:
        Client.position = max(u.pts, Client.position[0]), Client.position[1]
    if isinstance(u, types.UpdateNewMessage):
        on_message(u.message)
    elif isinstance(u, types.UpdateEditMessage):
        event("edited", **seen(u.message))
    elif isinstance(u, types.UpdateDeleteMessages):
        event("deleted", messageIds=u.messages)
    elif isinstance(u, types.UpdateReadHistoryOutbox):
        event("read", peer=u.peer.user_id, maxId=u.max_id, outbox=True)
    elif isinstance(u, types.UpdateReadHistoryInbox):
        event("read", peer=u.peer.user_id, maxId=u.max_id, outbox=False)
    elif isinstance(u, types.UpdateDialogPinned):
        event("dialogPinned", peer=u.peer.peer.user_id, on=bool(u.pinned))
    elif isinstance(u, types.UpdateFolderPeers):
        for f in u.folder_peers:
            event("listed", peer=f.peer.user_id, archived=f.folder_id == 1)
    elif isinstance(u, types.UpdateUserTyping):
        event("typing", peer=u.user_id, typing=isinstance(u.action, types.SendMessageTypingAction))
    elif isinstance(u, types.UpdateUserStatus):
        event("status", peer=u.user_id, online=isinstance(u.status, types.UserStatusOnline))
    elif isinstance(u, types.UpdateDraftMessage):
        event("draft", peer=u.peer.user_id, text=getattr(u.draft, "message", None) or "")
    elif isinstance(u, types.UpdatePinnedMessages):
        event("pinned", peer=u.peer.user_id, messageIds=u.messages, pinned=bool(u.pinned))
    elif isinstance(u, types.UpdateUserName):
        event("named", peer=u.user_id, firstName=u.first_name)


def entity(e):
    if isinstance(e, types.MessageEntityTextUrl):
        return {"type": "link", "offset": e.offset, "length": e.length, "url": e.url}
    return {"type": type(e).__name__[len("MessageEntity") :].lower(), "offset": e.offset, "length": e.length}


def raw_entity(type, offset, length, url=None):
    if type == "link":
        return types.MessageEntityTextUrl(offset=offset, length=length, url=url)
    return getattr(types, "MessageEntity" + ENTITIES[type])(offset=offset, length=length)


def seen(m):
    service = isinstance(m, types.MessageService)
    forwarded = None if service else m.fwd_from
    return {
        "peer": m.peer_id.user_id,
        "from": m.from_id.user_id if m.from_id else Client.me.id if m.out else m.peer_id.user_id,
        "text": type(m.action).__name__ if service else m.message,
        "messageId": m.id,
        "out": bool(m.out),
        "service": service,
        "pinned": not service and bool(m.pinned),
        "edited": not service and bool(m.edit_date),
        "entities": [] if service else [entity(e) for e in m.entities or []],
        "replyTo": m.reply_to and m.reply_to.reply_to_msg_id,
        "quote": getattr(m.reply_to, "quote_text", None),
        "forwardedFrom": forwarded and forwarded.from_id and forwarded.from_id.user_id,
    }


async def peer_of(id):
    return await Client.library.resolve_peer(id)


async def user_of(id):
    peer = await peer_of(id)
    return types.InputUser(user_id=peer.user_id, access_hash=peer.access_hash)


async def logOut():
    await Client.library.log_out()


async def deleteAccount():
    await call(functions.account.DeleteAccount(reason="tested"))


async def setUsername(username):
    await Client.library.set_username(username)


async def findByNumber(number, name=None):
    contact = types.InputPhoneContact(client_id=0, phone=number, first_name=name or number, last_name="")
    found = await call(functions.contacts.ImportContacts(contacts=[contact]))
    return found.imported[0].user_id if found.imported else None


async def findByUsername(username):
    return (await Client.library.get_users(username)).id


async def contacts():
    return [user.id for user in await Client.library.get_contacts()]


async def removeContact(peer):
    await Client.library.delete_contacts(peer)


async def send(peer, text, entities=[], replyTo=None, quote=None, silent=None):
    if not (entities or replyTo):
        return (await Client.library.send_message(peer, text, disable_notification=silent)).id
    reply = {}
    if replyTo and hasattr(types, "InputReplyToMessage"):
        quoted = {"quote_text": quote} if quote else {}
        reply = {"reply_to": types.InputReplyToMessage(reply_to_msg_id=replyTo, **quoted)}
    elif replyTo:
        reply = {"reply_to_msg_id": replyTo}
    random = Client.library.rnd_id()
    target, formatting = await peer_of(peer), [raw_entity(**e) for e in entities] or None
    sent = await call(
        functions.messages.SendMessage(peer=target, message=text, random_id=random, entities=formatting, **reply)
    )
    return next(u.id for u in sent.updates if isinstance(u, types.UpdateMessageID))


async def forward(peer, messageId, to):
    sent = await Client.library.forward_messages(to, peer, [messageId])
    return sent[0].id


async def edit(peer, messageId, text, entities=[]):
    formatting = [raw_entity(**e) for e in entities]
    target = await peer_of(peer)
    await call(functions.messages.EditMessage(peer=target, id=messageId, message=text, entities=formatting))


async def delete(peer, messageIds, both):
    await Client.library.delete_messages(peer, messageIds, revoke=both)


async def read(peer, messageId):
    await Client.library.read_chat_history(peer, max_id=messageId)


async def typing(peer):
    await Client.library.send_chat_action(peer, library.enums.ChatAction.TYPING)


async def draft(peer, text):
    await call(functions.messages.SaveDraft(peer=await peer_of(peer), message=text))


async def pin(peer, messageId, on):
    if on:
        await Client.library.pin_chat_message(peer, messageId, both_sides=True)
    else:
        await Client.library.unpin_chat_message(peer, messageId)


async def pinDialog(peer, on):
    dialog = types.InputDialogPeer(peer=await peer_of(peer))
    await call(functions.messages.ToggleDialogPin(peer=dialog, pinned=on or None))


async def archive(peer, on):
    await (Client.library.archive_chats if on else Client.library.unarchive_chats)(peer)


async def history(peer):
    found = await call(
        functions.messages.GetHistory(
            peer=await peer_of(peer), offset_id=0, offset_date=0, add_offset=0, limit=100, max_id=0, min_id=0, hash=0
        )
    )
    return [seen(m) for m in reversed(found.messages)]


async def dialogs(archived=False):
    found = await call(
        functions.messages.GetDialogs(
            offset_date=0,
            offset_id=0,
            offset_peer=types.InputPeerEmpty(),
            limit=100,
            hash=0,
            folder_id=1 if archived else 0,
        )
    )
    texts = {m.id: getattr(m, "message", None) for m in found.messages}
    return [
        {
            "peer": d.peer.user_id,
            "top": texts.get(d.top_message),
            "unread": d.unread_count,
            "readOutbox": d.read_outbox_max_id,
            "pinned": bool(d.pinned),
            "draft": getattr(d.draft, "message", None) or "",
        }
        for d in found.dialogs
        if isinstance(d, types.Dialog)
    ]


async def search(peer, text):
    return [m.text async for m in Client.library.search_messages(peer, text)]


async def searchAll(text):
    return [m.text async for m in Client.library.search_global(text)]


async def clear(peer, both):
    await call(
        functions.messages.DeleteHistory(peer=await peer_of(peer), max_id=0, revoke=both or None, just_clear=None)
    )


async def block(peer, on):
    await (Client.library.block_user if on else Client.library.unblock_user)(peer)


async def blocked():
    found = await call(functions.contacts.GetBlocked(offset=0, limit=100))
    return [b.peer_id.user_id for b in found.blocked]


async def setProfile(firstName, lastName, about):
    await Client.library.update_profile(first_name=firstName, last_name=lastName, bio=about)


async def profile(peer):
    full = await call(functions.users.GetFullUser(id=await user_of(peer)))
    user = next(u for u in full.users if u.id == peer)
    names = [n.username for n in user.usernames or []]
    return {
        "firstName": user.first_name,
        "lastName": user.last_name or "",
        "username": user.username or (names[0] if names else ""),
        "number": user.phone or "",
        "about": full.full_user.about or "",
        "status": type(user.status).__name__[len("UserStatus") :].lower() if user.status else "",
        "blocked": bool(full.full_user.blocked),
    }


async def online(on):
    await call(functions.account.UpdateStatus(offline=not on))


async def setPrivacy(key, allow):
    rule = types.InputPrivacyValueAllowAll() if allow else types.InputPrivacyValueDisallowAll()
    await call(functions.account.SetPrivacy(key=getattr(types, "InputPrivacyKey" + key)(), rules=[rule]))


async def sessions():
    found = await call(functions.account.GetAuthorizations())
    return [{"session": str(a.hash), "current": bool(a.current), "device": a.device_model} for a in found.authorizations]


async def endSession(session):
    await call(functions.account.ResetAuthorization(hash=int(session)))


COMMANDS = [
    start, stop, requestCode, enterCode, logOut, deleteAccount, setUsername, findByNumber, findByUsername, contacts,
    removeContact, send, forward, edit, delete, read, typing, draft, pin, pinDialog, archive, history, dialogs, search,
    searchAll, clear, block, blocked, setProfile, profile, online, setPrivacy, sessions, endSession,
]  # fmt: skip
EVENTS = [
    "message", "edited", "deleted", "read", "typing", "status", "draft", "pinned", "dialogPinned", "listed", "named",
]  # fmt: skip


def refusal(e):
    if isinstance(e, library.errors.RPCError):
        return f"{e.CODE} {e.ID}"
    return "".join(traceback.format_exception(e))


asyncio.run(serve(COMMANDS, EVENTS, refusal))
