/** What a run that protects a customer waits for, in order. */
export const protectionMilestones = ['activated', 'agentOnline', 'planApplied', 'protected'] as const;
export type ProtectionMilestone = (typeof protectionMilestones)[number];

/** How far the protection of a customer is. Times are ISO 8601: when the run saw it first. */
export interface Protection {
  /** Only those that are reached. `activated`: a user of the customer can log in. It comes at any time, or never. */
  milestones: Partial<Record<ProtectionMilestone, string>>;
  /** What must come next; absent once the customer is protected. */
  missing?: ProtectionWait;
  machines: MachineCounts;
  /** With which machines register; absent when the run has none to give. */
  token?: { secretRef: string; expiresAt: string | null };
}

/** What a run waits for, since when, and who must act so that it comes. */
export interface ProtectionWait {
  what: string;
  since: string;
  whoMustAct: 'customer' | 'operator' | 'nobody';
}

/** `protected`: a backup has succeeded. `failing`: the newest backup has failed, and none has succeeded yet. */
export interface MachineCounts {
  expected: number;
  registered: number;
  withPlan: number;
  protected: number;
  failing: number;
}

/** What one look at a customer has shown of its protection. */
export interface ProtectionSight {
  /** `off`: it, or a tenant above it, is disabled. */
  tenant: 'on' | 'off' | 'gone';
  /** True for a tenant that is gone because somebody has deleted it; absent when the cloud only does not show it. */
  deleted?: boolean;
  /** True when a user can log in. */
  activated: boolean;
  /** True when an agent is online. */
  online: boolean;
  machines: Omit<MachineCounts, 'expected'>;
  /** How many machines that wait for their first good backup are off; absent when the agents do not show it. */
  offline?: number;
  /** Ids of machines without any plan: the first thousand. */
  bare: string[];
}

/** The most machines of one call that applies a plan. */
export const MOST_MACHINES_PER_CALL = 100;

/** How many machines without a plan a look names. More hide those that are new among those whose plan somebody has revoked. */
export const MOST_BARE = 1000;
