import { actorText } from './actors.js';
import { troubleRemedy } from './cloud-trouble.js';
import { note, type Note } from './note.js';
import { resultNotes } from './result-notes.js';
import {
  hasEnded,
  stepSigns,
  type Blocked,
  type BlockedAhead,
  type GraceStatus,
  type OperationStatus,
  type StepState,
  type StepStatus,
  type WaitingFor,
} from './status.js';

/** What people read of a run, as plain data: every interface draws it in its own way. */
export interface StatusView {
  /** Sums up the run in one line. */
  headline: string;
  /** The end of the headline: why the run is blocked or has failed, or for which run it waits. */
  about?: string;
  whoMustAct: WhoMustAct;
  steps: StepView[];
  facts: string[];
  /** What the run has produced or brought back. */
  results: Note[];
  /** Of an offboarding: when the tenant was disabled, what happens next, and what can still be done about it. */
  grace: Note[];
  /** What the run waits for, and the decisions that are possible. */
  waiting?: Note;
  /** How to decide in Temporal's UI, with the JSON to paste. */
  updates?: Note;
  decisions: string[];
  /** Signals that were dropped. */
  dropped: string[];
  /** What a person must remove. */
  leftovers: LinkedText[];
}

/** Who can make a run go on, or must clear up after it. `vendor`: the run goes on by itself when its cloud is back. */
export type WhoMustAct = 'operator' | 'vendor' | 'nobody';

/** A text, with the console in which a person finds what it is about. */
export interface LinkedText {
  text: string;
  link?: string;
}

/** One step: its sign, its name with state, attempts and time, and its last error. */
export interface StepView {
  name: string;
  state: StepState;
  sign: string;
  text: string;
  error?: string;
}

/** A status as people read it. */
export function viewOf(status: OperationStatus): StatusView {
  const waiting = waitingNote(status);
  const results = resultNotes(status);
  const grace = status.grace === undefined ? [] : graceNotes(status.id, status.grace);
  return {
    ...headlineOf(status),
    whoMustAct: whoMustAct(status),
    steps: status.steps.map(stepView),
    facts: [
      ...(status.tenantId === undefined ? [] : [`tenant ${status.tenantId}`]),
      ...(status.userId === undefined ? [] : [`user ${status.userId}`]),
      ...(status.state === 'completed' ? [callsText(status)] : []),
      hasEnded(status) ? `from ${status.startedAt} to ${status.updatedAt}` : `since ${status.startedAt}`,
    ],
    results,
    grace,
    ...(waiting === undefined ? {} : { waiting }),
    ...(status.state === 'blocked' && { updates: updatesNote(status.blocked) }),
    decisions: (status.decisions ?? []).map(
      ({ at, choice, step, reason, ...by }) => `${at} ${actorText(by)} chose ${choice} for ${step}: ${reason}`,
    ),
    dropped: (status.dropped ?? []).map(
      ({ signal, times, lastAt }) =>
        `dropped: ${times} signal(s) "${signal}" with damaged content, the last at ${lastAt}; whoever sent it must send it again`,
    ),
    leftovers: leftoversOf(status),
  };
}

function headlineOf(status: OperationStatus): Pick<StatusView, 'headline' | 'about'> {
  const run = `${status.operation} ${status.id} ${status.state}`;
  const [sign, about] = aboutOf(status);
  return about === undefined ? { headline: run } : { headline: `${run}${sign} ${about}`, about };
}

/** What the headline says after the state, and the sign in between. */
function aboutOf(status: OperationStatus): [sign: string, about: string | undefined] {
  if (status.state === 'running') return [',', waitsForText(status)];
  if (status.state === 'completed') return [';', status.changed ? undefined : 'nothing had to be changed'];
  return [':', causeText(status.state === 'blocked' ? status.blocked : status.reason)];
}

/** Why a run is blocked, or has not completed. */
export function causeText({ type, message }: { type: string; message: string }): string {
  return `${type}: ${message}`;
}

function whoMustAct(status: OperationStatus): WhoMustAct {
  if (status.state === 'blocked')
    return status.blocked.waitsForCloud && troubleRemedy(status.blocked.type) === undefined ? 'vendor' : 'operator';
  return blockedAhead(status) !== undefined || leftoversOf(status).length > 0 ? 'operator' : 'nobody';
}

