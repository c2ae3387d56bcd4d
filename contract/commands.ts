import type { Choice, GraceChoice } from './decisions.js';

/** What a person can do about a run: decide, or read its status. */
export interface Action {
  choice: Choice | GraceChoice | 'status' | 'showReport';
  /** The run. */
  id: string;
}

const commands: Readonly<Record<Action['choice'], (id: string) => string>> = {
  retry: (id) => `retry ${id} --reason "…"`,
  amend: (id) => `amend ${id} --input order.json --reason "…"`,
  skip: (id) => `skip ${id} --reason "…"`,
  abort: (id) => `abort ${id} --reason "…"`,
  extendGrace: (id) => `extend-grace ${id} --by "10 days" --reason "…"`,
  hold: (id) => `hold ${id} --reason "…"`,
  release: (id) => `release ${id} --reason "…"`,
  restore: (id) => `restore ${id} --reason "…"`,
  status: (id) => `status ${id}`,
  showReport: (id) => `show report ${id}`,
};

/** The command line that does it. */
export function commandFor({ choice, id }: Action): string {
  return `tenantry ${commands[choice](quoted(id))}`;
}

/** The command lines that decide for a run. */
export function commandsFor(id: string, choices: readonly Action['choice'][]): string[] {
  return choices.map((choice) => commandFor({ choice, id }));
}

/** A workflow id that somebody chose in Temporal's UI may hold any character. */
function quoted(id: string): string {
  return /^[A-Za-z0-9:._@~-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}
