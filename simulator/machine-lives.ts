import { backUpTimed, findMachine, registerMachine, reinstallMachine, removeMachine } from './machine-changes.js';
import { delayMs, stepsOf, type LifeStep, type MachineLife } from './machine-scripts.js';
import type { RegistrationToken } from './registration-tokens.js';
import type { World } from './world.js';

/** Starts the machines that wait for a token of this tenant. A machine that is installed already stays as it is. */
export function beginLives(world: World, { tenantId, token }: RegistrationToken): void {
  for (const script of world.machineScripts) {
    if (script.tenant !== undefined && ![tenantId, world.tenants.get(tenantId)!.name].includes(script.tenant)) continue;
    const before = world.machineLives.find((life) => life.script === script && life.tenantId === tenantId);
    const fresh = { token, done: 0, since: world.time() };
    if (before === undefined)
      world.machineLives.push({ script, steps: stepsOf(script), tenantId, agentId: undefined, ...fresh });
    else if (before.token === undefined) Object.assign(before, fresh);
  }
}

/** When the next step of a life is due, in milliseconds; undefined if there is none, or it waits for a token. */
export function nextStepAt(world: World, { steps, done, since, token, tenantId }: MachineLife): number | undefined {
  const step = steps[done];
  const isOver = step === undefined || world.tenants.get(tenantId)?.deleted_at !== null;
  if (isOver || (done === 0 && token === undefined)) return undefined;
  return since + delayMs(step.after ?? '0', 'after');
}

/** Does the next step of a life, at this time. A machine that is gone does nothing more. */
export function takeStep(world: World, life: MachineLife, at: number): void {
  const step = life.steps[life.done]!;
  Object.assign(life, { done: life.done + 1, since: at });
  if (step.do === 'register') return register(world, life, step, at);
  const machine = life.agentId === undefined ? undefined : findMachine(world, life.agentId);
  if (machine === undefined) return;
  const { agent, resource } = machine;
  if (step.do === 'online' || step.do === 'offline') agent.online = step.do === 'online';
  else if (step.do === 'next-backup') agent.nextResults.push(step.result ?? 'ok');
  else if (step.do === 'backup') backUpTimed(world, resource.id, at, step.result);
  else if (step.do === 'remove') removeMachine(world, agent.id);
  else life.agentId = reinstallMachine(world, agent.id, { registered: new Date(at) }).agentId;
}

/** Registers with the token that was issued first, or the newest that works. Without one, it waits for another. */
function register(world: World, life: MachineLife, { online = true }: LifeStep, at: number): void {
  const { script, tenantId } = life;
  const newer = [...world.registrationTokens.values()].filter((one) => one.tenantId === tenantId).toReversed();
  for (const token of [life.token!, ...newer.map((one) => one.token)])
    try {
      const facts = { hostname: script.hostname, family: script.family, online, registered: new Date(at) };
      life.agentId = registerMachine(world, { token, ...facts }).agentId;
      return;
    } catch {
      // the next token may work
    }
  Object.assign(life, { token: undefined, done: 0 });
}
