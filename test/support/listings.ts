import { brakeText } from '../../client/cli/brake-text.js';
import { runsTable } from '../../client/cli/format.js';
import { changesText, reconcileText } from '../../client/cli/overview-text.js';
import type { BrakeStatus } from '../../contract/brake.js';
import type { ListedRun } from '../../client/list.js';
import type { Change } from '../../client/overview/changes.js';
import type { Mismatch } from '../../client/overview/reconcile.js';

const tenants = ['ca49444f-8719-4a83-a69e-920bd09728c7', 'ca49444f-2b7e-4c1d-9f0a-5d6e7f8091a2'];
const at = (minute: number) => `2026-12-01T08:${String(minute).padStart(2, '0')}:11.946Z`;

const runs: ListedRun[] = [
  {
    id: 'provisionCustomer:customer-inc',
    runId: '1',
    operation: 'provisionCustomer',
    state: 'completed',
    tenantId: tenants[0]!,
    startedAt: at(42),
  },
  {
    id: 'switchEdition:株式会社アクメ',
    runId: '2',
    operation: 'switchEdition',
    state: 'running',
    waitsFor: 'provisionCustomer:customer-inc',
    tenantId: tenants[1]!,
    startedAt: at(40),
  },
  {
    id: 'addUser:müller-söhne_jane.doe',
    runId: '3',
    operation: 'addUser',
    state: 'blocked',
    reason: 'Acronis.Taken',
    step: 'ensureUser',
    startedAt: at(7),
  },
];

const changes: Change[] = [
  {
    at: at(42),
    kind: 'run',
    what: 'provisionCustomer',
    state: 'completed',
    ref: 'C-1001',
    tenantId: tenants[0]!,
    by: {
      kind: 'customer',
      id: 'customer:C-1001',
      lastEvent: { source: 'shop', id: 'evt_1P8s', type: 'paid', at: at(41) },
    },
  },
  {
    at: at(40),
    kind: 'decision',
    what: 'extendGrace',
    ref: 'C-1002 👩‍🔧 Repairs',
    by: { kind: 'person', name: 'ann', verified: true },
    why: 'agreed with the customer on the phone, see ticket 4711',
  },
];

const mismatches: Mismatch[] = [
  {
    kind: 'soldIsNotSet',
    ref: 'C-1001',
    name: 'Customer, Inc',
    tenantId: tenants[0]!,
    field: 'quotas.storage',
    sold: '2500 GiB',
    set: '2000 GiB',
    why: 'somebody has changed it in the console',
  },
];

const brake: BrakeStatus = {
  cloud: 'default',
  engaged: { since: at(30), why: '6 disablings within an hour, more than 5' },
  counts: {
    hour: { granted: 5, limit: 5 },
    day: { granted: 5, limit: 10 },
    creations: { granted: 0, limit: 20 },
  },
  customers: 312,
  waiting: [
    { since: at(30), ref: 'C-1003', customer: 'x', kind: 'disable', what: 'disableTenant', why: 'shop: unpaid' },
  ],
  decisions: [],
};

const listings: readonly [command: string, text: () => string][] = [
  ['tenantry list', () => runsTable(runs)],
  ['tenantry changes', () => changesText(changes)],
  ['tenantry reconcile', () => reconcileText(mismatches)],
  ['tenantry brake status', () => brakeText(brake)],
];

const widths: readonly [heading: string, columns: number | undefined][] = [
  ['On a terminal of 80 columns', 80],
  ['On a terminal of 120 columns', 120],
  ['Without a terminal, or with `--wide`', undefined],
];

/** The page that shows how lists look, from fixed rows. */
export function listingsPage(): string {
  const sections = widths.map(([heading, columns]) => {
    const shown = inWidth(columns, () => listings.map(([command, text]) => `$ ${command}\n${text()}`).join('\n\n'));
    return `## ${heading}\n\n\`\`\`text\n${shown}\n\`\`\`\n`;
  });
  return `# How lists look

On a terminal a list takes no more room than there is. Times lose their seconds first. Then ids of tenants keep as many characters as tell them apart, then texts
are cut at their end, and at last the names in the first column in their middle; two of them never look the same. \`--wide\` shows everything, and so does a pipe.
A program takes \`--json\` or \`--csv\` (\`--output json\`, \`--output csv\`). \`--no-color\` and the variable \`NO_COLOR\` take the colours away.

A test makes this page from fixed rows: \`test/client/listings.test.ts\`.

${sections.join('\n')}`;
}

function inWidth<T>(columns: number | undefined, act: () => T): T {
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    return act();
  } finally {
    Object.assign(process.stdout, before);
  }
}
