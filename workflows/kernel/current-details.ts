import { stepSigns, type OperationStatus, type StepStatus, type WaitingFor } from '../../contract/status.js';

/** The status as Markdown, for the "User Metadata" in Temporal's UI. Ids and states only. */
export function currentDetails(status: OperationStatus): string {
  return [
    `### ${status.operation}: ${status.state}`,
    ...('waitsFor' in status ? [waiting(status)] : []),
    ...('reason' in status ? [`**${status.reason.type}**: ${status.reason.message}`] : []),
    status.steps.map(line).join('\n'),
    ...(status.grace?.next === undefined ? [] : [`Disabled at ${status.grace.disabledAt}: ${status.grace.next}`]),
    ...(status.tenantId === undefined ? [] : [`Tenant \`${status.tenantId}\``]),
    ...('leftovers' in status
      ? (status.leftovers ?? []).map(
          ({ kind, id, reason, link }) =>
            `Left over: ${kind} \`${id}\`: ${reason}${link ? ` ([console](${link}))` : ''}`,
        )
      : []),
  ].join('\n\n');
}

function waiting({ waitsFor, waitsForBlocked: ahead }: Partial<WaitingFor>): string {
  const blocked = ahead === undefined ? '' : `; \`${ahead.id}\` is blocked at ${ahead.step}: **${ahead.type}**`;
  return `Waits for \`${waitsFor}\`${blocked}`;
}

function line({ name, state, attempts, lastError }: StepStatus): string {
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const unlike = state === 'adopted' || state === 'undone' ? ` (${state})` : '';
  return `- ${stepSigns[state]}${unlike} ${name}${tries}${lastError === undefined ? '' : `: ${lastError}`}`;
}
