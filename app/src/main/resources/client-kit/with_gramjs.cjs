// GramJS (JavaScript). Once: npm install telegram@2.26.22
// Then: node with_gramjs.cjs NUMBER CODE    signs in and writes to your Saved Messages
const { createPublicKey } = require('node:crypto');
const bigInt = require('big-integer');
const { TelegramClient } = require('telegram');
const { _serverKeys } = require('telegram/crypto/RSA');
const { ConnectionTCPObfuscated } = require('telegram/network/connection');
const { StringSession } = require('telegram/sessions');

const PEM = `@PEM@`;
const jwk = createPublicKey(PEM).export({ format: 'jwk' });
const number = part => bigInt(Buffer.from(part, 'base64url').toString('hex'), 16);
_serverKeys.set('@SIGNED@', { n: number(jwk.n), e: Number(number(jwk.e)) });

// GramJS itself knows no other ports than 80 and 443.
class Here extends ConnectionTCPObfuscated {
  constructor(options) {
    super({ ...options, ip: '@HOST@', port: @PORT@ });
  }
}

(async () => {
  const [phone, code] = process.argv.slice(2);
  const session = new StringSession(''); // keep session.save() to stay signed in
  session.setDC(@DC@, '@HOST@', @PORT@);
  const client = new TelegramClient(session, 1, 'none', { connection: Here });
  const onError = e => {
    throw e;
  };
  await client.start({ phoneNumber: async () => phone, phoneCode: async () => code, onError });
  const me = await client.getMe();
  await client.sendMessage('me', { message: 'hello from GramJS' });
  console.log('signed in as', me.firstName);
  await client.destroy();
  process.exit(0);
})();
