import { stopAfter } from './environment.js';
import { startInstallation, type Installation } from './events/installation.js';
import { planSoak } from './events/plan.js';
import { EventSoak } from './events/soak.js';

export interface EventsOptions {
  customers: number;
  seed: number;
  /** Part of the vendor's calls whose answer is lost. */
  lost: number;
  perSecond: number;
  patienceMinutes: number;
}

export interface EventsResult {
  figures: Record<string, number>;
  problems: string[];
}

/**
 * Sends the events of many customers to real processes, kills these, changes things by hand at the vendor, and compares
 * the end with a model.
 */
export async function soakEvents(options: EventsOptions, say: (line: string) => void): Promise<EventsResult> {
  const { customers, seed } = options;
  const plan = planSoak({ customers, seed, now: Math.floor(Date.now() / 1000) });
  say(`seed ${seed}: ${customers} customers, ${plan.deliveries.length} deliveries, and more after changes by hand`);
  return await stopAfter(await startInstallation(), async (installation) => {
    const { simulator } = installation;
    const { lost, perSecond, patienceMinutes } = options;
    const fault = { chance: lost, fault: 'commit-then-drop', seed };
    if (lost > 0) await simulator.control('POST', 'faults', fault);
    const soak = new EventSoak(installation, plan, { seed, perSecond, patienceMs: patienceMinutes * 60_000, say });
    const late = await soak.run();
    const problems = [...soak.watch.faults, ...late, ...(await stuckRuns(installation))];
    return { figures: await figuresOf(soak, installation), problems };
  });
}

/** Runs that cannot go on, because their workflow tasks fail. */
export async function stuckRuns({ client }: Pick<Installation, 'client'>): Promise<string[]> {
  const stuck: string[] = [];
  const query = "TemporalReportedProblems IN ('category=WorkflowTaskFailed')";
  for await (const { workflowId } of client.workflow.list({ query }))
    stuck.push(`${workflowId} cannot go on: its workflow tasks fail`);
  return stuck;
}

interface Call {
  method: string;
  fault?: unknown;
}

async function figuresOf(
  { sender, people, watch, took }: EventSoak,
  { simulator, gateway, worker }: Installation,
): Promise<Record<string, number>> {
  const calls = await simulator.control<Call[]>('GET', 'journal');
  return {
    deliveries: sender.taken,
    sentAgain: sender.sentAgain,
    perSecond: Number(((sender.taken * 1000) / took.delivering).toFixed(1)),
    secondsToConverge: Math.round(took.converging / 1000),
    customersAtVendor: watch.tenants,
    changedByHand: people.changes,
    calls: calls.length,
    changingCalls: calls.filter(({ method }) => method !== 'GET').length,
    lost: calls.filter(({ fault }) => fault !== undefined).length,
    gatewayKilled: gateway.kills,
    workerKilled: worker.kills,
  };
}
