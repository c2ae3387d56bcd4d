import type { Mutant } from './mutant.js';

export const httpApiMutants: readonly Mutant[] = [
  {
    mistake: 'an answer with the names of people stays in Temporal',
    file: 'client/ask-worker.ts',
    find: 'if (begun) await deleteRun(client, workflowId).catch(nothing);',
    replace: 'if (begun) nothing();',
    caughtIn: 'gateway/api/asking',
    title: 'every question is deleted with its answer',
  },
  {
    mistake: 'a page of a look-up begins with the last row of the page before',
    file: 'lookups/page.ts',
    find: '      found = placeOf(row) === after;\n      continue;',
    replace: '      found = placeOf(row) === after;\n      if (!found) continue;',
    caughtIn: 'gateway/api/asking',
    title: 'a look-up comes page by page',
  },
  {
    mistake: 'an Idempotency-Key does not look at the body',
    file: 'client/idempotent-start.ts',
    find: 'JSON.stringify([operation, sorted(input)])',
    replace: 'JSON.stringify([operation])',
    caughtIn: 'gateway/api/idempotency',
    title: 'the same key with another body',
  },
  {
    mistake: 'a request is carried out although the audit log cannot be written',
    file: 'gateway/api/auditing.ts',
    find: '      throw new Problem(\n        503,',
    replace: '      if (request.id === "") throw new Problem(\n        503,',
    caughtIn: 'gateway/api/audit',
    title: 'while the log cannot be written, nothing is changed',
  },
];
