// Holds samples against the reader and writer of GramJS, or of its heir teleproto. Arguments: the folder with
// node_modules, the package's alias, the file of samples, one JSON object a line: {name, hex, gramjsKeepsAll}.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRequire } from 'node:module'

const [folder, alias, samples] = process.argv.slice(2)
const require = createRequire(resolve(folder, 'node_modules', 'x.js'))
const { BinaryReader } = require(`${alias}/extensions`)

// Some versions take only the buffers of the package of that name, and read into those of Node.
const packaged = createRequire(require.resolve(`${alias}/package.json`))('buffer/').Buffer
Object.defineProperty(packaged, Symbol.hasInstance, { value: (value) => value instanceof Uint8Array })

// What GramJS prints while it writes is about its own casts.
console.error = () => {}

let agreed = 0
for (const line of readFileSync(samples, 'utf8').trim().split('\n')) {
  const { name, hex, gramjsKeepsAll } = JSON.parse(line)
  const fail = (what) => {
    console.log(`${name}: ${what}\nours ${hex}`)
    process.exit(1)
  }
  try {
    const reader = new BinaryReader(Buffer.from(hex, 'hex'))
    const read = reader.tgReadObject()
    if (reader.tellPosition() !== hex.length / 2) fail(`${alias} reads ${reader.tellPosition()} of ${hex.length / 2} bytes`)
    const back = Buffer.from(read.getBytes()).toString('hex')
    if (gramjsKeepsAll && back !== hex) fail(`${alias} reads it and writes ${back}`)
    agreed++
  } catch (error) {
    fail(error.message)
  }
}
console.log(`${agreed} samples agree`)
