import type { MetricMeter } from '@temporalio/common';
import type { AttemptReport, Observer } from '../activities/index.js';
import { isUndo } from '../workflows/kernel/step-table.js';
import type { CloudWatch } from './cloud-watch.js';
import type { Logger } from './log.js';

const messages: Record<AttemptReport['outcome'], string> = {
  done: 'step done',
  adopted: 'step adopted what was there',
  again: 'step will be tried again',
  failed: 'step failed',
  cancelled: 'step cancelled',
};

/** Writes one line for each attempt of a step, counts calls, attempts, retries, adoptions and undos, and has watched what looks like trouble of a cloud. */
export function createObserver(log: Logger, meter: MetricMeter, watch?: Pick<CloudWatch, 'noticed'>): Observer {
  const calls = meter.createCounter('tenantry_api_calls', undefined, 'Calls of the cloud, by route and outcome');
  const attempts = meter.createCounter('tenantry_step_attempts', undefined, 'Attempts of steps, by outcome');
  const retries = meter.createCounter('tenantry_step_retries', undefined, 'Attempts that will be repeated, by reason');
  const adoptions = meter.createCounter('tenantry_adoptions', undefined, 'Things taken over instead of made');
  const undos = meter.createCounter('tenantry_undos', undefined, 'Attempts of undos, by outcome');
  const durations = meter.createHistogram('tenantry_step_duration', 'int', 'ms', 'Time of one attempt of a step');
  return {
    called({ route, status }, { cloud }) {
      calls.add(1, { cloud, route, outcome: status === undefined ? 'no-answer' : String(status) });
    },
    ended(report) {
      const { step, cloud, outcome, type = '', duration } = report;
      log[outcome === 'failed' ? 'warn' : 'info'](report, messages[outcome]);
      attempts.add(1, { cloud, step, outcome });
      durations.record(duration, { cloud, step });
      watch?.noticed(report);
      if (outcome === 'again') retries.add(1, { cloud, step, type });
      if (outcome === 'adopted') adoptions.add(1, { cloud, step });
      if (isUndo(step)) undos.add(1, { cloud, step, outcome });
    },
  };
}
