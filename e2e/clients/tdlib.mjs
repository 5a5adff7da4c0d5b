// TDLib as a stock client: reached through an MTProto proxy secret, which the server itself ends.
import tdl from 'tdl';
import { event, serve } from './lines.mjs';

const SERVER_ID = 1 << 20; // TDLib's message ids are the server's, shifted
const STYLES = { bold: 'Bold', italic: 'Italic', underline: 'Underline', strike: 'Strikethrough', code: 'Code' };
STYLES.spoiler = 'Spoiler';
let client;
let old; // before the interface of its functions changed
let state;
let configured;
const waiting = []; // for a state: {states, resolve}
const sending = new Map(); // provisional message id -> {resolve, reject}
const sent = new Map(); // the same, where the outcome came before the answer

async function start({ address, port, secret, library, folder, pfs, old: isOld }) {
  old = isOld;
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
  const proxy = { server: address, port, type: { _: 'proxyTypeMtproto', secret } };
  const proxied = client.invoke({
    _: 'addProxy',
    ...(old ? proxy : { proxy: { _: 'proxy', ...proxy } }),
    enable: true,
  });
  if (pfs) setOption('use_pfs', 'Boolean', true);
  await Promise.all([ready, proxied]);
  const now = await until('authorizationStateWaitPhoneNumber', 'authorizationStateReady');
  return now === 'authorizationStateReady' ? self() : null;
}

async function requestCode({ number }) {
  await client.invoke({ _: 'setAuthenticationPhoneNumber', phone_number: number });
  await until('authorizationStateWaitCode');
}

async function enterCode({ code, name }) {
  await client.invoke({ _: 'checkAuthenticationCode', code });
  if ((await until('authorizationStateReady', 'authorizationStateWaitRegistration')) !== 'authorizationStateReady') {
    await client.invoke({ _: 'registerUser', first_name: name });
    await until('authorizationStateReady');
  }
  return self();
}

const self = async () => (await client.invoke({ _: 'getMe' })).id;

const setOption = (name, type, value) =>
  client.invoke({ _: 'setOption', name, value: { _: `optionValue${type}`, value } });

function until(...states) {
  if (states.includes(state)) return state;
  return new Promise(resolve => waiting.push({ states, resolve }));
}

