import { searchAttributes } from '../../contract/search-attributes.js';
import { loadClientSettings } from '../../settings/client.js';
import { connectService } from '../connection.js';
import { TenantryError, type ErrorKind } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { toldToStop } from './stopping.js';

const output = { stdout, stderr };

/** `tenantry engine`: runs until it is told to stop. */
export async function engine(options: {
  port?: number;
  uiPort?: number;
  db?: string;
  codec?: string;
}): Promise<number> {
  const { checkFolder, runEngine } = await import('../../engine/index.js');
  const { db } = options;
  if (db !== undefined) await saying(() => checkFolder(db), 'refused');
  const running = await saying(() => runEngine(options, output, searchAttributes));
  let asked = false;
  const ended = running.exited.then(() => (asked ? Exit.done : Exit.internal));
  await Promise.race([toldToStop(), ended]);
  asked = true;
  await running.stop();
  return await ended;
}

/** `tenantry simulator`: runs until it is told to stop. */
export async function simulator({
  fixture,
  ...place
}: {
  host?: string;
  port?: number;
  fixture?: string;
  strict?: boolean;
  untidy?: number;
}): Promise<number> {
  const { readFixture, runSimulator } = await import('../../simulator/index.js');
  if (fixture !== undefined) await saying(() => void readFixture(fixture), 'refused');
  const running = await saying(() => runSimulator({ ...place, fixtureFile: fixture }, output));
  await toldToStop();
  await running.close();
  return Exit.done;
}

/** `tenantry worker`: runs until it is told to stop, then drains. */
export async function worker(options: { port?: number }): Promise<number> {
  const { runWorker } = await import('../../worker/index.js');
  await runWorker(output, options);
  return Exit.done;
}

/** `tenantry setup`: makes namespace and search attributes. */
export async function setup({ retention, json }: { retention?: number; json?: boolean }): Promise<number> {
  const { setUpNamespace } = await import('../../engine/index.js');
  const settings = loadClientSettings();
  const connection = await connectService(settings);
  try {
    const { namespace } = settings;
    const report = await saying(() =>
      setUpNamespace({ connection, namespace, searchAttributes, retentionDays: retention }),
    );
    const added = report.added.length === 0 ? 'all search attributes were there' : `added ${report.added.join(', ')}`;
    stdout(
      json
        ? JSON.stringify(report)
        : `namespace ${namespace} ${report.namespace}, retention ${report.retentionDays} days, ${added}`,
    );
    return Exit.done;
  } finally {
    await connection.close();
  }
}

/** What these rooms refuse they explain themselves; it is no internal error. */
async function saying<T>(act: () => T | Promise<T>, kind: ErrorKind = 'unavailable'): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new TenantryError(kind, (error as Error).message);
  }
}
