import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, keyOfNamed, tenantRef, text } from './input.js';
import { CREATE_PLAN, type CreatePlanOrder } from '../workflows/create-plan/contract.js';
import { planTemplates, weekdays, type PlanTemplate } from '../contract/plan-templates.js';

/** What an order changes of a template. */
export const backupFields = () =>
  z.strictObject({
    days: z.array(z.enum(weekdays)).min(1).optional(),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be hour and minute, such as "21:00"')
      .optional()
      .describe("In the machine's own time"),
    keep: z
      .string()
      .regex(/^[1-9]\d{0,3} (days?|weeks?|years?)$/, 'must be days, weeks or years, such as "30 days"')
      .optional()
      .describe('How long backups are kept; whole days'),
  });

const schema = z.strictObject({
  tenant: tenantRef(),
  name: text(100).describe('Name of the plan; an existing plan of that name must be the same'),
  template: z.enum(Object.keys(planTemplates) as [PlanTemplate]).default('workstations'),
  backup: backupFields().default({}).describe('What differs from the template'),
  ...commonFields,
});

/** Fills in the backup settings from the template. */
export function withTemplate<Order extends Pick<CreatePlanOrder, 'template' | 'backup'>>(order: Order): Order {
  const { days, at, keep } = { ...planTemplates[order.template], ...order.backup };
  return { ...order, backup: { days: weekdays.filter((day) => days.includes(day)), at, keep } };
}

export const createPlanEntry: CatalogueEntry = {
  name: CREATE_PLAN,
  summary: 'Creates a protection plan for a customer: when to back up its machines, and how long to keep the backups.',
  schema,
  read: createReader<CreatePlanOrder>(schema, (order) => keyOfNamed(order, order.name), withTemplate),
};
