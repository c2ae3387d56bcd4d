import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { currentInput } from '../current-input.js';
import { listBlocked, listOperations, type ListFilter } from '../list.js';
import { operationNamed } from '../operations.js';
import { operationStatus } from '../status.js';
import { blockedText, runsTable, statusText } from './format.js';
import { stdout, table } from './output.js';

interface Json {
  json?: boolean;
}

/** `tenantry status ID` */
export async function status(id: string, { json }: Json): Promise<number> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    const found = await operationStatus(client, id, settings.taskQueue);
    stdout(json ? JSON.stringify(found) : statusText(found));
    return 0;
  } finally {
    await client.connection.close();
  }
}

/** `tenantry input ID`: the input a run goes by now, to be edited and given to `amend`. */
export async function input(id: string): Promise<number> {
  const client = await connect(loadClientSettings());
  try {
    stdout(JSON.stringify(await currentInput(client, id), null, 2));
    return 0;
  } finally {
    await client.connection.close();
  }
}

/** `tenantry list` */
export async function list({ json, ...filter }: ListFilter & Json): Promise<number> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    if (filter.state === 'blocked') {
      const blocked = await listBlocked(client, filter, settings.taskQueue);
      stdout(json ? JSON.stringify(blocked) : blockedText(blocked));
      return 0;
    }
    const runs = await listOperations(client, filter);
    stdout(json ? JSON.stringify(runs) : runsTable(runs));
    return 0;
  } finally {
    await client.connection.close();
  }
}

/** `tenantry schema OPERATION`: what an input may hold, and a complete example. */
export function schema(operation: string): number {
  const entry = operationNamed(operation);
  const example = readFileSync(new URL(`../../../examples/${operation}.json`, import.meta.url), 'utf8');
  stdout(
    JSON.stringify(
      { schema: z.toJSONSchema(entry.schema, { io: 'input' }), example: JSON.parse(example) as unknown },
      null,
      2,
    ),
  );
  return 0;
}

/** `tenantry operations`: by name. */
export function operations({ json }: Json): number {
  const all = Object.values(catalogue)
    .map(({ name, summary }) => ({ name, summary }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  stdout(
    json
      ? JSON.stringify(all)
      : table(
          ['OPERATION', 'DOES'],
          all.map(({ name, summary }) => [name, summary]),
        ),
  );
  return 0;
}
