// TDLib by tdl (JavaScript). Once:
//   npm install tdl@8.1.0 @prebuilt-tdlib/linux-x64-glibc@0.1008067.0
//   starling client-kit patch node_modules/@prebuilt-tdlib/linux-x64-glibc/libtdjson.so --to libtdjson.so @OPTIONS@
// Then: node with_tdlib.mjs NUMBER CODE    signs in and tells your name
import { resolve } from 'node:path';
import tdl from 'tdl';

const [number, code] = process.argv.slice(2);
tdl.configure({ tdjson: resolve('libtdjson.so'), verbosityLevel: 1 });
const client = tdl.createClient({ apiId: 1, apiHash: 'none', databaseDirectory: 'tdlib', filesDirectory: 'tdlib' });
client.on('error', e => console.error(e));
await client.login(() => ({
  type: 'user',
  getPhoneNumber: async () => number,
  getAuthCode: async retry => {
    if (retry) throw new Error('wrong code');
    return code;
  },
}));
const me = await client.invoke({ _: 'getMe' });
await client.invoke({ _: 'createPrivateChat', user_id: me.id, force: false });
const content = { _: 'inputMessageText', text: { _: 'formattedText', text: 'hello from TDLib' } };
await client.invoke({ _: 'sendMessage', chat_id: me.id, input_message_content: content });
console.log('signed in as', me.first_name);
await client.close();
