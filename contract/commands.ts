import type { Choice } from './decisions.js';

/** What to type to decide for a blocked run. */
export function commandsFor(id: string, choices: readonly Choice[]): string[] {
  return choices.map((choice) => {
    const input = choice === 'amend' ? ' --input order.json' : '';
    return `tenantry ${choice} ${quoted(id)}${input} --reason "…"`;
  });
}

/** What to type while the grace of an offboarding runs. */
export function graceCommands(id: string, held: boolean): string[] {
  const run = quoted(id);
  return [
    `tenantry extend-grace ${run} --by "10 days" --reason "…"`,
    `tenantry ${held ? 'release' : 'hold'} ${run} --reason "…"`,
    `tenantry restore ${run} --reason "…"`,
  ];
}

/** A workflow id typed in Temporal's UI may be anything. */
function quoted(id: string): string {
  return /^[A-Za-z0-9:._@~-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}
