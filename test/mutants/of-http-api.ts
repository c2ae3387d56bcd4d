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
  {
    mistake: 'a key that is limited to a part of the tenant tree sees every tenant that has a place',
    file: 'gateway/api/tree/part-of-tree.ts',
    find: 'return line.some((id) => tops.includes(id)) ? place : undefined;',
    replace: 'return line.some((id) => tops.includes(id)) ? place : place;',
    caughtIn: 'gateway/api/starts-in-part',
    title: 'of a tenant elsewhere is refused before anything starts',
  },
  {
    mistake: 'a limited key joins the runs of others that have the same business key',
    file: 'gateway/api/tree/start-within.ts',
    find: 'if ((await part.runsIn(runs)).length < runs.length) throw taken(part);',
    replace: 'if ((await part.runsIn(runs)).length > runs.length) throw taken(part);',
    caughtIn: 'gateway/api/starts-in-part',
    title: 'a run of others with the same business key',
  },
];
