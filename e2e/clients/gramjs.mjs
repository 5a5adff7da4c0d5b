// GramJS as a stock client: told only the server's address, transport and public key.
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { event, serve } from './lines.mjs';

const require = createRequire(import.meta.url);
const bigInt = require('big-integer');
const { Api, TelegramClient, utils } = require('telegram');
const { _serverKeys } = require('telegram/crypto/RSA');
const { Logger, PromisedWebSockets } = require('telegram/extensions');
const { LogLevel } = require('telegram/extensions/Logger');
const { UpdateConnectionState } = require('telegram/network');
const connections = require('telegram/network/connection');
const { Raw } = require('telegram/events');
const { StringSession } = require('telegram/sessions');
const { generateRandomLong } = require('telegram/Helpers');

const DC = 2;
const TRANSPORTS = {
  secret: connections.ConnectionTCPAbridged, // replaced by its own for proxies
  abridged: connections.ConnectionTCPAbridged,
  full: connections.ConnectionTCPFull,
  obfuscated: connections.ConnectionTCPObfuscated,
  websocket: connections.ConnectionTCPObfuscated,
};
const ENTITIES = ['Bold', 'Italic', 'Underline', 'Strike', 'Code', 'Spoiler'];
const session = new StringSession(''); // outlives a stop: address, auth key
let client;
let position; // what it has seen: GramJS leaves the difference to the application
let me;
let asked; // for a code: {phoneNumber, phoneCodeHash}
const shown = new Set(); // messages told as an event: a difference may bring one again

async function start({ address, port, publicKey, fingerprint, transport, secret }) {
  trust(publicKey, fingerprint);
  const Transport = TRANSPORTS[transport];
  // It knows no other ports than 80 and 443.
  class Here extends Transport {
    constructor(options) {
      super({ ...options, ip: address, port });
    }
  }
  if (!session.serverAddress) session.setDC(DC, address, 443); // it cannot keep a port above 32767
  client = new TelegramClient(session, 1, 'none', {
    connection: Here,
    ...(secret && { proxy: { ip: address, port, secret, MTProxy: true } }),
    ...(transport === 'websocket' && { networkSocket: PromisedWebSockets }),
    baseLogger: new Logger(LogLevel.WARN),
    connectionRetries: 1000,
    retryDelay: 100,
    deviceModel: 'test',
  });
  client.onError = async e => console.error('gramjs', e);
  client.addEventHandler(onUpdate, new Raw({}));
  await client.connect();
  if (!me) return null;
  await catchUp();
  return Number(me.id);
}

function trust(publicKey, fingerprint) {
  const { n, e } = createPublicKey(publicKey).export({ format: 'jwk' });
  const number = part => bigInt(Buffer.from(part, 'base64url').toString('hex'), 16);
  const id = BigInt.asIntN(64, BigInt(`0x${fingerprint}`));
  _serverKeys.set(String(id), { n: number(n), e: Number(number(e)) });
}

async function catchUp() {
  for (;;) {
    const { pts, qts, date } = position;
    const d = await client.invoke(new Api.updates.GetDifference({ pts, qts, date }));
    if (d instanceof Api.updates.DifferenceEmpty) return;
    d.newMessages.forEach(onMessage);
    d.otherUpdates.forEach(onUpdate);
    const state = d.state ?? d.intermediateState;
    position = { pts: state.pts, qts: state.qts, date: state.date };
    if (d instanceof Api.updates.Difference) return;
  }
}

function onMessage(m) {
  if (shown.has(m.id)) return;
  shown.add(m.id);
  event('message', seen(m));
}

