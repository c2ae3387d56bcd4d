import { median } from '../figures.js';
import { budgetUse, type Span } from './budget-use.js';

export type ImportFigures = Record<string, number>;

/** A call as the journal of the simulator has it. */
export interface SoakCall {
  at: string;
  fault?: unknown;
}

/** The memory of both processes when this part of the rows had come out. */
export interface Memory {
  percent: number;
  workerMib: number;
  serverMib: number;
}

interface Measured {
  rows: number;
  callsPerSecond?: number | undefined;
  /** When the import was under way. */
  spans: readonly Span[];
  /** When something was killed and not back yet. */
  disturbed: readonly Span[];
  calls: readonly SoakCall[];
  /** Milliseconds of single customers. */
  alone: readonly number[];
  between: readonly number[];
  memory: readonly Memory[];
  resultsMs: number;
}

/** What a soak of an import has measured, in plain numbers. */
export function figuresOf(measured: Measured): ImportFigures {
  const { rows, spans, calls, alone, between, memory, resultsMs } = measured;
  const seconds = spans.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
  const times = { alone, between };
  const singles = Object.entries(times).map(([name, all]) => [
    [`single ${name}, median ms`, Math.round(median(all))],
    [`single ${name}, worst ms`, Math.round(Math.max(...all))],
  ]);
  const memories = memory.map(({ percent, workerMib, serverMib }) => [
    [`worker MiB at ${percent} %`, workerMib],
    [`server MiB at ${percent} %`, serverMib],
  ]);
  return {
    rows,
    seconds: Math.round(seconds),
    rowsPerSecond: rounded(rows / seconds),
    calls: calls.length,
    lost: calls.filter(({ fault }) => fault !== undefined).length,
    ...Object.fromEntries([...singles, ...memories].flat()),
    'seconds of results': Math.round(resultsMs / 1000),
    ...budgetFigures(measured),
  };
}

function budgetFigures({ calls, callsPerSecond, spans, disturbed }: Measured): ImportFigures {
  if (callsPerSecond === undefined) return {};
  const times = calls.map(({ at }) => Date.parse(at));
  const fromFirst = spans.map(({ from, to }) => ({ from: Math.min(to, times.find((at) => at >= from) ?? from), to }));
  const { used, worstMinute, minutes, burst } = budgetUse(times, callsPerSecond, { spans: fromFirst, disturbed });
  return {
    callsPerSecond,
    'budget used': rounded(used),
    ...(worstMinute !== undefined && { 'worst minute': rounded(worstMinute) }),
    'minutes counted': minutes.length,
    'minutes below 95 %': minutes.filter((part) => part < 0.95).length,
    'burst, calls': Math.ceil(burst),
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
