import type { Execution } from './execution.js';
import { TASK_QUEUE } from './vm.js';

/** Whether a run matches a list filter: facts joined by AND, and in brackets by OR. Throws for anything else. */
export function matchesQuery(run: Execution, query: string): boolean {
  if (query === '') return true;
  return splitBy(' AND ', query).every((part) => {
    if (!part.startsWith('(')) return matchesFact(run, part);
    return splitBy(' OR ', part.slice(1, -1)).some((fact) => matchesQuery(run, fact));
  });
}

function splitBy(word: string, query: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < query.length; at += 1) {
    if (query[at] === '(') depth += 1;
    if (query[at] === ')') depth -= 1;
    if (depth > 0 || !query.startsWith(word, at)) continue;
    parts.push(query.slice(from, at));
    from = at + word.length;
  }
  return [...parts, query.slice(from)];
}

function matchesFact(run: Execution, fact: string): boolean {
  const [, name = '', sign = '', text = ''] =
    /^(\w+) (=|<|>=|IN|STARTS_WITH|IS NULL|IS NOT NULL) ?(.*)$/.exec(fact) ?? [];
  const values = [...text.matchAll(/'([^']*)'/g)].map(([, value]) => value!);
  const value = fieldOf(run, name);
  if (sign === 'IS NULL') return value === undefined;
  if (sign === 'IS NOT NULL') return value !== undefined;
  if (sign === '=' || sign === 'IN') return value !== undefined && values.includes(value);
  if (sign === 'STARTS_WITH') return value?.startsWith(values[0]!) === true;
  if (sign === '<') return value !== undefined && value < values[0]!;
  if (sign === '>=') return value !== undefined && value >= values[0]!;
  throw new Error(`the simulated service does not understand ${fact}`);
}

function fieldOf({ beginning, closing, closedAt, attributes }: Execution, name: string): string | undefined {
  const own: Record<string, string | undefined> = {
    RunId: beginning.runId,
    WorkflowId: beginning.workflowId,
    WorkflowType: beginning.workflowType,
    TaskQueue: TASK_QUEUE,
    ExecutionStatus: closing === undefined ? 'Running' : 'Completed',
    StartTime: new Date(beginning.at).toISOString(),
    CloseTime: closedAt === undefined ? undefined : new Date(closedAt).toISOString(),
  };
  if (name in own) return own[name];
  const [value] = [attributes[name]].flat() as (string | null | undefined)[];
  return value ?? undefined;
}
