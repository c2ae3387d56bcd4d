/** A customer in the simulator. */
export interface SimulatorCustomer {
  id: string;
  name: string;
  twoFactor: boolean;
  items: string[];
  users: { login: string; roles: string[]; mails: number }[];
}

const WANTED_ITEMS = 'storage,workstations';

/** Everything that is wrong: customers that are missing, duplicated, incomplete, or that nobody ordered. */
export function findProblems(
  ordered: readonly { name: string; login: string }[],
  held: readonly SimulatorCustomer[],
): string[] {
  const problems: string[] = [];
  const byName = new Map<string, SimulatorCustomer[]>();
  for (const one of held) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  for (const { name, login } of ordered) {
    const found = byName.get(name) ?? [];
    byName.delete(name);
    if (found.length !== 1) problems.push(`${name}: there are ${found.length} of it`);
    else problems.push(...problemsOfCustomer(found[0]!, login).map((what) => `${name}: ${what}`));
  }
  for (const name of byName.keys()) problems.push(`${name}: nobody ordered it`);
  return problems;
}

function problemsOfCustomer({ twoFactor, items, users }: SimulatorCustomer, login: string): string[] {
  const [user] = users;
  const checks: [boolean, string][] = [
    [items.toSorted().join(',') === WANTED_ITEMS, `has the items ${items.join(',') || 'none'}`],
    [twoFactor, 'has no two-factor rule'],
    [users.length === 1 && user?.login === login, `has the users ${users.map((one) => one.login).join(',') || 'none'}`],
    [user?.roles.join(',') === 'company_admin', `its user has the roles ${user?.roles.join(',') ?? 'none'}`],
    [(user?.mails ?? 0) >= 1, 'its user got no mail'],
    [(user?.mails ?? 0) <= 2, `its user got ${user?.mails} mails`],
  ];
  return checks.filter(([fine]) => !fine).map(([, what]) => what);
}
