/** As much of a recorded run as is asked of it here. */
export interface History {
  events: { eventType: string; workflowExecutionFailedEventAttributes?: { failure?: unknown } }[];
}

/** How a run closes, by the name under which it is recorded, and with which failure. Under other names it may close in any way. */
const closings: Readonly<Record<string, readonly [event: string, type?: string]>> = {
  happy: ['COMPLETED'],
  invalid: ['FAILED', 'InvalidInput'],
  undone: ['FAILED', 'Undone'],
  'left-over': ['FAILED', 'Leftovers'],
  cancelled: ['CANCELED'],
};

/** What is amiss when a recorded run has not ended as its name says. */
export function unlikeItsName(name: string, { events }: History): string | undefined {
  const [event, type] = closings[name] ?? [];
  const last = events.at(-1)!;
  if (event !== undefined && last.eventType !== `EVENT_TYPE_WORKFLOW_EXECUTION_${event}`)
    return `ended with ${last.eventType}`;
  const failure = JSON.stringify(last.workflowExecutionFailedEventAttributes?.failure ?? {});
  if (type !== undefined && !failure.includes(`"type":"${type}"`)) return `failed, but not as ${type}`;
  return undefined;
}
