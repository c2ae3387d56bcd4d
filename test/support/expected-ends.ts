/** The part of a recorded history that is read here. */
export interface History {
  events: { eventType: string; workflowExecutionFailedEventAttributes?: { failure?: unknown } }[];
}

/** How runs of these scenarios close, and with which failure. Runs of other scenarios can close in any way. */
const expectedEnds: Readonly<Record<string, readonly [event: string, type?: string]>> = {
  happy: ['COMPLETED'],
  verified: ['COMPLETED'],
  invalid: ['FAILED', 'InvalidInput'],
  undone: ['FAILED', 'Undone'],
  'left-over': ['FAILED', 'Leftovers'],
  cancelled: ['CANCELED'],
};

/** The problem, if a recorded run has not ended as its scenario says. */
export function wrongEnd(name: string, { events }: History): string | undefined {
  const [event, type] = expectedEnds[name] ?? [];
  const last = events.at(-1)!;
  if (event !== undefined && last.eventType !== `EVENT_TYPE_WORKFLOW_EXECUTION_${event}`)
    return `ended with ${last.eventType}`;
  const failure = JSON.stringify(last.workflowExecutionFailedEventAttributes?.failure ?? {});
  if (type !== undefined && !failure.includes(`"type":"${type}"`)) return `failed, but not as ${type}`;
  return undefined;
}
