import { note, type Note } from './note.js';
import type { OperationStatus } from './status.js';
import type { ChangedEntitlement } from '../workflows/change-entitlement/contract.js';
import type { KeptReport } from '../workflows/produce-report/contract.js';
import type { RestoredCustomer } from '../workflows/restore-customer/contract.js';
import type { PartnerOutcome, UpdatedPartners } from '../workflows/update-partners/contract.js';

/** What a run has produced, brought back, or left undone. */
export function resultNotes(status: OperationStatus): Note[] {
  return [...reportNotes(status), ...restoredNotes(status), ...partnerNotes(status), ...notDoneNotes(status)];
}

/** Where the report is that a run has kept. */
function reportNotes(status: OperationStatus & { report?: KeptReport }): Note[] {
  if (status.report === undefined) return [];
  const { artefact, bytes, rows } = status.report;
  const text = `report ${artefact}, ${bytes} bytes`;
  if (rows === undefined) return [note(text)];
  return [note(`${text}, ${rows} rows`, { id: status.id, choices: ['showReport'] })];
}

/** What a restore has brought back; nothing when there was nothing to bring back. */
function restoredNotes(status: OperationStatus): Note[] {
  const { broughtBack } = status as Partial<RestoredCustomer>;
  if (broughtBack === undefined) return [];
  const { name, tenants, users = 'unknown' } = broughtBack;
  return [note(`came back as ${JSON.stringify(name)}; tenants below it: ${tenants}, users: ${users}`)];
}

/** The longest list of partners that a person is shown. */
const MOST_PARTNERS = 20;

/** How many partners came out how, and which were not updated, with the reason. */
function partnerNotes(status: OperationStatus): Note[] {
  const { partners } = status as Partial<UpdatedPartners>;
  if (partners === undefined) return [];
  const outcomes = [...new Set(partners.map(({ outcome }) => outcome))];
  const numbers = outcomes.map((one) => `${partners.filter(({ outcome }) => outcome === one).length} ${one}`);
  const left = partners.filter(({ outcome }) => !['updated', 'unchanged'].includes(outcome));
  const more = left.length - MOST_PARTNERS;
  const details = left.slice(0, MOST_PARTNERS).map(partnerText);
  if (more > 0) details.push(`and ${more} more in the field "partners" of the result`);
  return [note(`partners: ${numbers.length === 0 ? 'none' : numbers.join(', ')}`, { details })];
}

function partnerText({ id, name, outcome, reason }: PartnerOutcome): string {
  return `${outcome}: ${JSON.stringify(name)} (${id})${reason === undefined ? '' : `: ${reason}`}`;
}

/** What was not done because the customer uses more. */
function notDoneNotes(status: OperationStatus): Note[] {
  const { notDone = [] } = status as Partial<ChangedEntitlement>;
  return notDone.map(({ field, why }) => note(`not done: ${field}: ${why}`));
}
