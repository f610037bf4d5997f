// The certified oidc-provider with one client, in front of whom anybody signs in as any address.
// node openid_provider.mjs FOLDER PORT RETURN_ADDRESS: FOLDER holds node_modules.
import { createRequire } from 'node:module';
import { generateKeyPairSync } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const [folder, port, returnAddress] = process.argv.slice(2);
const where = createRequire(pathToFileURL(`${folder}/package.json`));
const { default: Provider } = await import(pathToFileURL(where.resolve('oidc-provider')));

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'live' };

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'mediacheck-live',
    client_secret: 'of the live lane',
    redirect_uris: [returnAddress],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['of the live lane'] },
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: { openid: ['sub', 'hd'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({
      sub: `subject-${sub}`,
      email: sub,
      email_verified: true,
      hd: sub.split('@')[1],
    }),
  }),
});
// The library leaves the choosing of an account to whoever builds on it; signing in is one, too.
provider.use(async (ctx, next) => {
  if (ctx.query.prompt === 'select_account') ctx.query = { ...ctx.query, prompt: 'login' };
  await next();
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
