import { styleText } from 'node:util';
import type { KeptReport } from '../../workflows/produce-report/contract.js';
import { commandsFor, graceCommands } from '../../contract/commands.js';
import type { RestoredCustomer } from '../../workflows/restore-customer/contract.js';
import type { BlockedRun, ListedRun } from '../list.js';
import { table } from './output.js';
import type {
  Blocked,
  BlockedAhead,
  GraceStatus,
  OperationStatus,
  StepState,
  StepStatus,
} from '../../contract/status.js';

const signs: Record<StepState, [sign: string, colour: 'green' | 'yellow' | 'red' | 'gray' | 'cyan']> = {
  pending: ['·', 'gray'],
  running: ['▶', 'cyan'],
  done: ['✔', 'green'],
  adopted: ['✔', 'green'],
  skipped: ['–', 'gray'],
  failed: ['✘', 'red'],
  undone: ['↩', 'yellow'],
};

/** One step in one line: state, name, time, attempts and the last error. */
export function stepLine(step: StepStatus): string {
  const [sign, colour] = signs[step.state];
  const state = ['adopted', 'undone', 'failed', 'running'].includes(step.state) ? ` ${step.state}` : '';
  const tries = step.attempts > 1 ? `, ${step.attempts} attempts` : '';
  const took = step.startedAt && step.endedAt ? `, ${Date.parse(step.endedAt) - Date.parse(step.startedAt)} ms` : '';
  const error = step.lastError === undefined ? '' : `  (${step.lastError})`;
  return `${styleText(colour, sign)} ${step.name}${state}${tries}${took}${styleText('gray', error)}`;
}

/** The line that sums up a run. */
export function headline(status: OperationStatus): string {
  const cause = status.state === 'blocked' ? status.blocked : 'reason' in status ? status.reason : undefined;
  const ahead = blockedAhead(status);
  const why = ahead === undefined ? '' : `, and ${aheadText(ahead)}`;
  const waiting =
    status.state === 'running' && status.waitsFor !== undefined ? `, waits for ${status.waitsFor}${why}` : '';
  const reason = cause === undefined ? waiting : `: ${cause.type}: ${cause.message}`;
  return `${status.operation} ${status.id} ${status.state}${reason}`;
}

/** Everything a person wants to know of a run. */
export function statusText(status: OperationStatus): string {
  const facts = [
    ...(status.tenantId === undefined ? [] : [`tenant ${status.tenantId}`]),
    ...(status.userId === undefined ? [] : [`user ${status.userId}`]),
    ...(status.state === 'completed' ? [`${status.apiCalls} API calls`] : []),
    `from ${status.startedAt} to ${status.updatedAt}`,
  ];
  return [
    headline(status),
    ...status.steps.map((step) => `  ${stepLine(step)}`),
    `  ${facts.join(', ')}`,
    ...broughtLines(status),
    ...(status.grace === undefined ? [] : graceLines(status.id, status.grace)),
    ...(status.state === 'blocked' ? waitingLines(status.id, status.blocked) : []),
    ...aheadLines(status),
    ...(status.decisions ?? []).map(
      (one) => `  ${one.at} ${one.actor} chose ${one.choice} for ${one.step}: ${one.reason}`,
    ),
    ...leftoverLines(status),
  ].join('\n');
}

/** What a run has brought: a report, or a customer that was deleted. */
export function broughtLines(status: OperationStatus): string[] {
  const back = cameBack(status);
  return [...reportLines(status), ...(back === undefined ? [] : [`  ${back}`])];
}

/** Where the report is that a run has kept. */
function reportLines(status: OperationStatus & { report?: KeptReport }): string[] {
  if (status.report === undefined) return [];
  const { artefact, bytes, rows } = status.report;
  const readable = rows === undefined ? '' : `, ${rows} rows: tenantry show report ${status.id}`;
  return [`  report ${artefact}, ${bytes} bytes${readable}`];
}

/** What a restore has brought back; undefined when it had nothing to bring back. */
function cameBack(status: OperationStatus): string | undefined {
  const { broughtBack } = status as Partial<RestoredCustomer>;
  if (broughtBack === undefined) return undefined;
  const { name, tenants, users = 'unknown' } = broughtBack;
  return `came back as ${JSON.stringify(name)}; tenants below it: ${tenants}, users: ${users}`;
}

