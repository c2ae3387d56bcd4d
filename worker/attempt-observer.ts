import type { MetricMeter } from '@temporalio/common';
import type { AttemptReport, Observer } from '../activities/index.js';
import { isUndo } from '../workflows/kernel/step-table.js';
import type { CloudMonitor } from './cloud-monitor.js';
import type { Logger } from '../telemetry/log.js';

const messages: Record<AttemptReport['outcome'], string> = {
  done: 'step done',
  adopted: 'step adopted what was there',
  again: 'step will be tried again',
  failed: 'step failed',
  cancelled: 'step cancelled',
};

/**
 * Logs one line for each attempt of a step, counts calls, attempts, retries, adoptions and undos, and reports each
 * attempt to the monitor of the clouds.
 */
export function createAttemptObserver(
  log: Logger,
  meter: MetricMeter,
  monitor?: Pick<CloudMonitor, 'attemptEnded'>,
): Observer {
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
      monitor?.attemptEnded(report);
      if (outcome === 'again') retries.add(1, { cloud, step, type });
      if (outcome === 'adopted') adoptions.add(1, { cloud, step });
      if (isUndo(step)) undos.add(1, { cloud, step, outcome });
    },
  };
}
