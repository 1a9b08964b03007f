import dgram from 'node:dgram'
import dns from 'node:dns'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

// Loaded before a command that must reach nothing: every way to a socket is noted and refused, and every module that is read is noted.

const sockets: string[] = []
const modules: string[] = []

function refuse(name: string): () => never {
  return () => {
    sockets.push(name)
    throw new Error(`${name} was called`)
  }
}

Object.assign(net.Socket.prototype, { connect: refuse('net.Socket.connect') })
Object.assign(net.Server.prototype, { listen: refuse('net.Server.listen') })
Object.assign(net, { connect: refuse('net.connect'), createConnection: refuse('net.createConnection') })
Object.assign(tls, { connect: refuse('tls.connect') })
Object.assign(dgram, { createSocket: refuse('dgram.createSocket') })
Object.assign(dns, { lookup: refuse('dns.lookup') })
Object.assign(dns.promises, { lookup: refuse('dns.promises.lookup') })
Object.assign(globalThis, { fetch: refuse('fetch') })
syncBuiltinESMExports()

registerHooks({
  load: (url, context, next) => {
    modules.push(url)
    return next(url, context)
  },
})
process.on('exit', () => process.stderr.write(`\nSEEN ${JSON.stringify({ sockets, modules })}\n`))
