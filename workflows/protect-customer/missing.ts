import type { ProtectionMilestone, ProtectionSight, ProtectionWait } from '../../contract/protection.js';

/** The milestones that a look shows. A good backup also proves what must come before it. */
export function reachedBy({ activated, online, machines }: ProtectionSight, expected: number): ProtectionMilestone[] {
  const isProtected = machines.protected >= expected;
  const anyGood = machines.protected > 0;
  return [
    ...(activated ? (['activated'] as const) : []),
    ...((machines.registered > 0 && online) || anyGood ? (['agentOnline'] as const) : []),
    ...(machines.withPlan > 0 ? (['planApplied'] as const) : []),
    ...(isProtected ? (['protected'] as const) : []),
  ];
}

/**
 * What must come next, and who must act; undefined once as many machines as expected are protected. `revoked`: how many
 * machines have lost the plan that the run gave them.
 */
export function missingIn(
  { tenant, online, machines, bare, offline = 0 }: ProtectionSight,
  expected: number,
  revoked = 0,
): Omit<ProtectionWait, 'since'> | undefined {
  const { registered, withPlan, failing } = machines;
  if (machines.protected >= expected) return undefined;
  if (tenant === 'off') return { what: 'that the tenant is enabled again', whoMustAct: 'operator' };
  if (registered === 0) return { what: 'a machine with the agent installed', whoMustAct: 'customer' };
  const waiting = withPlan - machines.protected;
  const areOff = waiting > 0 && offline >= waiting;
  if (failing > 0 && !areOff)
    return { what: `a backup that succeeds: the last one of ${machinesText(failing)} failed`, whoMustAct: 'operator' };
  if (revoked > 0 && withPlan < expected)
    return { what: `the plan again: somebody has revoked it from ${machinesText(revoked)}`, whoMustAct: 'operator' };
  if (bare.length > revoked && withPlan < expected) return { what: 'the plan on a new machine', whoMustAct: 'nobody' };
  if (withPlan + bare.length < registered && withPlan < expected)
    return { what: 'a plan that backs up: a machine has one that does not', whoMustAct: 'operator' };
  if (!online && registered > machines.protected) return { what: 'a machine that is online', whoMustAct: 'customer' };
  if (registered < expected)
    return { what: `${machinesText(expected - registered)} more with the agent installed`, whoMustAct: 'customer' };
  if (areOff)
    return { what: `that ${machinesText(waiting)} ${waiting === 1 ? 'is' : 'are'} online`, whoMustAct: 'customer' };
  return { what: 'a first good backup', whoMustAct: 'nobody' };
}

function machinesText(count: number): string {
  return `${count} machine${count === 1 ? '' : 's'}`;
}
