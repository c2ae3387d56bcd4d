import type { Command, Job } from './vm.js';

/** One activation of a workflow with its commands. All activations together are the history of a run. */
export interface Activation {
  jobs: Job[];
  at: number;
  /** How long the history was when its task began. */
  historyLength: number;
  commands: Command[];
}

/** How a run closed. */
export type Closing = Pick<
  Command,
  'completeWorkflowExecution' | 'failWorkflowExecution' | 'cancelWorkflowExecution' | 'continueAsNewWorkflowExecution'
>;

/** Sorts jobs as Temporal's Core does: starts, then messages, then the rest. */
export function sortJobs(jobs: readonly Job[]): Job[] {
  const rank = (job: Job) => (job.initializeWorkflow ? 0 : job.signalWorkflow || job.doUpdate ? 1 : 2);
  return [...jobs].sort((a, b) => rank(a) - rank(b));
}

const closings: readonly (keyof Command)[] = [
  'completeWorkflowExecution',
  'failWorkflowExecution',
  'cancelWorkflowExecution',
  'continueAsNewWorkflowExecution',
];

/** Whether this command closes the run. */
export function isClosing(command: Command): boolean {
  return closings.some((name) => command[name] !== null && command[name] !== undefined);
}

/**
 * A refused update is not in the history; an accepted one is not validated again. Throws when a patch is decided about
 * after a look-up: if somebody asks the run meanwhile, a real replay does not know the patch where the run needs it.
 */
export function asInHistory(job: Job, commands: readonly Command[]): Job[] {
  const patch = commands.find(({ setPatchMarker }) => setPatchMarker)?.setPatchMarker;
  if (patch && job.resolveActivity?.isLocal) throw new Error(`${patch.patchId} is decided about after a look-up`);
  if (!job.doUpdate) return [job];
  const { protocolInstanceId } = job.doUpdate;
  const answers = commands.filter(({ updateResponse }) => updateResponse?.protocolInstanceId === protocolInstanceId);
  if (!answers.some(({ updateResponse }) => updateResponse?.accepted)) return [];
  return [{ doUpdate: { ...job.doUpdate, runValidator: false } }];
}

/** What a worker hears before it replays an activation: the patches whose markers the history has there. */
export function patchesIn(commands: readonly Command[]): Job[] {
  return commands.flatMap(({ setPatchMarker: patch }) =>
    patch ? { notifyHasPatch: { patchId: patch.patchId! } } : [],
  );
}

/** Commands as text, for comparison. */
export function asText(commands: readonly Command[]): string {
  const refused = (command: Command) => command.updateResponse?.rejected !== undefined;
  return JSON.stringify(commands.filter((command) => !refused(command)));
}

/** Local activities without a result in the history. A new worker starts them again. */
export function unfinishedLocalActivities(
  history: readonly Activation[],
): NonNullable<Command['scheduleLocalActivity']>[] {
  const ended = history.flatMap(({ jobs }) => jobs.map(({ resolveActivity }) => resolveActivity?.seq));
  return history
    .flatMap(({ commands }) => commands.flatMap(({ scheduleLocalActivity: order }) => (order ? [order] : [])))
    .filter(({ seq }) => !ended.includes(seq));
}
