import type { VNode } from 'preact';
import type { PlanAnswer as Plan } from '../api/asking.js';
import { Notice, Text } from './pieces.js';
import { inWords, pathOfRun } from './words.js';

/** A plan, or why there is none. */
export type PlanReading = { plan: Plan } | { unknown: string };

type Verdict = Plan['verdict'];

const titles: Readonly<Record<Verdict, readonly [title: string, tone: 'good' | 'warn' | 'danger' | 'calm']>> = {
  'would do': ['This is what Start would do', 'good'],
  'would join': ['Start would join a run that is open already', 'calm'],
  'would wait for a person': ['Start would do this, and then wait for a person', 'warn'],
  'would be refused': ['Start would be refused', 'danger'],
};

const signs: Readonly<Record<Plan['steps'][number]['state'], readonly [sign: string, look: string]>> = {
  'would do': ['▶', 'running'],
  'would check': ['·', 'pending'],
  'would wait': ['◷', 'pending'],
  'already done': ['✔', 'done'],
  refused: ['✘', 'failed'],
  blocked: ['✘', 'failed'],
};

/** What a start would do now, beside the button that starts it. */
export function PlanView(reading: PlanReading): VNode {
  return (
    <div id="plan" tabIndex={-1}>
      <Reading {...reading} />
    </div>
  );
}

function Reading(reading: PlanReading): VNode {
  if ('unknown' in reading)
    return (
      <Notice tone="warn" title="There is no plan at the moment" alert>
        <p>
          <Text of={reading.unknown} />
        </p>
        <p class="quiet">
          You can start all the same: a start needs no plan, and no worker. The run begins as soon as one is there.
        </p>
      </Notice>
    );
  const { plan } = reading;
  const [title, tone] = titles[plan.verdict];
  return (
    <Notice tone={tone} title={title} alert>
      {plan.joins !== undefined && <Joined joins={plan.joins} />}
      <Sentences title="Why it would be refused" of={plan.refused} />
      <Sentences title="Why it would wait" of={plan.waits.map(({ step, message }) => `${inWords(step)}: ${message}`)} />
      <Sentences title="What cannot be undone" of={plan.cannotBeUndone} />
      <Sentences title="Warnings" of={plan.warnings} />
      {plan.steps.length > 0 && <Steps of={plan.steps} />}
      <p class="quiet small">
        Nothing is done yet. The plan is for the input as you sent it, and for the cloud as it was just now.
      </p>
    </Notice>
  );
}

function Joined({ joins: { id, state, step, reason } }: { joins: NonNullable<Plan['joins']> }): VNode {
  return (
    <p>
      <a href={pathOfRun(id)}>{id}</a> is {state}
      {step !== undefined && <> at {inWords(step)}</>}
      {reason !== undefined && <> ({reason})</>}.
    </p>
  );
}

function Sentences({ title, of }: { title: string; of: readonly string[] }): VNode | null {
  if (of.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="sentences">
        {of.map((one) => (
          <li key={one}>
            <Text of={one} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Steps({ of }: { of: Plan['steps'] }): VNode {
  const doing = of.filter(({ state }) => state === 'would do').length;
  return (
    <details open={of.length <= 12}>
      <summary>
        {of.length} {of.length === 1 ? 'step' : 'steps'}, {doing === 0 ? 'without a change' : `${doing} with a change`}
      </summary>
      <ol class="steps">
        {of.map((step) => (
          <Step key={step.step} of={step} />
        ))}
      </ol>
    </details>
  );
}

function Step({ of: { step, state, summary, undo, irreversible, uncertain } }: { of: Plan['steps'][number] }): VNode {
  const [sign, look] = signs[state];
  return (
    <li class={look}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span>
        <strong>{inWords(step)}</strong> <span class="quiet">({state})</span>
        <span class="about">{summary}</span>
        {undo !== null && <span class="quiet small about">Undo: {inWords(undo).toLowerCase()}</span>}
        {irreversible !== undefined && <span class="error">Cannot be undone: {irreversible}</span>}
        {uncertain !== undefined && <span class="quiet small about">Uncertain: {uncertain}</span>}
      </span>
    </li>
  );
}
