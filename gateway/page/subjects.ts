import type { Client } from '@temporalio/client';
import { inBatches } from '../../client/batches.js';
import type { ListedRun } from '../../client/list.js';
import { startInput } from '../../vault/index.js';
import { keyOf } from './words.js';

/** A run of a list, and what people call what it is about. */
export interface NamedLine extends ListedRun {
  subject: string;
}

/** So many names are kept; each costs a call once. */
const MOST_KEPT = 5000;
/** So many are read at a time; further runs show their key. */
const MOST_READ = 60;

/** What people call what a run is about: the name or login in its input. Where none can be read, the key in its id. */
export class Subjects {
  private readonly names = new Map<string, string>();

  constructor(private readonly client: Client) {}

  /** The same runs, each with its subject. */
  async inLines(runs: readonly ListedRun[], mostRead = MOST_READ): Promise<NamedLine[]> {
    const unknown = runs.filter(({ id, runId }) => !this.names.has(nameIn(id, runId)));
    await inBatches(unknown.slice(0, mostRead), async ({ id, runId }) => await this.read(id, runId));
    return runs.map((run) => ({ ...run, subject: this.names.get(nameIn(run.id, run.runId)) ?? keyOf(run) }));
  }

  /** The runs in whose name, id, reference or tenant id this text is. */
  async containing(text: string, runs: readonly ListedRun[]): Promise<NamedLine[]> {
    const part = text.toLowerCase();
    const lines = await this.inLines(runs, runs.length);
    return lines.filter(({ subject, id, externalRef, tenantId }) =>
      [subject, id, externalRef, tenantId].some((one) => one?.toLowerCase().includes(part)),
    );
  }

  /** The subject of the last run with this id. */
  async of(run: { id: string; operation: string }): Promise<string> {
    // under the same id another run may have begun
    return (await this.ask(run.id, '')) ?? keyOf(run);
  }

  private async read(id: string, runId: string): Promise<void> {
    const name = nameIn(id, runId);
    const subject = await this.ask(id, runId);
    if (subject !== undefined) this.names.set(name, subject);
    const [oldest] = this.names.keys();
    if (this.names.size > MOST_KEPT && oldest !== undefined) this.names.delete(oldest);
  }

  /** A name is a comfort: without it the key is shown. */
  private async ask(id: string, runId: string): Promise<string | undefined> {
    return await startInput(this.client, id, runId).then(subjectIn, () => undefined);
  }
}

const nameIn = (id: string, runId: string) => JSON.stringify([id, runId]);

/** The name or login in an input; whoever starts a run may have written anything. */
function subjectIn(input: unknown): string | undefined {
  const { customer, partner, tenant, user, name } = (input ?? {}) as Record<string, unknown>;
  const named = [customer, partner, tenant].map((one) => textIn(one, 'name'));
  const [first] = [...named, textIn(user, 'login'), textIn({ name }, 'name')].filter((one) => one !== undefined);
  return first;
}

function textIn(value: unknown, field: string): string | undefined {
  const text = typeof value === 'object' ? (value as Record<string, unknown> | null)?.[field] : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
