import type { AdoptionAnswer } from '../adoption/apply.js';
import type { Candidate } from '../adoption/match.js';
import type { Evidence } from '../adoption/tenant-index.js';
import type { AdoptionPlan, PlannedCustomer } from '../adoption/plan.js';
import { table } from './table.js';

const MOST_CANDIDATES = 5;

const evidenceTexts: Readonly<Record<Evidence, string>> = {
  tenantId: 'tenant id',
  mark: 'our mark',
  customer_id: 'customer_id',
  name: 'name',
};

/** A plan as a person reads it: one line for each customer, and what follows. */
export function adoptionText({ cloud, customers, linked = 0 }: AdoptionPlan): string {
  const already = linked === 0 ? '' : `; ${linked} linked before`;
  if (customers.length === 0) return `nothing to link in the cloud ${cloud}${already}`;
  const rows = customers.map((one) => [one.ref, one.name ?? '', matchText(one)]);
  const count = (outcome: PlannedCustomer['outcome']) => customers.filter((one) => one.outcome === outcome).length;
  return [
    table(['CUSTOMER', 'NAME', 'TENANT'], rows),
    `${count('link')} to link, ${count('ambiguous')} ambiguous, ${count('near')} with near names only, ${count('nothing')} without a tenant${already}`,
  ].join('\n');
}

function matchText(match: PlannedCustomer): string {
  switch (match.outcome) {
    case 'link':
      return `link by ${evidenceTexts[match.by]}: ${match.tenant.tenantId} ${match.tenant.name}`;
    case 'ambiguous':
      return `ambiguous: ${candidatesText(match.candidates)}; ${match.why}`;
    case 'near':
      return `near names: ${candidatesText(match.candidates)}`;
    case 'nothing':
      return match.why === undefined ? 'nothing fits' : `nothing: ${match.why}`;
  }
}

function candidatesText(candidates: readonly Candidate[]): string {
  const shown = candidates.slice(0, MOST_CANDIDATES).map(candidateText);
  const more = candidates.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function candidateText({ tenantId, name, by }: Candidate): string {
  return `${tenantId} ${name}${by === undefined ? '' : ` (${evidenceTexts[by]})`}`;
}

/** What the customers said, in one line each that has refused, and a count. */
export function answersText(answers: readonly AdoptionAnswer[]): string {
  const refused = answers.filter((one) => one.refused !== undefined);
  return [
    ...refused.map(({ ref, refused: why }) => `${ref}: ${why}`),
    `${answers.length - refused.length} adopted, ${refused.length} refused; nothing was changed in a tenant`,
  ].join('\n');
}
