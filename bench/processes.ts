import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TICKS_PER_S = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * What a process has used since its start: milliseconds of processor time, all cores together; and its memory in MiB, at
 * most and now. Linux only.
 */
export function usageOf(pid: number) {
  // the second field is the name in brackets, which can contain spaces
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) (.*)/s);
  const fields = rest.split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { cpuMs: (ticks * 1000) / TICKS_PER_S, peakMib: mib('VmHWM'), residentMib: mib('VmRSS') };
}

/** Runs `act`. Gives the processor time of each process during it, in milliseconds. */
export async function cpuDuring<Name extends string>(
  pids: Record<Name, number>,
  act: () => Promise<void>,
): Promise<Record<Name, number>> {
  const names = Object.keys(pids) as Name[];
  const before = names.map((name) => usageOf(pids[name]).cpuMs);
  await act();
  return Object.fromEntries(names.map((name, at) => [name, usageOf(pids[name]).cpuMs - before[at]!])) as Record<
    Name,
    number
  >;
}
