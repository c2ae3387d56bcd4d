/** The way from sold to protected, in order. */
export const milestones = ['provisioned', 'activated', 'agentOnline', 'planApplied', 'protected'] as const;
export type Milestone = (typeof milestones)[number];

/** When each was reached, in ISO 8601; null while it is not reached, or not known. */
export type Milestones = Record<Milestone, string | null>;

/** Those that were reached, and null for all others. */
export function everyMilestone(reached: Partial<Milestones> = {}): Milestones {
  const entries = milestones.map((milestone) => [milestone, reached[milestone] ?? null]);
  return Object.fromEntries(entries) as Milestones;
}
