// A PDS of the AT protocol with a directory of its own, and one account. Arguments: the folder into
// which both are installed, one for data, the ports of the PDS and of the directory.
import { createRequire } from "node:module";

const [installed, data, port, directoryPort] = process.argv.slice(2);
const load = createRequire(`${installed}/package.json`);
const { PlcServer, Database } = load("@did-plc/server");
const directory = PlcServer.create({ db: Database.mock(), port: Number(directoryPort) });
await directory.start();

const hex = (digit) => digit.repeat(64);
const settings = {
  PDS_DEV_MODE: "1", PDS_HOSTNAME: "localhost", PDS_PORT: port, PDS_DATA_DIRECTORY: data,
  PDS_BLOBSTORE_DISK_LOCATION: `${data}/blobs`, PDS_DID_PLC_URL: `http://localhost:${directoryPort}`,
  PDS_SERVICE_HANDLE_DOMAINS: ".test", PDS_INVITE_REQUIRED: "0", PDS_JWT_SECRET: hex("a"),
  PDS_ADMIN_PASSWORD: "of the live lane", PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: hex("1"),
  PDS_DISABLE_SSRF_PROTECTION: "1", PDS_DPOP_SECRET: hex("b"), LOG_ENABLED: "0",
};
Object.assign(process.env, settings);
const { PDS, readEnv, envToCfg, envToSecrets } = load("@atproto/pds");
const env = readEnv();
const pds = await PDS.create(envToCfg(env), envToSecrets(env));
await pds.start();

const base = `http://localhost:${port}`;
const ask = async (name, body, token) => {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const sent = { method: "POST", headers, body: JSON.stringify(body) };
  const answer = await fetch(`${base}/xrpc/com.atproto.server.${name}`, sent);
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const password = "of the live lane";
const made = await ask("createAccount", { handle: "lincoln.test", email: "l@lincoln.example", password });
const app = await ask("createAppPassword", { name: "mediacheck" }, made.accessJwt);
console.log(`ready ${JSON.stringify({ base, password, did: made.did, app: app.password })}`);
