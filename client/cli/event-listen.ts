import { randomBytes } from 'node:crypto';
import { InvalidArgumentError } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { loadSecretSources } from '../../settings/client.js';
import { signingSecretProblem } from '../../settings/signing-secret.js';
import { createSecretReader } from '../../vault/index.js';
import type { CliCommand, JsonOption } from './command.js';
import { listenForEvents, type Received } from './event-listener.js';
import { Exit } from './exit-codes.js';
import { parsePort, parseWholeNumber } from './parsers.js';
import { stderr, stdout } from './output.js';
import { untilStopped } from './until-stopped.js';

interface Options extends JsonOption {
  port?: number;
  secret?: string;
  answer: number;
  count?: number;
}

/** Under this name a worker of this machine finds the secret. */
const OWN_NAME = 'LISTENER';

/** The command that receives outgoing events, for trying them. */
export function addEventListen(event: CliCommand): void {
  event
    .command('listen')
    .description('receive outgoing events on this machine, check their signatures and print them')
    .option('--port <n>', 'port; a free one by default', parsePort)
    .option('--secret <reference>', 'what signs them, such as env:CRM; by default a new one is made and shown')
    .option('--answer <status>', 'the status to answer, to see what is tried again', parseStatus, 204)
    .option('--count <n>', 'end after so many events', parseWholeNumber)
    .json()
    .withoutSettingsWarning()
    .handler(listen)
    .exitCodes(
      '0 stopped, or all have come, 1 the port is in use, 2 the secret cannot be used, 3 a signature was wrong',
    )
    .examples('event listen', 'event listen --secret env:CRM --answer 503 --json');
}

/** `tenantry event listen`: prints the settings that a worker needs, then each event as it comes, until stopped. */
async function listen({ port = 0, secret: reference, answer, count, json = false }: Options): Promise<number> {
  const given = reference === undefined ? undefined : await readSecret(reference);
  const secret = given ?? `whsec_${randomBytes(32).toString('base64')}`;
  const stopped = untilStopped();
  const seen = { all: 0, wrong: 0 };
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const listener = await listenForEvents({
    port,
    secret,
    answer,
    onReceived(received) {
      seen.all += 1;
      if (received.problem !== undefined) seen.wrong += 1;
      stdout(json ? JSON.stringify(received) : textOf(received));
      if (count !== undefined && seen.all >= count) finish();
    },
  });
  const entry = { url: listener.url, secret: reference ?? `env:${OWN_NAME}`, events: ['*'] };
  printSettings(entry, reference === undefined ? secret : undefined, json);
  await Promise.race([stopped, finished]);
  await listener.close();
  return seen.wrong > 0 ? Exit.failed : Exit.done;
}

/** What to write into `outgoing.json`. A secret that was made here is of no use elsewhere, so it can be shown. */
function printSettings(entry: object, made: string | undefined, json: boolean): void {
  const environment = made === undefined ? {} : { [`TENANTRY_SECRET_${OWN_NAME}`]: made };
  if (json) return stdout(JSON.stringify({ outgoing: [entry], environment }));
  stderr('Ctrl-C ends this. Write this into outgoing.json, and start a worker with TENANTRY_OUTGOING=outgoing.json:');
  stdout(JSON.stringify([entry]));
  for (const [name, value] of Object.entries(environment)) {
    stderr('The worker also needs:');
    stdout(`export ${name}=${value}`);
  }
}

function textOf({ id, body, problem, repeated }: Received): string {
  if (problem !== undefined) return `NOT VERIFIED, ${problem}: ${id ?? 'no id'} ${JSON.stringify(body)}`;
  const { type, timestamp, data } = (body ?? {}) as { type?: unknown; timestamp?: unknown; data?: unknown };
  const again = repeated ? ' (repeated)' : '';
  return `${String(timestamp)}  ${String(type)}  ${id}${again}\n  ${JSON.stringify(data)}`;
}

async function readSecret(reference: string): Promise<string> {
  const read = createSecretReader(loadSecretSources(), 'machine');
  const secret = await read(reference).catch((error: unknown) => {
    throw new TenantryError('refused', `--secret: ${(error as Error).message}.`);
  });
  const problem = signingSecretProblem(secret.trim());
  if (problem !== undefined) throw new TenantryError('refused', `--secret: what ${reference} means ${problem}.`);
  return secret.trim();
}

function parseStatus(text: string): number {
  const status = parseWholeNumber(text);
  if (status < 200 || status > 599) throw new InvalidArgumentError('It must be a status from 200 to 599.');
  return status;
}
