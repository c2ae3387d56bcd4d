import { Client, type Connection } from '@temporalio/client';
import { TenantryError, type InputProblem } from '../../contract/errors.js';
import { loadClientSettings, loadSecretSources } from '../../settings/client.js';
import { readNamed, secretsOf, type NamedSecret } from '../../sources/secrets.js';
import type { Sources } from '../../sources/sources-file.js';
import { clientOptions, createSecretReader, isPlaceKnown } from '../../vault/index.js';
import { connectService } from '../connection.js';
import { withoutSchedule } from '../source-syncs.js';
import type { JsonOption } from './command.js';
import { loadSources } from './event-files.js';
import { Exit } from './exit-codes.js';
import { reportFindings, findings, findingsOfClouds, mergeFindings, type FileFindings } from './findings.js';
import { stdout } from './output.js';
import { table } from './table.js';
import { remedyText } from './remedies.js';
import { readableSources } from './source-sync.js';

type Process = NamedSecret['neededBy'];

interface SourceCheckOptions extends JsonOption {
  /** Checks the secrets that this process needs, as it does when it starts. */
  for?: Process;
}

/** `tenantry sources check`: every problem of the file and of what it names, or its sources. */
export async function checkSources(
  file: string | undefined,
  { for: process, json }: SourceCheckOptions,
): Promise<number> {
  const { path, content: sources } = await loadSources(file);
  const found = mergeFindings(await findingsOfSecrets(sources, process), await findingsOfSources(sources));
  reportFindings(path, found);
  const { warnings, unchecked } = found;
  const rows = Object.entries(sources).map(([name, { kind, act, mode }]) => [name, kind, act, mode]);
  stdout(json ? JSON.stringify({ sources, warnings, unchecked }) : table(['SOURCE', 'KIND', 'ACT', 'MODE'], rows));
  return Exit.done;
}

/** What is wrong with the clouds and the daily syncs of these sources. */
export async function findingsOfSources(sources: Sources): Promise<FileFindings> {
  const clouds = Object.entries(sources).flatMap(([name, { cloud }]) =>
    cloud === undefined ? [] : [[`${name}.cloud`, cloud] as const],
  );
  return mergeFindings(findingsOfClouds(new Map(clouds)), await findingsOfSyncs(sources));
}

/**
 * Whether the secrets can be read here and used. Without a process, a place that is not configured here is no problem:
 * another machine may have it.
 */
async function findingsOfSecrets(sources: Sources, process: Process | undefined): Promise<FileFindings> {
  const places = loadSecretSources();
  const readSecret = createSecretReader(places, 'machine');
  const [problems, unchecked]: [InputProblem[], InputProblem[]] = [[], []];
  const named = Object.entries(sources).flatMap(([name, source]) => secretsOf(name, source));
  for (const one of named.filter(({ neededBy }) => process === undefined || neededBy === process)) {
    const read = await readNamed(one, readSecret);
    if (!('problem' in read)) continue;
    const { path, message } = read.problem;
    const isProblem = process !== undefined || isPlaceKnown(one.reference, places);
    (isProblem ? problems : unchecked).push({ path, message: `${message}; the ${one.neededBy} needs it` });
  }
  return findings({ problems, unchecked });
}

/** Whether Temporal lists the sources with an API once a day. */
async function findingsOfSyncs(sources: Sources): Promise<FileFindings> {
  const names = readableSources(sources);
  if (names.length === 0) return findings();
  const settings = loadClientSettings();
  let connection: Connection;
  try {
    connection = await connectService(settings, '3 seconds');
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    const message = error.message.split('\n')[0]!;
    return findings({ unchecked: names.map((name) => ({ path: `the daily sync of ${name}`, message })) });
  }
  try {
    const missing = await withoutSchedule(
      new Client({ connection, namespace: settings.namespace, ...clientOptions() }),
      names,
    );
    const remedy = remedyText({ remedies: [{ do: 'setUp' }] });
    const message = 'Temporal has no Schedule that lists it once a day';
    return findings({ warnings: missing.map((name) => ({ path: name, message, remedy })) });
  } finally {
    await connection.close();
  }
}
