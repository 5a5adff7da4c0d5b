// TDLib as a stock client: reached through an MTProto proxy secret, which the server itself ends.
import tdl from 'tdl';
import { event, serve } from './lines.mjs';

const SERVER_ID = 1 << 20; // TDLib's message ids are the server's, shifted
let client;
let state;
let configured;
const waiting = []; // for a state: {states, resolve}
const sending = new Map(); // provisional message id -> {resolve, reject}
const sent = new Map(); // the same, where the outcome came before the answer

async function start({ address, port, secret, library, folder }) {
  if (!configured) tdl.configure({ tdjson: (configured = library), verbosityLevel: 1, receiveTimeout: 1 });
  client = tdl.createBareClient();
  client.on('update', onUpdate);
  client.on('error', e => console.error('tdl', e));
  await until('authorizationStateWaitTdlibParameters');
  const ready = client.invoke({
    _: 'setTdlibParameters',
    database_directory: folder,
    files_directory: folder,
    use_chat_info_database: true,
    use_message_database: true,
    api_id: 1,
    api_hash: 'none',
    system_language_code: 'en',
    device_model: 'test',
    application_version: '1',
  });
  // In the same breath, so that it never tries the addresses it was built with.
  const proxied = client.invoke({
    _: 'addProxy',
    proxy: { _: 'proxy', server: address, port, type: { _: 'proxyTypeMtproto', secret } },
    enable: true,
  });
  await Promise.all([ready, proxied]);
  const now = await until('authorizationStateWaitPhoneNumber', 'authorizationStateReady');
  return now === 'authorizationStateReady' ? self() : null;
}

async function signIn({ number, code, name }) {
  await client.invoke({ _: 'setAuthenticationPhoneNumber', phone_number: number });
  await until('authorizationStateWaitCode');
  await client.invoke({ _: 'checkAuthenticationCode', code });
  if ((await until('authorizationStateReady', 'authorizationStateWaitRegistration')) !== 'authorizationStateReady') {
    await client.invoke({ _: 'registerUser', first_name: name });
    await until('authorizationStateReady');
  }
  return self();
}

const self = async () => (await client.invoke({ _: 'getMe' })).id;

function until(...states) {
  if (states.includes(state)) return state;
  return new Promise(resolve => waiting.push({ states, resolve }));
}

function onUpdate(u) {
  switch (u._) {
    case 'updateAuthorizationState': {
      state = u.authorization_state._;
      for (const w of waiting.splice(0)) w.states.includes(state) ? w.resolve(state) : waiting.push(w);
      break;
    }
    case 'updateNewMessage':
      if (!u.message.sending_state) event('message', seen(u.message));
      break;
    case 'updateMessageSendSucceeded':
      settle(u.old_message_id, ({ resolve }) => resolve(serverId(u.message.id)));
      break;
    case 'updateMessageSendFailed':
      settle(u.old_message_id, ({ reject }) => reject(u.error));
      break;
    case 'updateChatReadOutbox':
      event('read', { peer: u.chat_id, maxId: serverId(u.last_read_outbox_message_id), outbox: true });
      break;
  }
}

function settle(provisional, outcome) {
  const sender = sending.get(provisional);
  sending.delete(provisional);
  if (sender) outcome(sender);
  else sent.set(provisional, outcome);
}

async function send({ peer, text }) {
  const content = { _: 'inputMessageText', text: { _: 'formattedText', text } };
  const { id } = await client.invoke({ _: 'sendMessage', chat_id: peer, input_message_content: content });
  return new Promise((resolve, reject) => {
    const early = sent.get(id);
    sent.delete(id);
    if (early) early({ resolve, reject });
    else sending.set(id, { resolve, reject });
  });
}

const serverId = id => id / SERVER_ID;

const seen = m => ({
  peer: m.chat_id,
  from: m.sender_id.user_id,
  text: m.content.text?.text ?? m.content._,
  messageId: serverId(m.id),
  out: m.is_outgoing,
});

const openChat = id => client.invoke({ _: 'createPrivateChat', user_id: id, force: false }).then(chat => chat.id);

serve({
  start,
  signIn,
  async stop() {
    await client.close();
    state = null;
  },
  setUsername: ({ username }) => client.invoke({ _: 'setUsername', username }).then(() => null),
  async findByNumber({ number }) {
    const contacts = [{ _: 'importedContact', phone_number: number, first_name: number }];
    const found = await client.invoke({ _: 'importContacts', contacts });
    return found.user_ids[0] ? openChat(found.user_ids[0]) : null;
  },
  findByUsername: ({ username }) => client.invoke({ _: 'searchPublicChat', username }).then(chat => chat.id),
  send,
  async read({ peer, messageId }) {
    await client.invoke({ _: 'openChat', chat_id: peer });
    await client.invoke({
      _: 'viewMessages',
      chat_id: peer,
      message_ids: [messageId * SERVER_ID],
      source: { _: 'messageSourceChatHistory' },
      force_read: true,
    });
  },
  async history({ peer }) {
    const all = [];
    for (;;) {
      const page = await client.invoke({
        _: 'getChatHistory',
        chat_id: peer,
        from_message_id: all[0]?.id ?? 0,
        offset: 0,
        limit: 100,
      });
      if (!page.messages.length) return all.map(seen);
      all.unshift(...page.messages.reverse());
    }
  },
  async dialogs() {
    const { chat_ids } = await client.invoke({ _: 'getChats', chat_list: { _: 'chatListMain' }, limit: 100 });
    const chats = await Promise.all(chat_ids.map(id => client.invoke({ _: 'getChat', chat_id: id })));
    return chats.map(chat => ({
      peer: chat.id,
      top: chat.last_message?.content.text?.text,
      unread: chat.unread_count,
      readOutbox: serverId(chat.last_read_outbox_message_id),
    }));
  },
});
