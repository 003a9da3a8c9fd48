// npm's oidc-provider on one port for each fault, the first without any.
//   node oidc_faults.mjs FIRST_PORT CLIENT_SECRET REDIRECT_URI      run where `npm install oidc-provider` was run
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(`${process.cwd()}/here.js`)
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')))
const DISCOVERY = '/.well-known/openid-configuration'
const KEYS = '/jwks'

const key = (kid, type, options) =>
  ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), kid, use: 'sig' })

// What each fault does with an answer: the path that it changes, and the change.
const faults = {
  none: null,
  issuer: [DISCOVERY, (it) => { it.issuer += '/elsewhere' }],
  'no-keys': [KEYS, (it) => { it.keys = [] }],
  'no-kid': [KEYS, (it) => { it.keys.forEach((one) => { delete one.kid }) }],
  'no-token-endpoint': [DISCOVERY, (it) => { delete it.token_endpoint }],
  'status-500': [DISCOVERY, 500],
  slow: [DISCOVERY, 'wait'],
}

const [first, client_secret, redirect_uri] = process.argv.slice(2)
let port = Number(first)
for (const fault of Object.values(faults)) {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id: 'cvat', client_secret, redirect_uris: [redirect_uri] }],
    jwks: { keys: [key('one', 'rsa', { modulusLength: 2048 }), key('two', 'ec', { namedCurve: 'P-256' })] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    cookies: { keys: ['only-for-this-test'] },
  })
  const answer = provider.callback()
  createServer((request, response) => {
    const [path, change] = fault ?? []
    if (request.url !== path) return answer(request, response)
    if (change === 500) return response.writeHead(500).end('on purpose')
    if (change === 'wait') return setTimeout(() => answer(request, response), 3000)
    const end = response.end.bind(response)
    response.end = (body) => {
      const document = JSON.parse(body)
      change(document)
      const text = JSON.stringify(document)
      response.setHeader('content-length', Buffer.byteLength(text))
      return end(text)
    }
    return answer(request, response)
  }).listen(port, '127.0.0.1')
  port += 1
}
console.log('ready')
