// Reads what was answered and pushed as a client of one layer would: with the reader and the schema parser of GramJS,
// which is given the layer's schema instead of its own. Arguments: the folder with node_modules, the package's alias,
// a file with the schema as TL text, a file of samples, one a line: the method or '-' for a push, and bytes in hex.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRequire } from 'node:module'

const [folder, alias, schema, samples] = process.argv.slice(2)
const require = createRequire(resolve(folder, 'node_modules', 'x.js'))
const text = readFileSync(schema, 'utf8')
const own = require.resolve(`${alias}/tl/apiTl.js`)
require.cache[own] = { id: own, filename: own, loaded: true, exports: text }
const { Api } = require(`${alias}/tl`)
const { BinaryReader } = require(`${alias}/extensions`)
const { crc32 } = require(`${alias}/Helpers`)
const { parseTl } = require(`${alias}/tl/generationHelpers`)

const fullName = (d) => [d.namespace, d.name].filter(Boolean).join('.')
const fields = new Map()
const results = new Map()
for (const d of parseTl(text)) (d.isFunction ? results : fields).set(fullName(d), d.isFunction ? d : d.argsConfig)
const PRIMITIVES = new Set(['int', 'long', 'int128', 'int256', 'double', 'string', 'bytes', 'true'])

// The reader takes any constructor anywhere; a client that is typed does not.
function check(value, type, place) {
  const vector = /^[Vv]ector<(.+)>$/.exec(type)
  if (vector) return value.forEach((element) => check(element, vector[1], place))
  if (PRIMITIVES.has(type)) return
  if (type === 'Bool') {
    if (typeof value !== 'boolean') throw new Error(`${place} is no Bool`)
    return
  }
  if (value?.SUBCLASS_OF_ID !== crc32(type)) throw new Error(`${place} is ${value?.className} and no ${type}`)
  for (const [name, arg] of Object.entries(fields.get(value.className))) {
    const field = value[name]
    if (arg.flagIndicator || (arg.isFlag && (field === null || field === undefined))) continue
    check(field, arg.isVector ? `Vector<${arg.type}>` : arg.type, `${place}.${name}`)
  }
}

let read = 0
let unknown = 0
for (const line of readFileSync(samples, 'utf8').trim().split('\n')) {
  const [method, hex] = line.split(' ')
  const fail = (what) => {
    console.log(`${method}: ${what}\n${hex}`)
    process.exit(1)
  }
  try {
    const reader = new BinaryReader(Buffer.from(hex, 'hex'))
    if (method === '-') {
      check(reader.tgReadObject(), 'Updates', 'the push')
    } else {
      const name = method.split('.').map((part) => part)
      name[name.length - 1] = name.at(-1)[0].toUpperCase() + name.at(-1).slice(1)
      const called = results.get(name.join('.'))
      if (!called) {
        unknown++ // nobody of this layer calls it
        continue
      }
      const Request = name.length === 2 ? Api[name[0]][name[1]] : Api[name[0]]
      check(new Request({ id: [] }).readResult(reader), called.result, method)
    }
    if (reader.tellPosition() !== hex.length / 2) fail(`it reads ${reader.tellPosition()} of ${hex.length / 2} bytes`)
    read++
  } catch (error) {
    fail(error.message)
  }
}
console.log(`${read} read, ${unknown} of methods that the layer lacks`)
