// One JSON command a line comes in, one JSON answer a line goes out, and events between them.
import { createInterface } from 'node:readline';

console.log = console.error; // libraries may talk, but standard output is ours

const say = line => process.stdout.write(JSON.stringify(line) + '\n');

export const event = (name, facts) => say({ event: name, ...facts });

// Commands may overlap: each begins in the order of its line, and answers when it is done.
export function serve(commands) {
  const lines = createInterface({ input: process.stdin });
  lines.on('line', async line => {
    const { id, command, ...facts } = JSON.parse(line);
    try {
      say({ id, ok: (await commands[command](facts)) ?? null });
    } catch (e) {
      console.error(command, e);
      say({ id, error: e.code ? `${e.code} ${e.text ?? e.message}` : String(e) });
    }
  });
  lines.on('close', () => process.exit(0));
  process.on('unhandledRejection', e => console.error('unhandled', e));
}
