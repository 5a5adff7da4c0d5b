// One JSON command a line comes in, one JSON answer a line goes out, and events between them.
import { createInterface } from 'node:readline';

console.log = console.error; // libraries may talk, but standard output is ours

const say = line => process.stdout.write(JSON.stringify(line) + '\n');

export const event = (name, facts) => say({ event: name, ...facts });

// Serves `commands`; `events` are the names of what this client can tell.
// Commands may overlap: each begins in the order of its line, and answers when it is done.
export function serve(commands, events) {
  const all = { ...commands, abilities: () => ({ commands: Object.keys(commands), events }) };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async line => {
    const { id, command, ...facts } = JSON.parse(line);
    try {
      say({ id, ok: (await all[command](facts)) ?? null });
    } catch (e) {
      say({ id, error: refusal(e) });
    }
  });
  lines.on('close', () => process.exit(0));
  process.on('unhandledRejection', e => console.error('unhandled', e));
}

// As the server said it, such as `400 PHONE_CODE_INVALID`, or where the client itself failed.
const refusal = e => (e.code ? `${e.code} ${e.errorMessage ?? e.text ?? e.message}` : String(e.stack ?? e));