function onUpdate(u) {
  // It leaves to the application, too, what it missed while the connection was lost.
  const isBack = u instanceof UpdateConnectionState && u.state === UpdateConnectionState.connected;
  if (position && (isBack || u instanceof Api.UpdatesTooLong)) {
    catchUp().catch(e => console.error('gramjs', e));
    return;
  }
  if (u.pts && position) position.pts = Math.max(position.pts, u.pts);
  switch (u.className) {
    case 'UpdateNewMessage':
      onMessage(u.message);
      break;
    case 'UpdateEditMessage':
      event('edited', seen(u.message));
      break;
    case 'UpdateDeleteMessages':
      if (u.messages.length) event('deleted', { messageIds: u.messages });
      break;
    case 'UpdateReadHistoryOutbox':
      event('read', { peer: id(u.peer), maxId: u.maxId, outbox: true });
      break;
    case 'UpdateReadHistoryInbox':
      event('read', { peer: id(u.peer), maxId: u.maxId, outbox: false });
      break;
    case 'UpdateDialogPinned':
      event('dialogPinned', { peer: id(u.peer.peer), on: Boolean(u.pinned) });
      break;
    case 'UpdateFolderPeers':
      for (const f of u.folderPeers) event('listed', { peer: id(f.peer), archived: f.folderId === 1 });
      break;
    case 'UpdateUserTyping':
      event('typing', { peer: Number(u.userId), typing: u.action instanceof Api.SendMessageTypingAction });
      break;
    case 'UpdateUserStatus':
      event('status', { peer: Number(u.userId), online: u.status instanceof Api.UserStatusOnline });
      break;
    case 'UpdateDraftMessage':
      event('draft', { peer: id(u.peer), text: u.draft.message ?? '' });
      break;
    case 'UpdatePinnedMessages':
      event('pinned', { peer: id(u.peer), messageIds: u.messages, pinned: Boolean(u.pinned) });
      break;
    case 'UpdateUserName':
      event('named', { peer: Number(u.userId), firstName: u.firstName });
      break;
  }
}

const id = peer => Number(utils.getPeerId(peer));

const entity = e => ({
  type: e instanceof Api.MessageEntityTextUrl ? 'link' : e.className.slice('MessageEntity'.length).toLowerCase(),
  offset: e.offset,
  length: e.length,
  ...(e.url && { url: e.url }),
});

function rawEntity({ type, offset, length, url }) {
  if (type === 'link') return new Api.MessageEntityTextUrl({ offset, length, url });
  return new Api['MessageEntity' + ENTITIES.find(e => e.toLowerCase() === type)]({ offset, length });
}

const seen = m => ({
  peer: id(m.peerId),
  from: m.fromId ? id(m.fromId) : m.out ? Number(me.id) : id(m.peerId),
  text: m.action ? m.action.className : m.message,
  messageId: m.id,
  out: Boolean(m.out),
  service: Boolean(m.action),
  silent: Boolean(m.silent),
  pinned: Boolean(m.pinned),
  edited: Boolean(m.editDate),
  entities: m.entities?.map(entity) ?? [],
  replyTo: m.replyTo?.replyToMsgId ?? null,
  quote: m.replyTo?.quoteText ?? null,
  forwardedFrom: m.fwdFrom?.fromId ? id(m.fwdFrom.fromId) : null,
});

async function dialogs({ archived }) {
  const all = await client.getDialogs({ folder: archived ? 1 : 0 });
  return all.map(d => ({
    peer: Number(d.id),
    top: d.message?.message,
    unread: d.unreadCount,
    readOutbox: d.dialog.readOutboxMaxId,
    pinned: Boolean(d.pinned),
    draft: d.dialog.draft?.message ?? '',
  }));
}

async function signedIn(user) {
  me = user;
  const { pts, qts, date } = await client.invoke(new Api.updates.GetState());
  position = { pts, qts, date };
  return Number(me.id);
}

async function send({ peer, text, entities = [], replyTo, quote, silent }) {
  if (!quote) {
    const formattingEntities = entities.map(rawEntity);
    const sent = await client.sendMessage(peer, { message: text, formattingEntities, replyTo, silent });
    return sent.id;
  }
  const sent = await client.invoke(
    new Api.messages.SendMessage({
      peer,
      message: text,
      randomId: generateRandomLong(),
      replyTo: new Api.InputReplyToMessage({ replyToMsgId: replyTo, quoteText: quote }),
    }),
  );
  return sent.updates.find(u => u instanceof Api.UpdateMessageID).id;
}

const rpc = request => client.invoke(request).then(() => null);

