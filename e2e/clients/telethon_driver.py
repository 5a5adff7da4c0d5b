"""Telethon as a stock client: told only the server's address, transport and public key."""

import asyncio, logging, sys, traceback

from telethon import TelegramClient, errors, events, functions, types, utils
from telethon.crypto import rsa
from telethon.network import connection as connections
from telethon.sessions import MemorySession

from lines import event, serve

DC = 2
TRANSPORTS = {
    "full": connections.ConnectionTcpFull,
    "abridged": connections.ConnectionTcpAbridged,
    "intermediate": connections.ConnectionTcpIntermediate,
    "obfuscated": connections.ConnectionTcpObfuscated,
    "secret": connections.ConnectionTcpMTProxyAbridged,
    "padded": connections.ConnectionTcpMTProxyRandomizedIntermediate,
}
logging.basicConfig(stream=sys.stderr, level=logging.WARNING)


class Client:
    telethon = None
    session = MemorySession()  # outlives a stop: address, auth key, peers, pts
    started = False
    me = None
    number = None


async def start(address, port, publicKey, transport, secret=None, **_):
    rsa.add_key(publicKey.encode(), old=False)
    if Client.session.auth_key is None:
        Client.session.set_dc(DC, address, port)
    telethon = Client.telethon = TelegramClient(
        Client.session,
        1,
        "none",
        connection=TRANSPORTS[transport],
        proxy=(address, port, secret) if secret else None,
        catch_up=Client.me is not None,
        connection_retries=1000,
        retry_delay=0.1,
        device_model="test",
    )
    for builder, handler in HANDLERS:
        telethon.add_event_handler(handler, builder)
    await telethon.connect()
    return Client.me and Client.me.id


async def stop():
    await Client.telethon.disconnect()


async def requestCode(number):
    Client.number = number
    await Client.telethon.send_code_request(number)


async def enterCode(code, **_):
    Client.me = await Client.telethon.sign_in(Client.number, code)
    return Client.me.id


def peer_id(peer):
    return utils.get_peer_id(peer)


def entity(e):
    if isinstance(e, types.MessageEntityTextUrl):
        return {"type": "link", "offset": e.offset, "length": e.length, "url": e.url}
    kind = type(e).__name__[len("MessageEntity") :].lower()
    return {"type": kind, "offset": e.offset, "length": e.length}


def raw_entity(type, offset, length, url=None):
    if type == "link":
        return types.MessageEntityTextUrl(offset, length, url)
    return getattr(types, "MessageEntity" + type.capitalize())(offset, length)


def seen(m):
    forwarded = m.fwd_from and m.fwd_from.from_id
    return {
        "peer": peer_id(m.peer_id),
        "from": m.sender_id,
        "text": type(m.action).__name__ if m.action else m.message,
        "messageId": m.id,
        "out": bool(m.out),
        "service": bool(m.action),
        "silent": bool(m.silent),
        "pinned": bool(m.pinned),
        "edited": bool(m.edit_date),
        "entities": [entity(e) for e in m.entities or []],
        "replyTo": m.reply_to and m.reply_to.reply_to_msg_id,
        "quote": getattr(m.reply_to, "quote_text", None),
        "forwardedFrom": forwarded and peer_id(forwarded),
    }


async def on_message(e):
    event("message", **seen(e.message))


async def on_edit(e):
    event("edited", **seen(e.message))


async def on_deletion(e):
    event("deleted", messageIds=e.deleted_ids)


async def on_raw(u):
    if isinstance(u, types.UpdateReadHistoryOutbox):
        event("read", peer=peer_id(u.peer), maxId=u.max_id, outbox=True)
    elif isinstance(u, types.UpdateReadHistoryInbox):
        event("read", peer=peer_id(u.peer), maxId=u.max_id, outbox=False)
    elif isinstance(u, types.UpdateDialogPinned):
        event("dialogPinned", peer=peer_id(u.peer.peer), on=bool(u.pinned))
    elif isinstance(u, types.UpdateFolderPeers):
        for f in u.folder_peers:
            event("listed", peer=peer_id(f.peer), archived=f.folder_id == 1)
    elif isinstance(u, types.UpdateUserTyping):
        event("typing", peer=u.user_id, typing=isinstance(u.action, types.SendMessageTypingAction))
    elif isinstance(u, types.UpdateUserStatus):
        event("status", peer=u.user_id, online=isinstance(u.status, types.UserStatusOnline))
    elif isinstance(u, types.UpdateDraftMessage):
        event("draft", peer=peer_id(u.peer), text=getattr(u.draft, "message", ""))
    elif isinstance(u, types.UpdatePinnedMessages):
        event("pinned", peer=peer_id(u.peer), messageIds=u.messages, pinned=bool(u.pinned))
    elif isinstance(u, types.UpdateUserName):
        event("named", peer=u.user_id, firstName=u.first_name)


HANDLERS = [
    (events.NewMessage(), on_message),
    (events.MessageEdited(), on_edit),
    (events.MessageDeleted(), on_deletion),
    (events.Raw(), on_raw),
]


async def call(request):
    await Client.telethon(request)


async def logOut():
    await Client.telethon.log_out()


async def deleteAccount():
    await call(functions.account.DeleteAccountRequest(reason="tested"))


