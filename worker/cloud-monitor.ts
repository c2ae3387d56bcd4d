import { setTimeout as sleep } from 'node:timers/promises';
import type { MetricMeter } from '@temporalio/common';
import { isAcronisError } from '../acronis/index.js';
import type { AttemptReport } from '../activities/index.js';
import { failureTypeOf } from '../activities/failures.js';
import type { Trouble } from '../contract/cloud-trouble.js';
import { FailureType } from '../contract/failures.js';
import type { CloudClients } from './cloud-clients.js';
import type { Logger } from '../telemetry/log.js';

interface MonitorOptions {
  clients: CloudClients;
  log: Logger;
  meter: MetricMeter;
}

/** The first question finds the root tenant; later ones are cheaper. */
type Question = 'rootTenantId' | 'probe';

const START_MS = 3000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;
const refusals: readonly string[] = [
  FailureType.Credentials,
  FailureType.Forbidden,
  FailureType.NotFound,
  FailureType.Rejected,
];
const troubleTypes: readonly unknown[] = [FailureType.Unavailable, FailureType.Credentials];

/**
 * Asks each cloud until it answers: from the start on, and whenever a step had trouble with it. The trouble of one
 * cloud stops neither the worker nor another cloud.
 */
export class CloudMonitor {
  /** Undefined for a cloud that is well. */
  private readonly lastSeen = new Map<string, Trouble | undefined>();
  private readonly beingAsked = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly gauge;

  constructor(private readonly options: MonitorOptions) {
    const description = '1 while a cloud does not answer this worker, or refuses it';
    this.gauge = options.meter.createGauge('tenantry_cloud_in_trouble', 'int', undefined, description);
  }

  /** Resolves once each cloud has answered, at the latest after `startMs`. A cloud is in trouble until it answers. */
  async start(startMs = START_MS): Promise<void> {
    const { names } = this.options.clients;
    const answers = names.map(
      async (name) => new Promise<void>((answered) => void this.askUntilWell(name, 'rootTenantId', answered)),
    );
    const enough = new AbortController();
    const late = sleep(startMs, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([Promise.all(answers), late]);
    enough.abort();
    const silence = `has not answered within ${startMs / 1000} s`;
    for (const name of names) if (!this.lastSeen.has(name)) this.record(name, this.unreachable(name, silence));
  }

  /** The clouds that are in trouble now. */
  inTrouble(): Trouble[] {
    return [...this.lastSeen.values()].filter((trouble) => trouble !== undefined);
  }

  /**
   * Gets how each attempt of a step ended. Credentials that were refused are read again: their file may have changed.
   */
  attemptEnded({ cloud, type }: Pick<AttemptReport, 'cloud' | 'type'>): void {
    if (!troubleTypes.includes(type)) return;
    if (type === FailureType.Credentials) this.rereadSettings(cloud);
    void this.askUntilWell(cloud, 'probe');
  }

  stop(): void {
    this.stopping.abort();
  }

  private async askUntilWell(name: string, question: Question, answered?: () => void): Promise<void> {
    if (this.beingAsked.has(name)) return;
    this.beingAsked.add(name);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const trouble = await this.ask(name, question);
      if (this.stopping.signal.aborted) return;
      this.record(name, trouble);
      answered?.();
      if (trouble === undefined) break;
      if (trouble.type === FailureType.Credentials) this.rereadSettings(name);
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    this.beingAsked.delete(name);
  }

  private async ask(name: string, question: Question): Promise<Trouble | undefined> {
    try {
      const attempt = { signal: this.stopping.signal, turn: { atOnce: true } };
      await this.options.clients.get(name).forAttempt(attempt)[question]();
      return undefined;
    } catch (error) {
      const type = failureTypeOf(error);
      const facts = factsOf(error);
      if (!refusals.includes(type)) return this.unreachable(name, `gives no usable answer (${facts})`, type);
      const remedy = 'Check its client id and secret, and whether the API client is enabled.';
      return { cloud: name, type, message: `Cloud "${name}" refuses the API client (${facts}). ${remedy}` };
    }
  }

  private unreachable(cloud: string, problem: string, type: string = FailureType.Unavailable): Trouble {
    const { baseUrl } = this.options.clients.settingsOf(cloud);
    return { cloud, type, message: `Cloud "${cloud}" at ${baseUrl} ${problem}. Check its base URL and the network.` };
  }

  private rereadSettings(name: string): void {
    if (this.options.clients.reread(name))
      this.options.log.info({ cloud: name }, 'the settings of a cloud were read again');
  }

  private record(name: string, trouble: Trouble | undefined): void {
    const { log } = this.options;
    const before = this.lastSeen.get(name);
    this.lastSeen.set(name, trouble);
    this.gauge.set(trouble === undefined ? 0 : 1, { cloud: name });
    if (trouble?.type === before?.type) return;
    if (trouble === undefined) log.info({ cloud: name }, 'a cloud answers this worker again');
    else log.warn({ cloud: name, type: trouble.type }, `${trouble.message} Its runs wait, all others go on.`);
  }
}

/** Route and status, or why there was no answer. The vendor's own words are left out, because they may name people. */
function factsOf(error: unknown): string {
  if (!isAcronisError(error)) return (error as Error).name;
  const { route, status, reason } = error.facts;
  return status === undefined ? `${route}: ${reason ?? 'not sent'}` : `${route}: ${status}`;
}
