import type { VNode } from 'preact';
import type { CatalogueEntry } from '../../catalogue/entry.js';
import type { OperationStatus } from '../../contract/status.js';
import type { Problem } from '../api/problem.js';
import { Reason } from './deciding.js';
import { OrderInputs, type Manner, type OrderSheet } from './order-form.js';
import { Hidden, Notice, Text } from './pieces.js';
import type { Session } from './sessions.js';
import { inWords, keyOf, pathOfRun } from './words.js';

interface AmendProps {
  status: OperationStatus;
  entry: CatalogueEntry;
  sheet: OrderSheet;
  session: Session;
  problem?: Problem;
  reason?: string;
}

/** The form that gives a blocked run another input. */
export function AmendView({ status, entry, sheet, session, problem, reason = '' }: AmendProps): VNode {
  const path = pathOfRun(status.id);
  const other: Manner = sheet.manner === 'json' ? 'fields' : 'json';
  const refused = problem !== undefined && problem.errors.length === 0;
  return (
    <>
      <p class="back">
        <a href={path}>← {keyOf(status)}</a>
      </p>
      <h1>Amend the input</h1>
      <p class="quiet">
        {inWords(status.operation)}: steps that are done are not repeated. A field that a step has used cannot be
        changed.
      </p>
      <WhyBlocked status={status} />
      {refused && (
        <Notice tone="danger" title="Not amended" alert>
          <p>{problem.message}</p>
        </Notice>
      )}
      <form method="post" action={`${path}/amend`} class="order">
        <Hidden token={session.formToken} />
        <p class="quiet small">
          <a href={`${path}/amend?as=${other}`}>{other === 'json' ? 'Type it as JSON' : 'Use the form'}</a>
        </p>
        <OrderInputs entry={entry} sheet={sheet} />
        <Reason id="reason" refused={{ choice: 'amend', reason, message: '' }} />
        <div class="buttons">
          <button type="submit">Amend and go on</button>
          <a class="button second" href={path}>
            Back
          </a>
        </div>
      </form>
    </>
  );
}

function WhyBlocked({ status }: { status: OperationStatus }): VNode | null {
  if (status.state !== 'blocked') return null;
  return (
    <Notice tone="warn" title={`Blocked at ${inWords(status.blocked.step)}`}>
      <p>
        <Text of={status.blocked.message} />
      </p>
    </Notice>
  );
}

/** The input that a run uses now. */
export function InputView({ id, input }: { id: string; input: unknown }): VNode {
  return (
    <>
      <p class="back">
        <a href={pathOfRun(id)}>← Back to the run</a>
      </p>
      <h1>Input</h1>
      <p class="quiet">
        What <code>{id}</code> uses now.
      </p>
      <pre class="card" tabIndex={0} aria-label="Input of the run">
        {JSON.stringify(input, undefined, 2)}
      </pre>
    </>
  );
}