serve(
  {
    start,
    stop: () => client.destroy(),
    async requestCode({ number }) {
      const { phoneCodeHash } = await client.sendCode({ apiId: 1, apiHash: 'none' }, number);
      asked = { phoneNumber: number, phoneCodeHash };
    },
    async enterCode({ code, name }) {
      const answer = await client.invoke(new Api.auth.SignIn({ ...asked, phoneCode: code }));
      if (answer instanceof Api.auth.Authorization) return signedIn(answer.user);
      const { user } = await client.invoke(new Api.auth.SignUp({ ...asked, firstName: name, lastName: '' }));
      return signedIn(user);
    },
    logOut: () => rpc(new Api.auth.LogOut()),
    deleteAccount: () => rpc(new Api.account.DeleteAccount({ reason: 'tested' })),
    setUsername: ({ username }) => rpc(new Api.account.UpdateUsername({ username })),
    async findByNumber({ number, name }) {
      const contact = new Api.InputPhoneContact({
        clientId: bigInt.zero,
        phone: number,
        firstName: name ?? number,
        lastName: '',
      });
      const { imported } = await client.invoke(new Api.contacts.ImportContacts({ contacts: [contact] }));
      return imported[0] ? Number(imported[0].userId) : null;
    },
    findByUsername: async ({ username }) => Number((await client.getEntity(username)).id),
    async contacts() {
      const { users } = await client.invoke(new Api.contacts.GetContacts({ hash: bigInt.zero }));
      return users.map(user => Number(user.id));
    },
    removeContact: ({ peer }) => rpc(new Api.contacts.DeleteContacts({ id: [peer] })),
    send,
    forward: ({ peer, messageId, to }) =>
      client.forwardMessages(to, { messages: [messageId], fromPeer: peer }).then(sent => sent[0].id),
    edit: ({ peer, messageId, text, entities = [] }) =>
      client
        .editMessage(peer, { message: messageId, text, formattingEntities: entities.map(rawEntity) })
        .then(() => null),
    delete: ({ peer, messageIds, both }) =>
      client.deleteMessages(peer, messageIds, { revoke: both }).then(() => null),
    read: ({ peer, messageId }) => client.markAsRead(peer, messageId).then(() => null),
    typing: ({ peer }) => rpc(new Api.messages.SetTyping({ peer, action: new Api.SendMessageTypingAction() })),
    draft: ({ peer, text }) => rpc(new Api.messages.SaveDraft({ peer, message: text })),
    pin: ({ peer, messageId, on }) =>
      (on ? client.pinMessage(peer, messageId) : client.unpinMessage(peer, messageId)).then(() => null),
    async pinDialog({ peer, on }) {
      const dialog = new Api.InputDialogPeer({ peer: await client.getInputEntity(peer) });
      await client.invoke(new Api.messages.ToggleDialogPin({ peer: dialog, pinned: on }));
    },
    async archive({ peer, on }) {
      const folderPeers = [new Api.InputFolderPeer({ peer: await client.getInputEntity(peer), folderId: on ? 1 : 0 })];
      await client.invoke(new Api.folders.EditPeerFolders({ folderPeers }));
    },
    history: async ({ peer }) => (await client.getMessages(peer, {})).reverse().map(seen),
    dialogs,
    search: async ({ peer, text }) => (await client.getMessages(peer, { search: text })).map(m => m.message),
    searchAll: async ({ text }) => (await client.getMessages(undefined, { search: text })).map(m => m.message),
    clear: ({ peer, both }) => rpc(new Api.messages.DeleteHistory({ peer, maxId: 0, revoke: both })),
    block: ({ peer, on }) => rpc(new Api.contacts[on ? 'Block' : 'Unblock']({ id: peer })),
    async blocked() {
      const { blocked } = await client.invoke(new Api.contacts.GetBlocked({ offset: 0, limit: 100 }));
      return blocked.map(b => id(b.peerId));
    },
    setProfile: ({ firstName, lastName, about }) =>
      rpc(new Api.account.UpdateProfile({ firstName, lastName, about })),
    async profile({ peer }) {
      const { users, fullUser } = await client.invoke(new Api.users.GetFullUser({ id: peer }));
      const user = users.find(u => Number(u.id) === peer);
      return {
        firstName: user.firstName,
        lastName: user.lastName ?? '',
        username: user.username ?? user.usernames?.[0]?.username ?? '',
        number: user.phone ?? '',
        about: fullUser.about ?? '',
        status: user.status?.className.slice('UserStatus'.length).toLowerCase() ?? '',
        blocked: Boolean(fullUser.blocked),
      };
    },
    online: ({ on }) => rpc(new Api.account.UpdateStatus({ offline: !on })),
    setPrivacy({ key, allow }) {
      const rule = allow ? new Api.InputPrivacyValueAllowAll() : new Api.InputPrivacyValueDisallowAll();
      return rpc(new Api.account.SetPrivacy({ key: new Api[`InputPrivacyKey${key}`](), rules: [rule] }));
    },
    async sessions() {
      const { authorizations } = await client.invoke(new Api.account.GetAuthorizations());
      return authorizations.map(a => ({ session: String(a.hash), current: Boolean(a.current), device: a.deviceModel }));
    },
    endSession: ({ session: hash }) => rpc(new Api.account.ResetAuthorization({ hash: bigInt(hash) })),
  },
  ['message', 'edited', 'deleted', 'read', 'typing', 'status', 'draft', 'pinned', 'dialogPinned', 'listed', 'named'],
);
