import { commandFor } from './commands.js';
import { milestones, type Milestone } from './milestones.js';
import type { Onboarding } from './onboarding.js';

/** How a milestone stands: `next` is the one that is awaited, `unknown` one of which nothing can be said. */
export type MilestoneState = 'reached' | 'next' | 'open' | 'unknown';

export interface MilestoneView {
  milestone: Milestone;
  state: MilestoneState;
  /** One symbol for the state. */
  sign: string;
  /** What it means, in a few words. */
  means: string;
  /** When it was reached. ISO 8601; absent while it is not, or when nobody knows. */
  at?: string;
}

/** What people read of an onboarding, as plain data: every interface draws it in its own way. */
export interface OnboardingView {
  /** In order. */
  milestones: MilestoneView[];
  /** What is missing, since when, and who must act; absent when nothing is awaited. */
  missing?: string;
  /** What else there is to know. */
  facts: string[];
  /** The run that sees to it. */
  run?: string;
}

const meanings: Readonly<Record<Milestone, string>> = {
  provisioned: 'the tenant exists',
  activated: 'a user can log in',
  agentOnline: 'an agent is online',
  planApplied: 'a plan backs a machine up',
  protected: 'backups have succeeded',
};

const signs: Readonly<Record<MilestoneState, string>> = { reached: '✔', next: '▶', open: '·', unknown: '–' };

/** An onboarding as people read it. */
export function onboardingViewOf(onboarding: Onboarding): OnboardingView {
  const { run } = onboarding;
  const missing = missingText(onboarding);
  return {
    milestones: milestones.map((milestone) => {
      const state = stateOf(milestone, onboarding);
      const at = onboarding.milestones[milestone];
      return { milestone, state, sign: signs[state], means: meanings[milestone], ...(at !== null && { at }) };
    }),
    ...(missing !== undefined && { missing }),
    facts: factsOf(onboarding),
    ...(run !== undefined && { run }),
  };
}

/** The lines of an onboarding for a terminal. */
export function onboardingLines(onboarding: Onboarding): string[] {
  const view = onboardingViewOf(onboarding);
  const [name, moment] = [14, 26];
  return [
    ...view.milestones.map(({ sign, milestone, at = '', means }) =>
      `${sign} ${milestone.padEnd(name)}${at.padEnd(moment)}${means}`.trimEnd(),
    ),
    ...(view.missing === undefined ? [] : [`missing: ${view.missing}`]),
    ...view.facts,
    ...(onboarding.token === undefined ? [] : [`  tenantry secret get ${secretNameIn(onboarding.token.secretRef)}`]),
    ...(view.run === undefined ? [] : [`run: ${view.run}`, `  ${commandFor(view.run, 'status')}`]),
  ];
}

/** A user can log in at any time, or never: that is not awaited. */
function stateOf(milestone: Milestone, { milestones: reached, tenantId, unknown = [], missing }: Onboarding) {
  if (reached[milestone] !== null) return 'reached';
  if (milestone === 'provisioned' && tenantId !== undefined) return 'reached';
  if (unknown.some((one) => one.milestone === milestone)) return 'unknown';
  const awaited = milestones.find((one) => one !== 'activated' && reached[one] === null && isAhead(one, tenantId));
  return milestone === awaited && missing !== undefined ? 'next' : 'open';
}

function isAhead(milestone: Milestone, tenantId: string | undefined): boolean {
  return milestone !== 'provisioned' || tenantId === undefined;
}

const actors = {
  customer: 'the customer must act',
  operator: 'the operator must act',
  vendor: 'the cloud must answer',
  nobody: 'nobody need act',
} as const;

function missingText({ missing, since, whoMustAct }: Onboarding): string | undefined {
  if (missing === undefined) return undefined;
  const who = whoMustAct === undefined ? '' : `: ${actors[whoMustAct]}`;
  return `${missing}${since === undefined ? '' : `, since ${since}`}${who}`;
}

function factsOf({ machines, token, unknown = [] }: Onboarding): string[] {
  return [
    ...(machines === undefined ? [] : [machinesText(machines)]),
    ...[...new Set(unknown.map(({ why }) => why))].map((why) => `not known: ${why}`),
    ...(token === undefined ? [] : [tokenText(token)]),
  ];
}

function machinesText({ expected, registered, withPlan, protected: good, failing }: Onboarding['machines'] & {}) {
  const bad = failing === 0 ? '' : `, ${failing} with a failed backup`;
  return `machines: ${good} of ${expected} protected; ${registered} registered, ${withPlan} with a plan${bad}`;
}

function tokenText({ secretRef, expiresAt }: Onboarding['token'] & {}) {
  return `token for the installer: ${secretRef}${expiresAt === null ? '' : `, valid until ${expiresAt}`}`;
}

function secretNameIn(secretRef: string): string {
  return secretRef.replace(/^store:/, '');
}