async def setUsername(username):
    await call(functions.account.UpdateUsernameRequest(username))


async def findByNumber(number, name=None):
    contact = types.InputPhoneContact(client_id=0, phone=number, first_name=name or number, last_name="")
    found = await Client.telethon(functions.contacts.ImportContactsRequest([contact]))
    return found.imported[0].user_id if found.imported else None


async def findByUsername(username):
    return (await Client.telethon.get_entity(username)).id


async def contacts():
    found = await Client.telethon(functions.contacts.GetContactsRequest(hash=0))
    return [user.id for user in found.users]


async def removeContact(peer):
    await call(functions.contacts.DeleteContactsRequest(id=[peer]))


async def send(peer, text, entities=[], replyTo=None, quote=None, silent=None):
    if not quote:
        formatting = [raw_entity(**e) for e in entities]
        return (
            await Client.telethon.send_message(
                peer, text, formatting_entities=formatting, reply_to=replyTo, silent=silent, link_preview=False
            )
        ).id
    reply_to = types.InputReplyToMessage(replyTo, quote_text=quote)
    target = await Client.telethon.get_input_entity(peer)
    sent = await Client.telethon(functions.messages.SendMessageRequest(target, text, reply_to=reply_to))
    return next(u.id for u in sent.updates if isinstance(u, types.UpdateMessageID))


async def forward(peer, messageId, to):
    return (await Client.telethon.forward_messages(to, messageId, peer)).id


async def edit(peer, messageId, text, entities=[]):
    formatting = [raw_entity(**e) for e in entities]
    await Client.telethon.edit_message(peer, messageId, text, formatting_entities=formatting)


async def delete(peer, messageIds, both):
    await Client.telethon.delete_messages(peer, messageIds, revoke=both)


async def read(peer, messageId):
    await Client.telethon.send_read_acknowledge(peer, max_id=messageId)


async def typing(peer):
    await call(functions.messages.SetTypingRequest(peer, types.SendMessageTypingAction()))


async def draft(peer, text):
    await call(functions.messages.SaveDraftRequest(peer, text))


async def pin(peer, messageId, on):
    await (Client.telethon.pin_message if on else Client.telethon.unpin_message)(peer, messageId)


async def pinDialog(peer, on):
    await call(functions.messages.ToggleDialogPinRequest(peer, pinned=on))


async def archive(peer, on):
    await Client.telethon.edit_folder(peer, 1 if on else 0)


async def history(peer):
    return [seen(m) async for m in Client.telethon.iter_messages(peer, reverse=True)]


async def dialogs(archived=False):
    return [
        {
            "peer": d.id,
            "top": d.message and d.message.message,
            "unread": d.unread_count,
            "readOutbox": d.dialog.read_outbox_max_id,
            "pinned": bool(d.pinned),
            "draft": d.draft.raw_text or "",
        }
        async for d in Client.telethon.iter_dialogs(archived=archived)
    ]


async def search(peer, text):
    return [m.message async for m in Client.telethon.iter_messages(peer, search=text)]


async def searchAll(text):
    return [m.message async for m in Client.telethon.iter_messages(None, search=text)]


async def clear(peer, both):
    await Client.telethon.delete_dialog(peer, revoke=both)


async def block(peer, on):
    request = functions.contacts.BlockRequest if on else functions.contacts.UnblockRequest
    await call(request(peer))


async def blocked():
    found = await Client.telethon(functions.contacts.GetBlockedRequest(offset=0, limit=100))
    return [peer_id(b.peer_id) for b in found.blocked]


async def setProfile(firstName, lastName, about):
    await call(functions.account.UpdateProfileRequest(firstName, lastName, about))


async def profile(peer):
    full = await Client.telethon(functions.users.GetFullUserRequest(peer))
    user = next(u for u in full.users if u.id == peer)
    names = [n.username for n in getattr(user, "usernames", None) or []]
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
    await call(functions.account.UpdateStatusRequest(offline=not on))


async def setPrivacy(key, allow):
    rule = types.InputPrivacyValueAllowAll() if allow else types.InputPrivacyValueDisallowAll()
    await call(functions.account.SetPrivacyRequest(getattr(types, "InputPrivacyKey" + key)(), [rule]))


async def sessions():
    found = await Client.telethon(functions.account.GetAuthorizationsRequest())
    return [{"session": str(a.hash), "current": bool(a.current), "device": a.device_model} for a in found.authorizations]


async def endSession(session):
    await call(functions.account.ResetAuthorizationRequest(int(session)))


COMMANDS = [
    start, stop, requestCode, enterCode, logOut, deleteAccount, setUsername, findByNumber, findByUsername, contacts,
    removeContact, send, forward, edit, delete, read, typing, draft, pin, pinDialog, archive, history, dialogs, search,
    searchAll, clear, block, blocked, setProfile, profile, online, setPrivacy, sessions, endSession,
]  # fmt: skip
EVENTS = ["message", "edited", "deleted", "read", "typing", "status", "draft", "pinned", "dialogPinned", "listed", "named"]


def refusal(e):
    if isinstance(e, errors.RPCError):
        return f"{e.code} {e.message}"
    return "".join(traceback.format_exception(e))


asyncio.run(serve(COMMANDS, EVENTS, refusal))
