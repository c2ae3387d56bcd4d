import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricMeter } from '@temporalio/common';
import { isAcronisError } from '../acronis/index.js';
import type { AttemptReport } from '../activities/index.js';
import { failureTypeOf } from '../activities/failures.js';
import { FailureType } from '../contract/failures.js';
import type { CloudClients } from './cloud-clients.js';
import type { Logger } from './log.js';

/** A cloud that does not answer this worker, or refuses it: its runs wait. */
export interface CloudTrouble {
  cloud: string;
  /** Type of the failure, as in a status. */
  type: string;
  /** What it is, and the remedy; none of the vendor's words. */
  message: string;
}

interface Surroundings {
  clients: CloudClients;
  log: Logger;
  meter: MetricMeter;
}

const START_MS = 3000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;
const refusals: readonly string[] = [
  FailureType.Credentials,
  FailureType.Forbidden,
  FailureType.NotFound,
  FailureType.Rejected,
];
const suspicious: readonly unknown[] = [FailureType.Unavailable, FailureType.Credentials];

/**
 * Asks each cloud until it answers, from the start on and whenever a step had trouble with it. The trouble of one cloud is its own: it keeps
 * neither the worker nor another cloud.
 */
export class CloudWatch {
  /** What was seen last; undefined where all is well. */
  private readonly seen = new Map<string, CloudTrouble | undefined>();
  private readonly watched = new Set<string>();
  private readonly end = new AbortController();
  private readonly gauge;

  constructor(private readonly around: Surroundings) {
    const description = '1 while a cloud does not answer this worker, or refuses it';
    this.gauge = around.meter.createGauge('tenantry_cloud_in_trouble', 'int', undefined, description);
  }

  /** Ends once each cloud has been asked, but not later than this: a cloud that has not answered by then is in trouble until it does. */
  async begin(startMs = START_MS): Promise<void> {
    const { names } = this.around.clients;
    const looks = names.map(async (name) => new Promise<void>((told) => void this.watch(name, 'rootTenantId', told)));
    const enough = new AbortController();
    const late = sleep(startMs, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([Promise.all(looks), late]);
    enough.abort();
    const silent = `has not answered within ${startMs / 1000} s`;
    for (const name of names) if (!this.seen.has(name)) this.see(name, this.away(name, silent));
  }

  /** The clouds that are in trouble just now. */
  inTrouble(): CloudTrouble[] {
    return [...this.seen.values()].filter((trouble) => trouble !== undefined);
  }

  /** Hears how a step ended. Refused credentials are read again, where they come from a file. */
  noticed({ cloud, type }: Pick<AttemptReport, 'cloud' | 'type'>): void {
    if (!suspicious.includes(type)) return;
    if (type === FailureType.Credentials) this.renew(cloud);
    void this.watch(cloud, 'probe');
  }

  stop(): void {
    this.end.abort();
  }

  private async watch(name: string, how: 'rootTenantId' | 'probe', told?: () => void): Promise<void> {
    if (this.watched.has(name)) return;
    this.watched.add(name);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const trouble = await this.ask(name, how);
      if (this.end.signal.aborted) return;
      this.see(name, trouble);
      told?.();
      if (trouble === undefined) break;
      if (trouble.type === FailureType.Credentials) this.renew(name);
      await sleep(pause, undefined, { signal: this.end.signal }).catch(() => undefined);
    }
    this.watched.delete(name);
  }

  private async ask(name: string, how: 'rootTenantId' | 'probe'): Promise<CloudTrouble | undefined> {
    try {
      await this.around.clients.get(name).forAttempt({ signal: this.end.signal })[how]();
      return undefined;
    } catch (error) {
      const type = failureTypeOf(error);
      const facts = ownWords(error);
      if (!refusals.includes(type)) return this.away(name, `gives no usable answer (${facts})`, type);
      const remedy = 'Check its client id and secret, and whether the API client is enabled.';
      return { cloud: name, type, message: `Cloud "${name}" refuses the API client (${facts}). ${remedy}` };
    }
  }

  private away(cloud: string, how: string, type: string = FailureType.Unavailable): CloudTrouble {
    const { baseUrl } = this.around.clients.settingsOf(cloud);
    return { cloud, type, message: `Cloud "${cloud}" at ${baseUrl} ${how}. Check its base URL and the network.` };
  }

  private renew(name: string): void {
    if (this.around.clients.renew(name))
      this.around.log.info({ cloud: name }, 'the settings of a cloud were read again');
  }

  private see(name: string, trouble: CloudTrouble | undefined): void {
    const { log } = this.around;
    const before = this.seen.get(name);
    this.seen.set(name, trouble);
    this.gauge.set(trouble === undefined ? 0 : 1, { cloud: name });
    if (trouble?.type === before?.type) return;
    if (trouble === undefined) log.info({ cloud: name }, 'a cloud answers this worker again');
    else log.warn({ cloud: name, type: trouble.type }, `${trouble.message} Its runs wait, all others go on.`);
  }
}

/** Status and route, or why there was no answer; the vendor's words may name people. */
function ownWords(error: unknown): string {
  if (!isAcronisError(error)) return (error as Error).name;
  const { route, status, reason } = error.facts;
  return status === undefined ? `${route}: ${reason ?? 'not sent'}` : `${route}: ${status}`;
}
