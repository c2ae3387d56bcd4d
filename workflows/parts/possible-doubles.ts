import type { Leftover } from '../../contract/status.js';

/** Names things that a call without an answer may have made besides the one that the run uses. */
export function possibleDoubles(kind: 'agent-token' | 'api-client' | 'group', ids: readonly string[]): Leftover[] {
  const remove = kind === 'agent-token' ? 'revoke' : 'delete';
  const reason = `this run or somebody else has made it; ${remove} it unless somebody uses it`;
  return ids.map((id) => ({ kind, id, reason }));
}

/** The same for reports, which a person finds by their tenant. */
export function possibleReports(tenantId: string, ids: readonly string[]): Leftover {
  const reason = `this run or somebody else has ordered ${ids.join(', ')}; delete what nobody needs`;
  return { kind: 'report', id: tenantId, reason };
}
