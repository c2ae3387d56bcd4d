import { signed } from '../../../bench/events/bodies.js';
import { plansFile, sourcesFile } from '../../../bench/events/offer.js';
import type { Statement } from '../../../bench/events/statements.js';
import type { FactReading } from '../../../contract/customers.js';
import type { Fact } from '../../../contract/facts.js';
import { readPlans } from '../../../sales-plans/plans-file.js';
import { findingsOf } from '../../../sources/findings.js';
import { sourceKinds } from '../../../sources/index.js';
import { readSources, type SendingSource } from '../../../sources/sources-file.js';
import { FactReader } from '../../../worker/fact-reader.js';

const DAY_MS = 86_400_000;

/** What follows when a customer does not pay or leaves: at once, after days, or after months. */
export const rules = {
  'at once': { pastDue: 0, ended: 0, offboard: 'ask', grace: 30 },
  'after days': { pastDue: 3, ended: 2, offboard: 'automatic', grace: 5 },
  'after months': { pastDue: 14, ended: 7, offboard: 'automatic', grace: 60 },
} as const satisfies Record<string, { pastDue: number; ended: number; offboard: string; grace: number }>;

export type RulesName = keyof typeof rules;

/** How long a customer keeps its tenant after its end, at least. */
export function graceMs(name: RulesName): number {
  return rules[name].grace * DAY_MS;
}

const known = readSources(sourcesFile);
if ('problems' in known) throw new Error(`the sources cannot be used: ${JSON.stringify(known.problems)}`);
const { sources } = known;

/** Reads facts by the files of the soak, with these rules. */
export function factReader(name: RulesName): (facts: readonly unknown[]) => FactReading[] {
  const { pastDue, ended, offboard, grace } = rules[name];
  const days = (count: number) => `${count} days`;
  const plans = readPlans({
    ...plansFile,
    rules: {
      ...plansFile.rules,
      pastDue: [{ after: days(pastDue), do: 'suspend' }],
      ended: { suspendAfter: days(ended), offboard, grace: days(grace) },
    },
  });
  if ('problems' in plans) throw new Error(`the plans cannot be used: ${JSON.stringify(plans.problems)}`);
  const reader = new FactReader({ current: known } as never, { current: plans } as never);
  return (facts) => reader.read(facts);
}

/** What the gateway makes of the event that says this. */
export function factsOf(statement: Statement): Fact[] {
  const source = sources[statement.source] as SendingSource;
  const { body, headers } = signed(statement);
  const delivery = { method: 'POST', url: 'https://gateway.invalid/', headers, body: Buffer.from(body) };
  const context = { ...source, name: statement.source, now: new Date() };
  return findingsOf(sourceKinds[source.kind].normalise(delivery, context), source).facts;
}
