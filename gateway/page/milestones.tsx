import type { VNode } from 'preact';
import { onboardingViewOf, type MilestoneState } from '../../contract/onboarding-view.js';
import { onboardingOf, type OnboardedStatus, type Onboarding } from '../../contract/onboarding.js';
import { onboardingOfRun } from '../../contract/run-onboarding.js';
import type { OperationStatus } from '../../contract/status.js';
import { ONBOARD_CUSTOMER } from '../../workflows/onboard-customer/contract.js';
import type { Session } from './sessions.js';
import { TokenForm } from './token.js';
import { Text, Time } from './pieces.js';
import { pathOfRun } from './words.js';

/** How a screen reader says the state of a milestone. */
const milestoneWords: Readonly<Record<MilestoneState, string>> = {
  reached: 'reached',
  next: 'awaited now',
  open: 'not reached',
  unknown: 'not known',
};

interface MilestonesProps {
  status: OnboardedStatus & { cloud?: string };
  session: Session;
}

/** The way from sold to protected, as a line of steps; nothing before there is a tenant or a plan asks for it. */
export function MilestonesOf({ status, session }: MilestonesProps): VNode | null {
  if (status.tenantId === undefined && status.protection === undefined) return null;
  return <Milestones of={onboardingOf(status)} cloud={status.cloud} session={session} />;
}

/** The same of a run that onboards its customer. */
export function MilestonesOfRun({ status, session }: { status: OperationStatus; session: Session }): VNode | null {
  if (status.operation !== ONBOARD_CUSTOMER) return null;
  const { run: _run, ...onboarding } = onboardingOfRun(status, status.id);
  return <Milestones of={onboarding} session={session} />;
}

interface OnboardingProps {
  of: Onboarding;
  cloud?: string | undefined;
  session: Session;
}

function Milestones({ of, cloud, session }: OnboardingProps): VNode {
  const { milestones, missing, facts, run } = onboardingViewOf(of);
  return (
    <section class="card">
      <h2>From sold to protected</h2>
      <ol class="milestones">
        {milestones.map(({ milestone, state, sign, means, at }) => (
          <li key={milestone} class={state} {...(state === 'next' && { 'aria-current': 'step' as const })}>
            <span class="sign" aria-hidden="true">
              {sign}
            </span>
            <span class="means">{means}</span>
            <span class="hidden"> ({milestoneWords[state]})</span>
            <span class="quiet small">{at !== undefined && <Time at={at} />}</span>
          </li>
        ))}
      </ol>
      {missing !== undefined && (
        <p>
          <strong>Missing:</strong> <Text of={missing} />
        </p>
      )}
      {facts.map((fact) => (
        <p key={fact} class="quiet small">
          <Text of={fact} />
        </p>
      ))}
      {of.token !== undefined && <TokenForm customer={{ ref: of.ref, cloud }} session={session} />}
      {run !== undefined && (
        <p>
          <a href={pathOfRun(run)}>Open the run that protects its machines</a>
        </p>
      )}
    </section>
  );
}
