// Holds samples against mtcute's reader and writer. Arguments: the folder with node_modules, the
// package's alias, the file of samples, one JSON object a line: {method, hex, value}. In value longs are decimal strings, bytes are hex, names the schema's.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, alias, samples] = process.argv.slice(2)
const modules = resolve(folder, 'node_modules')
const load = (path) => import(pathToFileURL(resolve(modules, path)))
// @mtcute/core has under tl/ what @mtcute/tl has at its root, in an older module format.
const inCore = existsSync(resolve(modules, alias, 'tl'))
const schema = inCore ? `${alias}/tl` : alias
const generated = async (name) => {
  const module = await load(`${schema}/binary/${name}.js`)
  return module.default ?? module
}
const { __tlReaderMap } = await generated('reader')
const { __tlWriterMap } = await generated('writer')
const { TlBinaryReader, TlBinaryWriter } = await load('@mtcute/tl-runtime/index.js')
const Long = createRequire(resolve(modules, 'x.js'))('long')

const definitions = new Map()
for (const entry of JSON.parse(readFileSync(resolve(modules, schema, 'api-schema.json'), 'utf8')).e) {
  definitions.set(entry.name, entry)
}

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

function revive(value, type) {
  if (Array.isArray(value)) return value.map((element) => revive(element, type))
  switch (type) {
    case 'int53': return Number(value)
    case 'long': return Long.fromString(value)
    case 'bytes': case 'int128': case 'int256': return new Uint8Array(Buffer.from(value, 'hex'))
  }
  return value !== null && typeof value === 'object' ? reviveObject(value) : value
}

function reviveObject(value) {
  const object = { _: value._ }
  for (const argument of definitions.get(value._).arguments) {
    if (argument.name in value) object[camel(argument.name)] = revive(value[argument.name], argument.type)
  }
  return object
}

const write = (object) => Buffer.from(TlBinaryWriter.serializeObject(__tlWriterMap, object)).toString('hex')

let agreed = 0
for (const line of readFileSync(samples, 'utf8').trim().split('\n')) {
  const { method, hex, value } = JSON.parse(line)
  const fail = (what) => {
    console.log(`${value._}: ${what}\nours ${hex}`)
    process.exit(1)
  }
  try {
    const written = write(reviveObject(value))
    if (written !== hex) fail(`mtcute writes ${written}`)
    if (!method) {
      const reader = new TlBinaryReader(__tlReaderMap, new Uint8Array(Buffer.from(hex, 'hex')))
      const read = reader.object()
      if (reader.pos !== hex.length / 2) fail(`mtcute leaves ${hex.length / 2 - reader.pos} bytes`)
      const back = write(read)
      if (back !== hex) fail(`mtcute reads it and writes ${back}`)
    }
    agreed++
  } catch (error) {
    fail(error.message)
  }
}
console.log(`${agreed} samples agree`)
