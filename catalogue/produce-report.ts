import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { duration, commonFields, createReader, shortKey, tenantRef, toTenantKeyPart } from './input.js';
import {
  PRODUCE_REPORT,
  reportFormats,
  reportKinds,
  reportLevels,
  type ProduceReportOrder,
} from '../workflows/produce-report/contract.js';

const oneOf = <Word extends string>(words: readonly Word[]) => z.enum(words, `must be one of ${words.join(', ')}`);

const today = () => new Date().toISOString().slice(0, 10);

const day = () =>
  z.iso
    .date('must be a day such as "2024-07-01"')
    .refine((text) => text <= today(), 'must not be in the future: the days are counted by UTC');

const period = () =>
  z
    .strictObject({ start: day(), end: day() })
    .refine(({ start, end }) => start <= end, { path: ['end'], message: 'must not be before start' });

/** The kinds with a period; the others report the current billing month. */
const periodKinds: readonly string[] = ['usage_daily', 'usage_summary'];

const schema = z
  .strictObject({
    tenant: tenantRef()
      .optional()
      .describe(
        "The tenant of the report: by id, your own customer id or exact name; the API client's own tenant by default",
      ),
    kind: oneOf(reportKinds).describe(
      'usage_current: the current billing month; usage_summary: a period; usage_daily: each day of it',
    ),
    level: oneOf(reportLevels).describe(
      'What it covers in addition: direct_partners, all_partners, all_customers, or accounts with their users',
    ),
    period: period().optional().describe('First and last day, for usage_summary and usage_daily'),
    format: oneOf(reportFormats).default('csv_v2_0').describe('rows can be read from csv_v2_0 and json_v2_0'),
    showSkus: z.boolean().default(false).describe("Include the vendor's order numbers; not every partner may see them"),
    hideZeroUsage: z.boolean().default(false).describe('Omit what is not used'),
    within: duration().default('1 hour').describe('How long the cloud may take before a person is asked'),
    ...commonFields,
  })
  .superRefine(({ kind, period: days }, context) => {
    const needed = periodKinds.includes(kind);
    if (needed === (days !== undefined)) return;
    const message = needed
      ? `is missing: ${kind} is about a period`
      : `does not go with ${kind}, which is about the current billing month; usage_summary is about a period`;
    context.addIssue({ code: 'custom', path: ['period'], message });
  });

/** The business key: the caller's reference, else the tenant and the kind of report. */
function keyOf({ externalRef, tenant, kind, level, period: days }: ProduceReportOrder): string {
  const words = [toTenantKeyPart(tenant), kind, level, ...Object.values(days ?? {})];
  return shortKey(externalRef ?? words.join('-'));
}

export const produceReportEntry: CatalogueEntry = {
  name: PRODUCE_REPORT,
  summary: 'Orders a usage report from the cloud, waits for it, and stores its file.',
  schema,
  read: createReader<ProduceReportOrder>(schema, keyOf),
};
