import type { Choice } from './decisions.js';

/** What to type to decide for a blocked run. */
export function commandsFor(id: string, choices: readonly Choice[]): string[] {
  return choices.map((choice) => {
    const input = choice === 'amend' ? ' --input order.json' : '';
    return `tenantry ${choice} ${quoted(id)}${input} --reason "…"`;
  });
}

/** A workflow id typed in Temporal's UI may be anything. */
function quoted(id: string): string {
  return /^[A-Za-z0-9:._@~-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}