function onUpdate(u) {
  switch (u._) {
    case 'updateAuthorizationState': {
      state = u.authorization_state._;
      if (state === 'authorizationStateLoggingOut') event('loggedOut', {});
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
    case 'updateMessageContent':
      event('edited', { peer: u.chat_id, messageId: serverId(u.message_id), text: textOf(u.new_content) });
      break;
    case 'updateDeleteMessages':
      if (u.is_permanent) event('deleted', { messageIds: u.message_ids.map(serverId) });
      break;
    case 'updateChatReadOutbox':
      event('read', { peer: u.chat_id, maxId: serverId(u.last_read_outbox_message_id), outbox: true });
      break;
    case 'updateChatReadInbox':
      event('read', { peer: u.chat_id, maxId: serverId(u.last_read_inbox_message_id), outbox: false });
      break;
    case 'updateChatPosition':
      if (u.position.list._ === 'chatListMain') event('dialogPinned', { peer: u.chat_id, on: u.position.is_pinned });
      else event('listed', { peer: u.chat_id, archived: u.position.order !== '0' });
      break;
    case 'updateChatAction':
      event('typing', { peer: u.chat_id, typing: u.action._ === 'chatActionTyping' });
      break;
    case 'updateUserStatus':
      event('status', { peer: u.user_id, online: u.status._ === 'userStatusOnline' });
      break;
    case 'updateChatDraftMessage':
      event('draft', { peer: u.chat_id, text: draftText(u.draft_message) });
      break;
    case 'updateMessageIsPinned':
      event('pinned', { peer: u.chat_id, messageIds: [serverId(u.message_id)], pinned: u.is_pinned });
      break;
    case 'updateUser':
      event('named', { peer: u.user.id, firstName: u.user.first_name });
      break;
  }
}

function settle(provisional, outcome) {
  const sender = sending.get(provisional);
  sending.delete(provisional);
  if (sender) outcome(sender);
  else sent.set(provisional, outcome);
}

const outcomeOf = id =>
  new Promise((resolve, reject) => {
    const early = sent.get(id);
    sent.delete(id);
    if (early) early({ resolve, reject });
    else sending.set(id, { resolve, reject });
  });

async function send({ peer, text, entities, replyTo, quote, silent }) {
  const { id } = await client.invoke({
    _: 'sendMessage',
    chat_id: peer,
    ...(replyTo && { reply_to: replyTarget(replyTo, quote) }),
    ...(silent && { options: { _: 'messageSendOptions', disable_notification: true } }),
    input_message_content: content(text, entities),
  });
  return outcomeOf(id);
}

const replyTarget = (replyTo, quote) => ({
  _: 'inputMessageReplyToMessage',
  message_id: replyTo * SERVER_ID,
  ...(quote && { quote: { _: 'inputTextQuote', text: { _: 'formattedText', text: quote } } }),
});

const content = (text, entities = []) => ({
  _: 'inputMessageText',
  text: { _: 'formattedText', text, entities: entities.map(rawEntity) },
});

const rawEntity = ({ type, offset, length, url }) => ({
  _: 'textEntity',
  offset,
  length,
  type: type === 'link' ? { _: 'textEntityTypeTextUrl', url } : { _: `textEntityType${STYLES[type]}` },
});

function entity({ offset, length, type }) {
  const name = type._.slice('textEntityType'.length);
  if (name === 'TextUrl') return { type: 'link', offset, length, url: type.url };
  return { type: Object.keys(STYLES).find(key => STYLES[key] === name) ?? name.toLowerCase(), offset, length };
}

const serverId = id => id / SERVER_ID;

const textOf = content => content?.text?.text ?? content?._;

const draftText = draft => draft?.input_message_text?.text?.text ?? draft?.content?.text?.text ?? '';

const seen = m => ({
  peer: m.chat_id,
  from: m.sender_id.user_id,
  text: textOf(m.content),
  messageId: serverId(m.id),
  out: m.is_outgoing,
  service: m.content._ !== 'messageText',
  pinned: m.is_pinned,
  edited: m.edit_date > 0,
  entities: m.content.text?.entities?.map(entity) ?? [],
  replyTo: m.reply_to?.message_id ? serverId(m.reply_to.message_id) : null,
  quote: m.reply_to?.quote?.text.text ?? null,
  forwardedFrom: m.forward_info?.origin.sender_user_id ?? null,
});

const openChat = id => client.invoke({ _: 'createPrivateChat', user_id: id, force: false }).then(chat => chat.id);

const list = archived => ({ _: archived ? 'chatListArchive' : 'chatListMain' });

const imported = (number, name) =>
  old
    ? { _: 'contact', phone_number: number, first_name: name, last_name: '', vcard: '' }
    : { _: 'importedContact', phone_number: number, first_name: name };

async function dialogs({ archived }) {
  const chat_list = list(archived);
  await client.invoke({ _: 'loadChats', chat_list, limit: 100 }).catch(e => {
    if (e.code !== 404) throw e; // all are loaded
  });
  const { chat_ids } = await client.invoke({ _: 'getChats', chat_list, limit: 100 });
  const chats = await Promise.all(chat_ids.map(id => client.invoke({ _: 'getChat', chat_id: id })));
  return chats.map(chat => ({
    peer: chat.id,
    top: chat.last_message && textOf(chat.last_message.content),
    unread: chat.unread_count,
    readOutbox: serverId(chat.last_read_outbox_message_id),
    pinned: chat.positions.some(p => p.list._ === chat_list._ && p.is_pinned),
    draft: draftText(chat.draft_message),
  }));
}

async function history({ peer }) {
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
}

serve(
  {
    start,
    async stop() {
      await client.close();
      state = null;
    },
    requestCode,
    enterCode,
    logOut: () => client.invoke({ _: 'logOut' }).then(() => null),
    deleteAccount: () => client.invoke({ _: 'deleteAccount', reason: 'tested', password: '' }).then(() => null),
    setUsername: ({ username }) => client.invoke({ _: 'setUsername', username }).then(() => null),
    async findByNumber({ number, name }) {
      const contacts = [imported(number, name ?? number)];
      const found = await client.invoke({ _: 'importContacts', contacts });
      return found.user_ids[0] ? openChat(found.user_ids[0]) : null;
    },
    findByUsername: ({ username }) => client.invoke({ _: 'searchPublicChat', username }).then(chat => chat.id),
    contacts: async () => (await client.invoke({ _: 'getContacts' })).user_ids,
    removeContact: ({ peer }) => client.invoke({ _: 'removeContacts', user_ids: [peer] }).then(() => null),
    send,
    async forward({ peer, messageId, to }) {
      await openChat(to);
      const { messages } = await client.invoke({
        _: 'forwardMessages',
        chat_id: to,
        from_chat_id: peer,
        message_ids: [messageId * SERVER_ID],
      });
      return outcomeOf(messages[0].id);
    },
    async edit({ peer, messageId, text, entities }) {
      const message_id = messageId * SERVER_ID;
      const input_message_content = content(text, entities);
      await client.invoke({ _: 'editMessageText', chat_id: peer, message_id, input_message_content });
    },
    async delete({ peer, messageIds, both }) {
      const message_ids = messageIds.map(id => id * SERVER_ID);
      await client.invoke({ _: 'deleteMessages', chat_id: peer, message_ids, revoke: both });
    },
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
    typing: ({ peer }) =>
      client.invoke({ _: 'sendChatAction', chat_id: peer, action: { _: 'chatActionTyping' } }).then(() => null),
    async draft({ peer, text }) {
      await client.invoke({ _: 'closeChat', chat_id: peer }); // of an open chat a draft is kept back
      const draft_message = text
        ? { _: 'draftMessage', [old ? 'input_message_text' : 'content']: draftContent(text) }
        : undefined;
      await client.invoke({ _: 'setChatDraftMessage', chat_id: peer, draft_message });
    },
    async pin({ peer, messageId, on }) {
      const message_id = messageId * SERVER_ID;
      await client.invoke({ _: on ? 'pinChatMessage' : 'unpinChatMessage', chat_id: peer, message_id });
    },
    pinDialog: ({ peer, on }) =>
      client
        .invoke({ _: 'toggleChatIsPinned', chat_list: list(false), chat_id: peer, is_pinned: on })
        .then(() => null),
    archive: ({ peer, on }) =>
      client.invoke({ _: 'addChatToList', chat_id: peer, chat_list: list(on) }).then(() => null),
    history,
    dialogs,
    async search({ peer, text }) {
      const found = await client.invoke({ _: 'searchChatMessages', chat_id: peer, query: text, limit: 100 });
      return found.messages.map(m => textOf(m.content));
    },
    async searchAll({ text }) {
      const found = await client.invoke({ _: 'searchMessages', query: text, limit: 100 });
      return found.messages.map(m => textOf(m.content));
    },
    clear: ({ peer, both }) =>
      client
        .invoke({ _: 'deleteChatHistory', chat_id: peer, remove_from_chat_list: true, revoke: both })
        .then(() => null),
    async block({ peer, on }) {
      const sender_id = { _: 'messageSenderUser', user_id: peer };
      const block_list = on ? { _: 'blockListMain' } : undefined;
      await client.invoke({ _: 'setMessageSenderBlockList', sender_id, block_list });
    },
    async blocked() {
      const block_list = { _: 'blockListMain' };
      const { senders } = await client.invoke({ _: 'getBlockedMessageSenders', block_list, offset: 0, limit: 100 });
      return senders.map(s => s.user_id);
    },
    async setProfile({ firstName, lastName, about }) {
      await client.invoke({ _: 'setName', first_name: firstName, last_name: lastName });
      await client.invoke({ _: 'setBio', bio: about });
    },
    async profile({ peer }) {
      const user = await client.invoke({ _: 'getUser', user_id: peer });
      const full = await client.invoke({ _: 'getUserFullInfo', user_id: peer });
      return {
        firstName: user.first_name,
        lastName: user.last_name,
        username: user.usernames?.active_usernames[0] ?? '',
        number: user.phone_number,
        about: full.bio?.text ?? '',
        status: user.status._.slice('userStatus'.length).toLowerCase(),
        blocked: full.block_list?._ === 'blockListMain',
      };
    },
    online: ({ on }) => setOption('online', 'Boolean', on).then(() => null),
    async setPrivacy({ key, allow }) {
      const rule = { _: `userPrivacySettingRule${allow ? 'AllowAll' : 'RestrictAll'}` };
      await client.invoke({
        _: 'setUserPrivacySettingRules',
        setting: { _: `userPrivacySetting${{ StatusTimestamp: 'ShowStatus', PhoneNumber: 'ShowPhoneNumber' }[key]}` },
        rules: { _: 'userPrivacySettingRules', rules: [rule] },
      });
    },
    async sessions() {
      const { sessions } = await client.invoke({ _: 'getActiveSessions' });
      return sessions.map(s => ({ session: s.id, current: s.is_current, device: s.device_model }));
    },
    endSession: ({ session }) => client.invoke({ _: 'terminateSession', session_id: session }).then(() => null),
  },
  ['message', 'edited', 'deleted', 'read', 'typing', 'status', 'draft', 'pinned', 'dialogPinned', 'listed', 'named', 'loggedOut'],
);

const draftContent = text => (old ? content(text) : { _: 'draftMessageContentText', text: content(text).text });
