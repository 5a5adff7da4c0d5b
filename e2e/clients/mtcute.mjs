// mtcute as a stock client: told only the server's address, transport and public key.
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryStorage } from '@mtcute/core';
import { addPublicKey } from '@mtcute/core/utils.js';
import { MtProxyTcpTransport, TcpTransport, TelegramClient } from '@mtcute/node';
import { WebSocketTransport } from '@mtcute/web';
import { WebSocket } from 'ws';
import { event, serve } from './lines.mjs';

const DC = 2;
const ENTITIES = ['Bold', 'Italic', 'Underline', 'Strike', 'Code', 'Spoiler'];
const storage = new MemoryStorage(); // outlives a stop: auth key, peers, pts
let client;
let started;
let asked; // for a code: {phone, phoneCodeHash}

async function start({ address, port, publicKey, transport, secret, pfs }) {
  const dc = { id: DC, ipAddress: address, port };
  const signedIn = started && (await started.storage.self.fetch());
  client = new TelegramClient({
    apiId: 1,
    apiHash: 'none',
    storage,
    defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
    transport: transportTo(address, port, transport, secret),
    network: {
      usePfs: pfs,
    },
    updates: { catchUp: Boolean(signedIn) },
    logLevel: 2, // errors and warnings
  });
  started = client._client;
  addPublicKey(started.crypto, publicKey, false);
  listen();
  await client.connect();
  if (signedIn) await client.startUpdatesLoop();
  return signedIn?.userId;
}

function transportTo(address, port, transport, secret) {
  if (secret) return new MtProxyTcpTransport({ host: address, port, secret });
  if (transport !== 'websocket') return new TcpTransport();
  // It names data centres by subdomains, which a loopback address has not.
  class Here extends WebSocket {
    constructor(url, protocols) {
      super(`ws://${address}:${port}${new URL(url).pathname}`, protocols);
    }
  }
  return new WebSocketTransport({ ws: Here });
}

function listen() {
  client.onNewMessage.add(m => event('message', seen(m)));
  client.onEditMessage.add(m => event('edited', seen(m)));
  client.onDeleteMessage.add(d => event('deleted', { messageIds: d.messageIds }));
  client.onHistoryRead.add(r => event('read', { peer: r.chatId, maxId: r.maxReadId, outbox: r.isOutbox }));
  client.onUserTyping.add(t => event('typing', { peer: t.userId, typing: t.status === 'typing' }));
  client.onUserStatusUpdate.add(s => event('status', { peer: s.userId, online: s.status === 'online' }));
  client.onRawUpdate.add(({ update: u, peers }) => {
    if (u._ === 'updateDraftMessage') event('draft', { peer: u.peer.userId, text: u.draft.message ?? '' });
    if (u._ === 'updatePinnedMessages')
      event('pinned', { peer: u.peer.userId, messageIds: u.messages, pinned: Boolean(u.pinned) });
    if (u._ === 'updateDialogPinned')
      event('dialogPinned', { peer: u.peer.peer.userId, on: Boolean(u.pinned) });
    if (u._ === 'updateFolderPeers')
      for (const f of u.folderPeers) event('listed', { peer: f.peer.userId, archived: f.folderId === 1 });
    if (u._ === 'updateUserName') event('named', { peer: u.userId, firstName: u.firstName });
  });
  client.onError.add(e => {
    if (e.text === 'AUTH_KEY_UNREGISTERED' || e.text === 'SESSION_REVOKED') event('loggedOut', {});
    else if (!/^ECONN/.test(e.code)) console.error('mtcute', e); // the server may be away
  });
}

const entity = e => ({
  type: e._ === 'messageEntityTextUrl' ? 'link' : e._.slice('messageEntity'.length).toLowerCase(),
  offset: e.offset,
  length: e.length,
  ...(e.url && { url: e.url }),
});

function rawEntity({ type, offset, length, url }) {
  if (type === 'link') return { _: 'messageEntityTextUrl', offset, length, url };
  return { _: 'messageEntity' + ENTITIES.find(e => e.toLowerCase() === type), offset, length };
}

const seen = m => ({
  peer: m.chat.id,
  from: m.sender.id,
  text: m.action ? m.action.type : m.text,
  messageId: m.id,
  out: m.isOutgoing,
  service: m.isService,
  silent: m.isSilent,
  pinned: m.isPinned,
  edited: Boolean(m.editDate),
  entities: m.entities.map(e => entity(e.raw)),
  replyTo: m.replyToMessage?.id ?? null,
  quote: m.replyToMessage?.quoteText || null,
  forwardedFrom: m.forward?.sender?.id ?? null,
});

const formatted = (text, entities = []) => ({ text, entities: entities.map(rawEntity) });

const peerOf = async peer => client.resolvePeer(peer);

// Long-lived lists of the client would hide what the server has.
async function dialogs({ archived }) {
  const all = [];
  for await (const d of client.iterDialogs({ archived: archived ? 'only' : 'exclude' })) {
    all.push({
      peer: d.peer.id,
      top: d.lastMessage?.text,
      unread: d.unreadCount,
      readOutbox: d.raw.readOutboxMaxId,
      pinned: d.isPinned,
      draft: d.draftMessage?.text ?? '',
    });
  }
  return all;
}

