import { Client } from '@temporalio/client';
import { dataConverter } from '../../../vault/index.js';
import type { CatalogueEntry } from '../../../workflows/catalogue.js';
import type { ClientSettings } from '../../config.js';
import { connectService } from '../../connection.js';
import { earlierRun, otherInput, type EarlierRun } from '../../earlier-run.js';
import { ClientError } from '../../errors.js';

/** The run that a start would get as its answer, instead of a new one. */
export type Joined = Pick<EarlierRun, 'id' | 'runId' | 'state' | 'step' | 'reason' | 'closedAt'>;

/** What a start would meet in Temporal: nothing, a run to join, a refusal; or Temporal could not be asked. */
export type Standing =
  | { meets: 'nothing' }
  | { meets: 'run'; joins: Joined }
  | { meets: 'refusal'; refused: string }
  | { meets: 'unknown'; warning: string };

const LONGEST_MS = 3000;

/** Asks Temporal, for a few seconds at most, what a start of this order would meet. Starts nothing. */
export async function askTemporal(
  settings: ClientSettings,
  entry: CatalogueEntry,
  wanted: { id: string; order: unknown },
): Promise<Standing> {
  try {
    const connection = await connectService(settings, '3 seconds');
    try {
      const { namespace, keys } = settings;
      const client = new Client({ connection, namespace, dataConverter: dataConverter(keys) });
      const run = await connection.withDeadline(
        Date.now() + LONGEST_MS,
        async () => await earlierRun(client, entry, wanted),
      );
      return standing(entry, run);
    } finally {
      await connection.close();
    }
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    const first = error instanceof ClientError ? why : `Temporal does not answer: ${why}`;
    return { meets: 'unknown', warning: `Temporal could not be asked: a run of ${wanted.id} may be open (${first})` };
  }
}

/** How a start that meets this run ends, which is decided as Temporal decides it. */
export function standing({ again }: Pick<CatalogueEntry, 'again'>, run: EarlierRun | undefined): Standing {
  if (run === undefined) return { meets: 'nothing' };
  const answers = run.open || (run.completed && again === 'finished-run-answers');
  if (!answers) return { meets: 'nothing' };
  if (run.differing.length > 0) return { meets: 'refusal', refused: otherInput(run) };
  const { open: _open, completed: _completed, differing: _differing, ...joins } = run;
  return { meets: 'run', joins };
}
