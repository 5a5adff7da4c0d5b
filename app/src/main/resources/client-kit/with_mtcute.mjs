// mtcute (JavaScript). Once: npm install @mtcute/node@0.30.3
// Then: node with_mtcute.mjs NUMBER CODE    signs in and writes to your Saved Messages
import { addPublicKey } from '@mtcute/core/utils.js';
import { TelegramClient } from '@mtcute/node';

const PEM = `@PEM@`;
const [number, code] = process.argv.slice(2);
const dc = { id: @DC@, ipAddress: '@HOST@', port: @PORT@@IPV6_JS@ };
const client = new TelegramClient({
  apiId: 1,
  apiHash: 'none',
  storage: 'mtcute.session',
  defaultDcs: { main: dc, media: { ...dc, mediaOnly: true } },
});
addPublicKey(client._client.crypto, PEM, false);
const me = await client.start({ phone: number, code: () => code });
await client.sendText('me', 'hello from mtcute');
console.log('signed in as', me.displayName);
await client.destroy();
