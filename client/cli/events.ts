import { Option } from 'commander';
import type { Fact, SoldItem } from '../../contract/facts.js';
import { TenantryError } from '../../contract/errors.js';
import { didYouMean } from '../../contract/misspellings.js';
import { sourceKinds } from '../../sources/index.js';
import { UnreadableDelivery, type Delivery, type Reading } from '../../sources/kind.js';
import { isSending, type SendingSource, type Source } from '../../sources/sources-file.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { mapFact } from '../../sales-plans/mapping.js';
import type { SalesPlans } from '../../sales-plans/plans-file.js';
import { loadPlansPath } from '../../settings/plans.js';
import { emptyMemory, learn } from '../../workflows/customer/memory.js';
import { observedStatus } from '../../workflows/customer/status.js';
import { followingLines } from './customer-text.js';
import type { CliCommand, JsonOption } from './command.js';
import { loadPlans, loadSources } from './event-files.js';
import { Exit } from './exit-codes.js';
import { stdout } from './output.js';
import { addEventListen } from './event-listen.js';
import { sendEvent, type SendOptions } from './event-send.js';
import { addSourceStatus } from './overviews.js';
import { addSourceAct } from './source-act.js';
import { checkSources } from './source-check.js';
import { syncSource, type SyncOptions } from './source-sync.js';
import { readInput } from './parsers.js';

/** The commands about the systems that send events. */
export function addEvents(top: CliCommand): void {
  addSources(top);
  const event = top
    .command('event')
    .description('the events of these systems')
    .examples('event explain body.json --source shop');
  event
    .command('explain <file>')
    .description(
      'what an event says, without its signature being checked; the file holds the body, - is standard input',
    )
    .required('--source <name>', 'the source that sends it, from sources.json')
    .option('--content-type <type>', 'of the request; CloudEvents need it', 'application/cloudevents+json')
    .json()
    .handler(explainEvent)
    .exitCodes('0 it says something or nothing, 2 it cannot be read, or a field is missing')
    .examples('event explain body.json --source shop', 'event explain - --source shop --json < body.json');
  event
    .command('send <file>')
    .description(
      'sign a body as its source would, and send it to the gateway; the file holds the body, - is standard input',
    )
    .required('--source <name>', 'the source that sends it, from sources.json')
    .option('--url <url>', 'where the gateway is; as the settings say by default')
    .json()
    .handler(async (file: string, options: SendOptions) => sendEvent(file, await findSender(options.source), options))
    .exitCodes('0 taken or ignored, 1 no answer, or to be sent again, 2 refused')
    .examples('event send body.json --source shop', 'event send body.json --source shop --url http://127.0.0.1:8085');
  addEventListen(event);
}

function addSources(top: CliCommand): void {
  const sources = top
    .command('sources')
    .description('the billing and CRM systems that send events')
    .examples('sources check');
  sources
    .command('check [file]')
    .description(
      'check sources.json, and the secrets, clouds and daily syncs that it needs: the file, or the one that TENANTRY_SOURCES names',
    )
    .addOption(
      new Option('--for <process>', 'check exactly the secrets that this process needs').choices(['gateway', 'worker']),
    )
    .json()
    .handler(checkSources)
    .exitCodes('0 usable, 2 not')
    .examples('sources check', 'sources check examples/sources.json', 'sources check --for gateway');
  sources
    .command('sync <source>')
    .description('list everything that a source has sold, and give it to the customers; what is missing ends nobody')
    .option('--accept', 'also if the listing is shorter than the last one, or of another account')
    .json()
    .handler(async (name: string, options: SyncOptions) => syncSource(name, await findSource(name), options))
    .exitCodes('0 delivered, 1 Temporal does not answer, 2 refused, 3 stopped: the listing is not believed')
    .examples('sources sync shop', 'sources sync shop --accept');
  addSourceAct(sources, findSource);
  addSourceStatus(sources);
}

/** A body alone has no id where the sender puts it into a header. */
const NO_ID = 'not-known';

interface ExplainOptions extends JsonOption {
  source: string;
  contentType: string;
}

/**
 * `tenantry event explain`: reads a body as the gateway would, and changes nothing. With sales plans it also says what
 * would be done for a customer of whom nothing else is known.
 */
async function explainEvent(file: string, { source: name, contentType, json }: ExplainOptions): Promise<number> {
  const source = await findSender(name);
  const body = Buffer.from(JSON.stringify(await readInput(file)));
  const headers = { 'content-type': contentType, 'webhook-id': NO_ID };
  const readings = read(source, name, { method: 'POST', url: '', headers, body });
  const plans = loadPlansPath() === undefined ? undefined : (await loadPlans()).content;
  const events = readings.map((reading) => ({
    ...reading,
    ...(plans && { customers: customersOf(reading, source, plans) }),
  }));
  const hintOf = hintsFrom(plans, name);
  stdout(json ? JSON.stringify({ events }) : events.map((event) => eventText(event, hintOf)).join('\n'));
  return readings.some(({ says }) => says === 'incomplete') ? Exit.refused : Exit.done;
}

