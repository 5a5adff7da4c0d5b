// mtcute as a stock client: told only the server's address, transport and public key.
import { setTimeout as pause } from 'node:timers/promises';
import { MemoryStorage } from '@mtcute/core';
import { addPublicKey } from '@mtcute/core/utils.js';
import { MtProxyTcpTransport, TcpTransport, TelegramClient } from '@mtcute/node';
import { event, serve } from './lines.mjs';

const DC = 2;
const storage = new MemoryStorage(); // outlives a stop: auth key, peers, pts
let client;
let started;

async function start({ address, port, publicKey, secret }) {
  const dc = { id: DC, ipAddress: address, port };
  const signedIn = started && (await started.storage.self.fetch());
  client = new TelegramClient({
    apiId: 1,
    apiHash: 'none',
    storage,
    defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
    transport: secret ? new MtProxyTcpTransport({ host: address, port, secret }) : new TcpTransport(),
    updates: { catchUp: Boolean(signedIn) },
    logLevel: 2, // errors and warnings
  });
  started = client._client;
  addPublicKey(started.crypto, publicKey, false);
  client.onNewMessage.add(m => event('message', seen(m)));
  client.onHistoryRead.add(r => event('read', { peer: r.chatId, maxId: r.maxReadId, outbox: r.isOutbox }));
  client.onError.add(e => console.error('mtcute', e));
  await client.connect();
  if (signedIn) await client.startUpdatesLoop();
  return signedIn?.userId;
}

async function signIn({ number, code }) {
  const sent = await client.sendCode({ phone: number });
  const self = await client.signIn({ phone: number, phoneCodeHash: sent.phoneCodeHash, phoneCode: code });
  while (!started.updates.updatesLoopActive) await pause(10); // signing in does not wait for its updates
  return self.id;
}

const seen = m => ({ peer: m.chat.id, from: m.sender.id, text: m.text, messageId: m.id, out: m.isOutgoing });

serve({
  start,
  signIn,
  stop: () => client.destroy(),
  setUsername: ({ username }) => client.setMyUsername(username).then(() => null),
  async findByNumber({ number }) {
    const found = await client.importContacts([{ phone: number, firstName: number, lastName: '' }]);
    return found.imported[0]?.userId;
  },
  async findByUsername({ username }) {
    const found = await client.call({ _: 'contacts.resolveUsername', username });
    return found.peer.userId;
  },
  send: ({ peer, text }) => client.sendText(peer, text).then(m => m.id),
  read: ({ peer, messageId }) => client.readHistory(peer, { maxId: messageId }),
  async history({ peer }) {
    const all = [];
    for await (const m of client.iterHistory(peer, { limit: Infinity })) all.unshift(seen(m));
    return all;
  },
  async dialogs() {
    const all = [];
    for await (const d of client.iterDialogs()) {
      all.push({
        peer: d.peer.id,
        top: d.lastMessage?.text,
        unread: d.unreadCount,
        readOutbox: d.raw.readOutboxMaxId,
      });
    }
    return all;
  },
});
