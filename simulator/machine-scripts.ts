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

/** Adds a script to the world. @throws {Error} as `checkScript` does. */
export function addScript(world: World, script: MachineScript, field: string): void {
  checkScript(script, field);
  world.machineScripts.push(script);
}

/** Checks scripts that come from outside. @throws {Error} that names the field. */
export function checkScripts(scripts: unknown): void {
  if (!Array.isArray(scripts)) throw new Error('machines must be a list, such as [{"installAfter":"10 minutes"}]');
  for (const [at, script] of scripts.entries()) checkScript(script as MachineScript, `machines[${at}]`);
}

/** Refuses a script that is wrong. @throws {Error} that names the field, which is below `field`. */
function checkScript(script: MachineScript, field: string): void {
  checkFields(script, ['hostname', 'family', 'tenant', 'installAfter', 'life'], field);
  for (const name of ['hostname', 'family', 'tenant'] as const)
    if (script[name] !== undefined && typeof script[name] !== 'string')
      throw new Error(`${field}.${name}: must be a text`);
  const { installAfter, life = [] } = script;
  if (installAfter !== undefined) delayMs(installAfter, `${field}.installAfter`);
  if (!Array.isArray(life)) throw new Error(`${field}.life: must be a list of steps`);
  for (const [at, step] of life.entries()) checkStep(step, `${field}.life[${at}]`);
  const registrations = stepsOf(script).map((step) => step.do === 'register');
  if (registrations[0] !== true || registrations.lastIndexOf(true) > 0)
    throw new Error(
      `${field}.life: the first step must be {"do":"register"}, and no other; or give installAfter, such as "10 minutes"`,
    );
}

function checkStep(step: LifeStep, field: string): void {
  checkFields(step, ['after', 'do', 'result', 'online'], field);
  const { after, do: deed, result } = step;
  if (!deeds.includes(deed)) throw new Error(`${field}.do: ${JSON.stringify(deed)} must be one of ${deeds.join(', ')}`);
  if (after !== undefined) delayMs(after, `${field}.after`);
  if (result !== undefined && !(results as readonly string[]).includes(result))
    throw new Error(`${field}.result: ${JSON.stringify(result)} must be one of ${results.join(', ')}`);
}

function checkFields(given: object, known: readonly string[], field: string): void {
  if (typeof given !== 'object' || given === null) throw new Error(`${field}: must be an object`);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`${field}.${unknown}: is not known; known: ${known.join(', ')}`);
}

/** The steps of a script in order. */
export function stepsOf({ installAfter, life = [] }: MachineScript): LifeStep[] {
  return installAfter === undefined ? life : [{ after: installAfter, do: 'register' }, ...life];
}

/** A duration in words as milliseconds. A bare number is refused but for 0: nobody knows its unit. */
export function delayMs(words: string, field: string): number {
  const length = typeof words === 'string' && (/[a-z]/i.test(words) || words === '0') ? ms(words as StringValue) : NaN;
  if (!(length >= 0)) throw new Error(`${field}: ${JSON.stringify(words)} must be a duration, such as "2 days"`);
  return length;
}
