import { z } from 'zod';
import { choices } from '../../contract/decisions.js';

const cell = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);

export const pageOfRowsSchema = z
  .object({
    items: z.array(z.record(z.string(), cell).readonly()).readonly(),
    next: z.string().optional().describe('Continues the list: send it as "after"'),
    note: z.string().optional().describe('What a reader must know of the rows'),
  })
  .describe('One page of a look-up; every row has the same fields');

const plannedStep = z.object({
  step: z.string(),
  state: z.enum(['would do', 'would check', 'would wait', 'already done', 'refused', 'blocked']),
  summary: z.string(),
  calls: z.array(z.string()).describe('Method and path of each call of the vendor, in order'),
  undo: z.string().nullable(),
  irreversible: z.string().optional().describe('Why it cannot be undone'),
  uncertain: z.string().optional().describe('Why the run may not do this step'),
});

export const planSchema = z
  .object({
    verdict: z.enum(['would do', 'would join', 'would wait for a person', 'would be refused']),
    operation: z.string(),
    id: z.string().describe('The id that its run would have'),
    steps: z.array(plannedStep),
    joins: z
      .object({
        id: z.string(),
        runId: z.string(),
        state: z.string(),
        step: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional()
      .describe('The open run that a start would join'),
    cannotBeUndone: z.array(z.string()),
    warnings: z.array(z.string()),
    refused: z.array(z.string()).describe('Why it would be refused'),
    waits: z
      .array(z.object({ step: z.string(), type: z.string(), message: z.string(), choices: z.array(z.enum(choices)) }))
      .describe('Why its run would block'),
    planHash: z.string().describe('Changes with the input and with what was looked up'),
  })
  .describe('What an operation would do now, as "tenantry plan" says it');
