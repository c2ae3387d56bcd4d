import ms, { type StringValue } from 'ms';
import { results } from './next-results.js';
import type { World } from './world.js';

/** What a machine can do, or what can be done to it. */
export const deeds = ['register', 'online', 'offline', 'backup', 'next-backup', 'remove', 'reinstall'] as const;
export type Deed = (typeof deeds)[number];

/** One step of a machine's life. */
export interface LifeStep {
  /** How long after the step before, in words: "2 days". Default: at once. */
  after?: string;
  /** `backup` backs up now; `next-backup` says how the next backup ends. */
  do: Deed;
  /** Of a backup: `ok` (default), `warning` or `error`. */
  result?: string;
  /** False: the machine registers, and comes online later. */
  online?: boolean;
}

/** A machine that somebody installs once a registration token has been issued in a tenant. */
export interface MachineScript {
  hostname?: string;
  /** WINDOWS (default), LINUX or MACOSX. */
  family?: string;
  /** The id or name of the only tenant in which there is such a machine. Default: each tenant has one. */
  tenant?: string;
  /** How long after the token it registers: short for a first step of `life`. */
  installAfter?: string;
  /** What happens to it. The first step registers it. */
  life?: LifeStep[];
}

/** The machine of a script in one tenant. */
export interface MachineLife {
  script: MachineScript;
  steps: readonly LifeStep[];
  tenantId: string;
  /** What it registers with. Undefined while it waits for a token that works. */
  token: string | undefined;
  agentId: string | undefined;
  /** How many steps are done, and when the last one was. */
  done: number;
  since: number;
}

/** Adds a script to the world. @throws {Error} that names the field, which is below `field`, if the script is wrong. */
export function addScript(world: World, script: MachineScript, field: string): void {
  const steps = stepsOf(script);
  if (script.installAfter !== undefined) delayMs(script.installAfter, `${field}.installAfter`);
  if (steps[0]?.do !== 'register')
    throw new Error(
      `${field}.life: the first step must be {"do":"register"}, or give installAfter, such as "10 minutes"`,
    );
  for (const [at, step] of (script.life ?? []).entries()) checkStep(step, `${field}.life[${at}]`);
  world.machineScripts.push(script);
}

/** The steps of a script in order. */
export function stepsOf({ installAfter, life = [] }: MachineScript): LifeStep[] {
  return installAfter === undefined ? life : [{ after: installAfter, do: 'register' }, ...life];
}

function checkStep({ after, do: deed, result }: LifeStep, field: string): void {
  if (!deeds.includes(deed)) throw new Error(`${field}.do: ${JSON.stringify(deed)} must be one of ${deeds.join(', ')}`);
  if (after !== undefined) delayMs(after, `${field}.after`);
  if (result !== undefined && !(results as readonly string[]).includes(result))
    throw new Error(`${field}.result: ${JSON.stringify(result)} must be one of ${results.join(', ')}`);
}

/** A duration in words as milliseconds. A bare number is refused but for 0: nobody knows its unit. */
export function delayMs(words: string, field: string): number {
  const length = typeof words === 'string' && (/[a-z]/i.test(words) || words === '0') ? ms(words as StringValue) : NaN;
  if (!(length >= 0)) throw new Error(`${field}: ${JSON.stringify(words)} must be a duration, such as "2 days"`);
  return length;
}