/** For which run a run waits; undefined when it does not wait. */
export function waitsForText({ waitsFor, waitsForBlocked: ahead }: Partial<WaitingFor>): string | undefined {
  if (waitsFor === undefined) return undefined;
  return `waits for ${waitsFor}${ahead === undefined ? '' : `, and ${aheadText(ahead)}`}`;
}

function aheadText({ id, step, type, message }: BlockedAhead): string {
  return `${id} is blocked at ${step}: ${type}${message === '' ? '' : `: ${message}`}`;
}

/** The blocked run that holds up a waiting one; undefined when there is none. */
export function blockedAhead(status: OperationStatus): BlockedAhead | undefined {
  return status.state === 'running' ? status.waitsForBlocked : undefined;
}

/** An attempt that a killed worker cut off has reported none of its calls. */
function callsText({ steps, apiCalls }: Extract<OperationStatus, { state: 'completed' }>): string {
  const mayLack = steps.some(({ attempts }) => attempts > 1);
  return `${mayLack ? 'at least ' : ''}${apiCalls} API calls`;
}

function stepView({ name, state, attempts, startedAt, endedAt, lastError }: StepStatus): StepView {
  const shown = ['adopted', 'undone', 'failed', 'running'].includes(state) ? ` ${state}` : '';
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const took = startedAt && endedAt ? `, ${Date.parse(endedAt) - Date.parse(startedAt)} ms` : '';
  const text = `${name}${shown}${tries}${took}`;
  return { name, state, sign: stepSigns[state], text, ...(lastError === undefined ? {} : { error: lastError }) };
}

function waitingNote(status: OperationStatus): Note | undefined {
  if (status.state === 'blocked') return blockedNote(status.id, status.blocked);
  const ahead = blockedAhead(status);
  if (ahead === undefined) return undefined;
  const text = `goes on by itself once ${ahead.id} does; that one is blocked, so decide for it`;
  return note(text, { id: ahead.id, choices: ['status', 'retry', 'abort'] });
}

/** What a blocked run waits for, and the decisions that are possible. */
export function blockedNote(id: string, { step, type, since, until, choices, waitsForCloud }: Blocked): Note {
  const deadline = until === undefined ? '' : `, until ${until}`;
  const how = waitsForCloud ? `${cloudText(type)}, or by one of` : 'decide by one of';
  return note(`waits at ${step} since ${since}${deadline}; ${how}`, { id, choices });
}

/** The data of each Update, as a person gives it in Temporal's UI. */
function updatesNote({ choices }: Blocked): Note {
  const data = '{"actor": "your name", "reason": "why"}';
  const ofAmend = '{"actor": "your name", "reason": "why", "input": …}, with the whole new input';
  const details = choices.map((choice) => `${choice}: ${choice === 'amend' ? ofAmend : data}`);
  return note('here: More Actions, Send an Update, then one of these names with its data', { details });
}

function cloudText(type: string): string {
  const remedy = troubleRemedy(type);
  return remedy === undefined ? 'goes on by itself when the cloud is back' : `goes on by itself once you ${remedy}`;
}

function graceNotes(id: string, { disabledAt, deletedAt, next, until, heldSince, restoring }: GraceStatus): Note[] {
  const facts = [
    `disabled at ${disabledAt}`,
    ...(heldSince === undefined ? [] : [`held since ${heldSince}`]),
    ...(deletedAt === undefined ? [] : [`deleted at ${deletedAt}`]),
  ];
  const running = next !== undefined && (until ?? heldSince) !== undefined;
  const choices = ['extendGrace', heldSince === undefined ? 'hold' : 'release', 'restore'] as const;
  const text = `${facts.join(', ')}${next === undefined ? '' : `; next: ${next}`}`;
  const now = note(text, running ? { id, choices } : {});
  if (next === undefined && deletedAt === undefined) return [now];
  const deletion = deletedAt ?? until ?? 'the end of the grace';
  const restorable = `restoreCustomer may bring back what is deleted at ${deletion} (for how long is ${restoring.window})`;
  const details = [
    `may come back: ${restoring.mayBringBack.join('; ')}`,
    `will not: ${restoring.doesNotBringBack.join('; ')}`,
  ];
  return [now, note(restorable, { details })];
}

function leftoversOf(status: OperationStatus): LinkedText[] {
  const leftovers = 'leftovers' in status ? (status.leftovers ?? []) : [];
  return leftovers.map(({ kind, id, reason, link }) => {
    return { text: `left over: ${kind} ${id}: ${reason}`, ...(link !== undefined && { link }) };
  });
}