function read(source: SendingSource, name: string, delivery: Delivery): Reading[] {
  const { kind, reference, timezone } = source;
  try {
    return sourceKinds[kind].normalise(delivery, { name, reference, timezone, now: new Date() });
  } catch (error) {
    if (!(error instanceof UnreadableDelivery)) throw error;
    throw new TenantryError('refused', error.message);
  }
}

/** The source of this name in the file that TENANTRY_SOURCES names. Refused, with the known names, when there is none. */
export async function findSource(name: string): Promise<Source> {
  const { content: sources } = await loadSources();
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source !== undefined) return source;
  throw new TenantryError('refused', `There is no source ${name}. Known are ${Object.keys(sources).join(', ')}.`);
}

/** The same for a source that sends events; refused for one of files. */
async function findSender(name: string): Promise<SendingSource> {
  const source = await findSource(name);
  if (isSending(source)) return source;
  throw new TenantryError('refused', `${name} sends no events: its customers come from files, by "tenantry import".`);
}

/** What follows from an event alone: one status for each customer in it. */
function customersOf(reading: Reading, source: Source, plans: SalesPlans): CustomerStatus[] {
  if (reading.says !== 'facts') return [];
  const now = Date.now();
  const { cloud } = source;
  return reading.facts.map((fact) => {
    const memory = learn(emptyMemory(), mapFact(plans, source, fact), now);
    return observedStatus({ ref: fact.customer.ref, ...(cloud !== undefined && { cloud }) }, memory, now);
  });
}

/** The end of a line about a thing sold: which plan or product is meant, if the name is nearly that of a known one. */
type HintOf = (item: SoldItem) => string;

function hintsFrom(salesPlans: SalesPlans | undefined, source: string): HintOf {
  const { plans = {} } = salesPlans ?? {};
  const products = Object.values(plans).flatMap(({ sold }) => (sold[source] ?? []).map(({ product }) => product));
  return ({ plan, product = '', aliases = [] }) => {
    if (plan !== undefined) return didYouMean(plan, Object.keys(plans));
    return aliases.some((alias) => products.includes(alias)) ? '' : didYouMean(product, products);
  };
}

function eventText({ customers = [], ...reading }: Reading & { customers?: CustomerStatus[] }, hintOf: HintOf): string {
  const follows = customers.flatMap(followingLines);
  return [
    readingText(reading, hintOf),
    ...(follows.length > 0 ? ['  if nothing else is known of the customer:', ...follows] : []),
  ].join('\n');
}

function readingText(reading: Reading, hintOf: HintOf): string {
  const id = reading.id === NO_ID ? '' : ` ${reading.id}`;
  const head = `${reading.type}${id}${reading.live ? '' : ' (test mode)'}`;
  switch (reading.says) {
    case 'facts':
      return [head, ...reading.facts.flatMap((fact) => factLines(fact, hintOf))].join('\n');
    case 'changed':
      return `${head}\n  says only that ${reading.object.type} ${reading.object.id} has changed: it must be read from the API`;
    case 'notice':
      return `${head}\n  nothing to act on, but somebody should know: ${reading.text}`;
    case 'nothing':
      return `${head}\n  says nothing: ${reading.why}`;
    case 'incomplete':
      return [head, ...reading.problems.map(({ path, message }) => `  ${path} ${message}`)].join('\n');
  }
}

function factLines({ at, customer, subscription }: Fact, hintOf: HintOf): string[] {
  const { ref, name, language, contact, login } = customer;
  const details = [name, contact?.email, language, login && `login ${login}`].filter(Boolean).join(', ');
  const who = `  customer ${ref}${details === '' ? '' : `: ${details}`}`;
  if (subscription === undefined) return [`${who}, as of ${at}`];
  const { since, until, trialEnd } = subscription;
  const dates = [since && `since ${since}`, until && `until ${until}`, trialEnd && `trial ends ${trialEnd}`];
  const when = dates.filter(Boolean).join(', ');
  return [
    who,
    `  subscription ${subscription.ref} is ${subscription.state} as of ${at}${when === '' ? '' : `; ${when}`}`,
    ...subscription.items.map((item) => `    ${itemText(item)}${hintOf(item)}`),
  ];
}

function itemText({ plan, product, quantity, quantities = {} }: SoldItem): string {
  const others = Object.entries(quantities).map(([path, number]) => `${path} ${number}`);
  const what = plan === undefined ? `product ${product}` : `plan ${plan}`;
  return [`${quantity ?? 'as many as before'} × ${what}`, ...others].join(', ');
}
