// An OpenID provider at which the people of a test log in by their name alone: node provider.js '{"port": …}'.
import Provider from 'oidc-provider';

const { port, redirect, people, keys } = JSON.parse(process.argv[2]);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'fodslag',
      client_secret: 'a secret: of/tests?',
      redirect_uris: [redirect],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys },
  cookies: { keys: ['tests'] },
  claims: { openid: ['sub'], profile: ['tenant', 'roles', 'groups'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});

provider.listen(port, '127.0.0.1');
