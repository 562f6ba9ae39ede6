// npm's certified OpenID Connect provider on loopback: node serve.mjs PORT CALLBACK; any name and password are right.
import Provider from 'oidc-provider'

const [port, callback] = process.argv.slice(2)
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'duban', client_secret: 'what-the-provider-gave', redirect_uris: [callback],
    grant_types: ['authorization_code'], response_types: ['code'],
  }],
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id }) }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'))
