/** Days on which a plan backs up. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export type Weekday = (typeof weekdays)[number];

/** When a plan backs up whole machines to the cloud, and how long it keeps the backups. */
export interface BackupRule {
  days: Weekday[];
  /** Hour and minute in the machine's own time: "21:00". */
  at: string;
  /** A duration in words; the platform gets it in whole days. */
  keep: string;
}

/** Our own plan templates; the order's `backup` overrides them. */
export const planTemplates = {
  /** At noon of a working day a workstation is likely to be on. */
  workstations: { days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], at: '12:00', keep: '30 days' },
  servers: { days: [...weekdays], at: '23:00', keep: '90 days' },
} as const satisfies Record<string, Readonly<{ days: readonly Weekday[]; at: string; keep: string }>>;

export type PlanTemplate = keyof typeof planTemplates;
