import type { VNode } from 'preact';
import { onboardingViewOf, type MilestoneState } from '../../contract/onboarding-view.js';
import { onboardingOf, type OnboardedStatus } from '../../contract/onboarding.js';
import { Text, Time } from './pieces.js';
import { pathOfRun } from './words.js';

/** How a screen reader says the state of a milestone. */
const milestoneWords: Readonly<Record<MilestoneState, string>> = {
  reached: 'reached',
  next: 'awaited now',
  open: 'not reached',
  unknown: 'not known',
};

/** The way from sold to protected, as a line of steps; nothing before there is a tenant or a plan asks for it. */
export function MilestonesOf({ status }: { status: OnboardedStatus }): VNode | null {
  if (status.tenantId === undefined && status.protection === undefined) return null;
  const { milestones, missing, facts, run } = onboardingViewOf(onboardingOf(status));
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
      {run !== undefined && (
        <p>
          <a href={pathOfRun(run)}>Open the run that protects its machines</a>
        </p>
      )}
    </section>
  );
}