/** What a person must see to, and where. */
export function leftoverLines(status: OperationStatus): string[] {
  const leftovers = 'leftovers' in status ? (status.leftovers ?? []) : [];
  return leftovers.map(
    ({ kind, id, reason, link }) => `  left over: ${kind} ${id}: ${reason}${link === undefined ? '' : ` (${link})`}`,
  );
}

/** What a blocked run waits for, and what to type. */
export function waitingLines(id: string, { step, since, until, choices, waitsForCloud }: Blocked): string[] {
  const deadline = until === undefined ? '' : `, until ${until}`;
  const how = waitsForCloud ? 'goes on by itself when the cloud is back, or by one of' : 'decide by one of';
  return [
    `  waits at ${step} since ${since}${deadline}; ${how}`,
    ...commandsFor(id, choices).map((command) => `    ${command}`),
  ];
}

/** The blocked run that holds a waiting one up; undefined when there is none. */
export function blockedAhead(status: OperationStatus): BlockedAhead | undefined {
  return status.state === 'running' ? status.waitsForBlocked : undefined;
}

function aheadText({ id, step, type, message }: BlockedAhead): string {
  return `${id} is blocked at ${step}: ${type}${message === '' ? '' : `: ${message}`}`;
}

/** What a run waits for that is held up by a blocked one, and what to type. */
export function aheadLines(status: OperationStatus): string[] {
  const ahead = blockedAhead(status);
  if (ahead === undefined) return [];
  return [
    `  goes on by itself once ${ahead.id} does; that one is blocked, so decide for it`,
    `    tenantry status ${ahead.id}`,
    ...commandsFor(ahead.id, ['retry', 'abort']).map((command) => `    ${command}`),
  ];
}

/** When a tenant was disabled, what happens next, and what can still be done about it. */
export function graceLines(
  id: string,
  { disabledAt, deletedAt, next, until, heldSince, restoring }: GraceStatus,
): string[] {
  const facts = [
    `disabled at ${disabledAt}`,
    ...(heldSince === undefined ? [] : [`held since ${heldSince}`]),
    ...(deletedAt === undefined ? [] : [`deleted at ${deletedAt}`]),
  ];
  const running = next !== undefined && (until ?? heldSince) !== undefined;
  return [
    `  ${facts.join(', ')}${next === undefined ? '' : `; next: ${next}`}`,
    ...(running ? graceCommands(id, heldSince !== undefined).map((command) => `    ${command}`) : []),
    ...(next === undefined && deletedAt === undefined
      ? []
      : [
          `  restoreCustomer may bring back what is deleted at ${deletedAt ?? until ?? 'the end of the grace'} (for how long is ${restoring.window})`,
          `    may come back: ${restoring.mayBringBack.join('; ')}`,
          `    will not: ${restoring.doesNotBringBack.join('; ')}`,
        ]),
  ];
}

/** Runs as a table. */
export function runsTable(runs: readonly ListedRun[]): string {
  if (runs.length === 0) return 'no runs';
  const rows = runs.map((run) => {
    const why = run.waitsFor === undefined ? (run.reason ?? '') : `waits for ${run.waitsFor}`;
    const shown = run.unanswered === undefined ? why : 'cannot be read here';
    return [run.id, run.state, shown, run.tenantId ?? '', run.startedAt];
  });
  const unread = runs.flatMap(({ unanswered }) => unanswered ?? []);
  return [table(['ID', 'STATE', 'REASON', 'TENANT', 'STARTED'], rows), ...unread].join('\n');
}

/** Blocked runs, each with what it waits for and what to type. */
export function blockedText(runs: readonly BlockedRun[]): string {
  if (runs.length === 0) return 'no run is blocked';
  return runs
    .flatMap(({ id, reason = '', step = '', blocked, unanswered }) =>
      blocked === undefined
        ? [`${id}  at ${step}: ${reason}`, ...(unanswered === undefined ? [] : [`  ${unanswered}`])]
        : [`${id}  ${blocked.type}: ${blocked.message}`, ...waitingLines(id, blocked)],
    )
    .join('\n');
}