serve(
  {
    start,
    stop: () => client.destroy(),
    async requestCode({ number }) {
      const sent = await client.sendCode({ phone: number });
      asked = { phone: number, phoneCodeHash: sent.phoneCodeHash };
    },
    async enterCode({ code }) {
      const self = await client.signIn({ ...asked, phoneCode: code });
      while (!started.updates.updatesLoopActive) await pause(10); // signing in does not wait for its updates
      return self.id;
    },
    logOut: () => client.logOut().then(() => null),
    deleteAccount: () => client.call({ _: 'account.deleteAccount', reason: 'tested' }),
    setUsername: ({ username }) => client.setMyUsername(username).then(() => null),
    async findByNumber({ number, name }) {
      const found = await client.importContacts([{ phone: number, firstName: name ?? number, lastName: '' }]);
      return found.imported[0]?.userId;
    },
    async findByUsername({ username }) {
      const found = await client.call({ _: 'contacts.resolveUsername', username });
      return found.peer.userId;
    },
    contacts: async () => (await client.getContacts()).map(user => user.id),
    removeContact: ({ peer }) => client.deleteContacts([peer]).then(() => null),
    send: ({ peer, text, entities, replyTo, quote, silent }) =>
      client
        .sendText(peer, formatted(text, entities), { replyTo, quote: quote && { text: quote, entities: [] }, silent })
        .then(m => m.id),
    forward: ({ peer, messageId, to }) =>
      client.forwardMessagesById({ fromChatId: peer, messages: [messageId], toChatId: to }).then(([m]) => m.id),
    edit: ({ peer, messageId, text, entities }) =>
      client.editMessage({ chatId: peer, message: messageId, text: formatted(text, entities) }).then(() => null),
    delete: ({ peer, messageIds, both }) => client.deleteMessagesById(peer, messageIds, { revoke: both }),
    read: ({ peer, messageId }) => client.readHistory(peer, { maxId: messageId }),
    typing: ({ peer }) => client.sendTyping(peer),
    draft: ({ peer, text }) => client.saveDraft(peer, text ? { message: text } : null),
    pin: ({ peer, messageId, on }) =>
      on
        ? client.pinMessage({ chatId: peer, message: messageId, bothSides: true }).then(() => null)
        : client.unpinMessage({ chatId: peer, message: messageId }),
    pinDialog: async ({ peer, on }) => {
      const dialog = { _: 'inputDialogPeer', peer: await peerOf(peer) };
      await client.call({ _: 'messages.toggleDialogPin', pinned: on, peer: dialog });
    },
    archive: ({ peer, on }) => (on ? client.archiveChats(peer) : client.unarchiveChats(peer)),
    async history({ peer }) {
      const all = [];
      for await (const m of client.iterHistory(peer, { limit: Infinity })) all.unshift(seen(m));
      return all;
    },
    dialogs,
    search: async ({ peer, text }) => (await client.searchMessages({ chatId: peer, query: text })).map(m => m.text),
    searchAll: async ({ text }) => (await client.searchGlobal({ query: text })).map(m => m.text),
    clear: ({ peer, both }) => client.deleteHistory(peer, { mode: both ? 'revoke' : 'delete' }),
    block: ({ peer, on }) => (on ? client.blockUser(peer) : client.unblockUser(peer)),
    async blocked() {
      const { blocked } = await client.call({ _: 'contacts.getBlocked', offset: 0, limit: 100 });
      return blocked.map(b => b.peerId.userId);
    },
    setProfile: ({ firstName, lastName, about }) =>
      client.updateProfile({ firstName, lastName, bio: about }).then(() => null),
    async profile({ peer }) {
      const id = await client.resolveUser(peer);
      const { users, fullUser } = await client.call({ _: 'users.getFullUser', id });
      const user = users.find(u => u.id === peer);
      return {
        firstName: user.firstName,
        lastName: user.lastName ?? '',
        username: user.username ?? user.usernames?.[0]?.username ?? '',
        number: user.phone ?? '',
        about: fullUser.about ?? '',
        status: status(user.status?._ ?? ''),
        blocked: Boolean(fullUser.blocked),
      };
    },
    online: ({ on }) => client.call({ _: 'account.updateStatus', offline: !on }).then(() => null),
    async setPrivacy({ key, allow }) {
      const rule = { _: allow ? 'inputPrivacyValueAllowAll' : 'inputPrivacyValueDisallowAll' };
      await client.call({ _: 'account.setPrivacy', key: { _: `inputPrivacyKey${key}` }, rules: [rule] });
    },
    async sessions() {
      const { authorizations } = await client.call({ _: 'account.getAuthorizations' });
      return authorizations.map(a => ({ session: String(a.hash), current: Boolean(a.current), device: a.deviceModel }));
    },
    endSession: async ({ session }) => {
      const { authorizations } = await client.call({ _: 'account.getAuthorizations' });
      const { hash } = authorizations.find(a => String(a.hash) === session);
      await client.call({ _: 'account.resetAuthorization', hash });
    },
  },
  ['message', 'edited', 'deleted', 'read', 'typing', 'status', 'draft', 'pinned', 'dialogPinned', 'listed', 'named', 'loggedOut'],
);

// What a person is told: online, a time, or a vague word.
const status = name => name.slice('userStatus'.length).toLowerCase();
