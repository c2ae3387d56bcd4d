import { styleText } from 'node:util';
import { loadClientSettings } from '../config.js';
import { fail, skipped, type Check } from '../doctor/check.js';
import { checkCloud } from '../doctor/cloud.js';
import { checkTemporal } from '../doctor/temporal.js';
import { Exit } from '../errors.js';
import { stdout } from './output.js';
import { version } from './version.js';

/** `tenantry doctor`: looks at everything a run needs, changes nothing, and names the remedy of what is wrong. */
export async function doctor({ json }: { json?: boolean }): Promise<number> {
  const [temporal, clouds] = await Promise.all([checkTemporal(loadClientSettings(), version()), checkClouds()]);
  const checks = [...temporal, ...clouds];
  const healthy = checks.every(({ state }) => state !== 'fail');
  stdout(json ? JSON.stringify({ ok: healthy, checks }) : checks.map(line).join('\n'));
  return healthy ? Exit.done : Exit.internal;
}

async function checkClouds(): Promise<Check[]> {
  const { loadClouds, openClouds } = await import('../../worker/index.js');
  const { absent, clouds, problems } = loadClouds();
  if (absent) return [skipped('clouds', 'none is configured here; ask the doctor where the worker runs')];
  if (problems.length > 0) return problems.map((problem) => fail('clouds', problem, 'Mend the setting.'));
  try {
    return (await Promise.all([...openClouds({ clouds })].map(([name, cloud]) => checkCloud(name, cloud)))).flat();
  } catch (error) {
    return [fail('clouds', (error as Error).message, 'Mend the setting.')];
  }
}

const signs = {
  ok: styleText('green', '✔'),
  warn: styleText('yellow', '!'),
  fail: styleText('red', '✘'),
  skipped: styleText('gray', '–'),
} as const;

function line({ name, state, message, remedy }: Check): string {
  return `${signs[state]} ${name}: ${message}${remedy === undefined ? '' : `\n    ${remedy}`}`;
}
