import { codeMarkdown, plainMarkdown } from '../../contract/markdown.js';
import { stepSigns, type OperationStatus, type StepStatus, type WaitingFor } from '../../contract/status.js';

/** The status as Markdown, for the "User Metadata" in Temporal's UI. What others wrote is shown as plain text. */
export function currentDetails(status: OperationStatus): string {
  return [
    `### ${status.operation}: ${status.state}`,
    ...('waitsFor' in status ? [waiting(status)] : []),
    ...('reason' in status
      ? [`**${plainMarkdown(status.reason.type)}**: ${plainMarkdown(status.reason.message)}`]
      : []),
    status.steps.map(line).join('\n'),
    ...(status.grace?.next === undefined
      ? []
      : [`Disabled at ${status.grace.disabledAt}: ${plainMarkdown(status.grace.next)}`]),
    ...(status.tenantId === undefined ? [] : [`Tenant ${codeMarkdown(status.tenantId)}`]),
    ...('leftovers' in status
      ? (status.leftovers ?? []).map(
          ({ kind, id, reason, link }) =>
            `Left over: ${kind} ${codeMarkdown(id)}: ${plainMarkdown(reason)}${link ? ` ([console](${link}))` : ''}`,
        )
      : []),
  ].join('\n\n');
}

function waiting({ waitsFor, waitsForBlocked: ahead }: Partial<WaitingFor>): string {
  const blocked =
    ahead === undefined
      ? ''
      : `; ${codeMarkdown(ahead.id)} is blocked at ${plainMarkdown(ahead.step)}: **${plainMarkdown(ahead.type)}**`;
  return `Waits for ${codeMarkdown(waitsFor ?? '')}${blocked}`;
}

function line({ name, state, attempts, lastError }: StepStatus): string {
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const unlike = state === 'adopted' || state === 'undone' ? ` (${state})` : '';
  return `- ${stepSigns[state]}${unlike} ${plainMarkdown(name)}${tries}${lastError === undefined ? '' : `: ${plainMarkdown(lastError)}`}`;
}
