import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import { safeCause } from '../../acronis/index.js';
import { TenantryError } from '../../contract/errors.js';
import { severities, type Severity } from '../../contract/notice-queue.js';
import { withSecrets } from '../../notice-routes/opened.js';
import { chooseRoute, routeAbouts, timesOf, type RouteAbout } from '../../notice-routes/route.js';
import type { NoticesFile, Route } from '../../notice-routes/notices-file.js';
import { loadSecretSources } from '../../settings/client.js';
import { loadProxyFor } from '../../settings/notice-routes.js';
import { signingSecretProblem } from '../../settings/signing-secret.js';
import { unusable } from '../../settings/watched-file.js';
import { createSecretReader } from '../../vault/index.js';
import type { CliCommand, JsonOption } from './command.js';
import { loadNotices } from './event-files.js';
import { Exit } from './exit-codes.js';
import { reportFindings } from './findings.js';
import { findingsOfNotices } from './notice-check.js';
import { stdout } from './output.js';
import { table } from './table.js';

/** The commands about `notices.json`. */
export function addNotices(top: CliCommand): void {
  const notices = top
    .command('notices')
    .description('who gets which notice, and when')
    .examples('notices check', 'notices test');
  notices
    .command('check [file]')
    .description(
      'check notices.json, and the secrets, clouds and sources that it names: the file, or the one that TENANTRY_NOTICES names',
    )
    .json()
    .handler(checkNotices)
    .exitCodes('0 usable, 2 not')
    .examples('notices check', 'notices check examples/notices.json');
  notices
    .command('test [file]')
    .description('send a test message to each target at once, and say what happened; needs the secrets of the worker')
    .option('--target <name>', 'only to this one')
    .json()
    .handler(testNotices)
    .exitCodes('0 all have taken it, 1 not all, 2 the file cannot be used')
    .examples('notices test', 'notices test --target pager');
  addExplain(notices);
}

function addExplain(notices: CliCommand): void {
  notices
    .command('explain')
    .description('which route a notice takes, and when it would be sent now')
    .addOption(new Option('--about <part>', 'what it is about').choices(routeAbouts).default('run'))
    .addOption(new Option('--severity <severity>', 'how urgent it is').choices(severities).default('normal'))
    .option('--source <name>', 'the source, for --about source')
    .option('--cloud <name>', 'the cloud')
    .option('--operation <name>', 'the operation, for --about run')
    .json()
    .handler(explainNotice)
    .exitCodes('0 shown, 2 the file cannot be used')
    .examples(
      'notices explain --severity urgent --about cloud --cloud eu',
      'notices explain --about source --source shop',
    );
}

/** `tenantry notices check`: every problem of the file and of what it names, or its routes. */
async function checkNotices(file: string | undefined, { json }: JsonOption): Promise<number> {
  const { path, content } = await loadNotices(file);
  const found = await findingsOfNotices(content);
  reportFindings(path, found);
  const { warnings, unchecked } = found;
  const { routes, targets } = content;
  const rows = routes.map((route, at) => [nameOf(route, at), whatFits(route), toText(route), whenText(content, route)]);
  stdout(
    json ? JSON.stringify({ routes, targets, warnings, unchecked }) : table(['ROUTE', 'NOTICES', 'TO', 'SENT'], rows),
  );
  return Exit.done;
}

/** `tenantry notices test`: sends to each target past queue, quiet hours and digest. */
async function testNotices(
  file: string | undefined,
  { target: only, json }: JsonOption & { target?: string },
): Promise<number> {
  const { path, content } = await loadNotices(file);
  const readSecret = createSecretReader(loadSecretSources(), 'machine');
  const opened = await withSecrets(content, readSecret, signingSecretProblem);
  if ('problems' in opened) throw unusable(path, opened.problems);
  const names = Object.keys(opened.targets);
  if (only !== undefined && !names.includes(only))
    throw new TenantryError('refused', `There is no target ${only}. Known are ${names.join(', ')}.`);
  const { openTarget } = await import('../../worker/notices/targets.js');
  const proxyFor = loadProxyFor();
  const results = await Promise.all(
    names
      .filter((name) => only === undefined || name === only)
      .map(async (name) => {
        const { where, send } = openTarget(opened, name, proxyFor)!;
        const failure = await send(testMessage(name), randomUUID()).then(() => undefined, causeOf);
        return { target: name, where, sent: failure === undefined, failure };
      }),
  );
  const rows = results.map(({ target, where, failure }) => [target, where, failure ?? 'taken']);
  stdout(json ? JSON.stringify({ results }) : table(['TARGET', 'WHERE', 'RESULT'], rows));
  return results.every(({ sent }) => sent) ? Exit.done : Exit.internal;
}

function testMessage(target: string) {
  const text = `This is a test of the target ${target}, sent by "tenantry notices test". Nothing has happened.`;
  return { type: 'notices.test', subject: 'Test notice of Tenantry', text };
}

/** Not the message, which may hold an address with a token. */
function causeOf(error: unknown): string {
  const { code, name } = safeCause(error);
  return code ?? name;
}

interface ExplainOptions extends JsonOption {
  about: RouteAbout;
  severity: Severity;
  source?: string;
  cloud?: string;
  operation?: string;
}

/** `tenantry notices explain`: the route of a notice with these traits. */
async function explainNotice({ json, ...traits }: ExplainOptions): Promise<number> {
  const { content } = await loadNotices();
  const route = chooseRoute(content, traits);
  const now = Date.now();
  const { quiet, digest } = timesOf(content, route, traits.severity, now);
  const [from, until] = quiet[0] ?? [Infinity, now];
  const at = digest?.[0] ?? (from <= now ? until : now);
  const sent = at <= now ? 'at once' : new Date(at).toISOString();
  const name = nameOf(route, content.routes.indexOf(route));
  const answer = { route: name, to: route.to, sent };
  stdout(json ? JSON.stringify(answer) : `${name}: to ${toText(route)}, ${sent}`);
  return Exit.done;
}

function nameOf({ name }: Route, at: number): string {
  return name ?? `routes.${at}`;
}

function whatFits({ when }: Route): string {
  const fields = Object.entries(when).flatMap(([field, values]) =>
    values === undefined ? [] : [`${field} ${values.join(' or ')}`],
  );
  return fields.length === 0 ? 'all' : fields.join(', ');
}

function toText({ to }: Route): string {
  return to.length === 0 ? 'the log only' : to.join(', ');
}

function whenText({ digest, quiet, timezone }: NoticesFile, route: Route): string {
  if (route.digest) return `daily at ${digest} ${timezone}; urgent at once`;
  return route.quiet && quiet.length > 0 ? 'outside quiet hours; urgent at once' : 'at once';
}
