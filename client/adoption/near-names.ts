/** Words for the legal form of a company, without accents and punctuation. Some countries write them as several words. */
const legalForms = new Set(
  (
    'ab ag aps as bv bvba co company corp corporation cv doo ead ek eood ev gbr gesmbh gmbh ag inc incorporated kg kgaa kft ' +
    'lda limited llc llp lp ltd ltda mbh nv ohg ood oy oyj partg plc pty pte pvt sa sagl sarl sas sca scs se sl slu sl snc ' +
    'spa sprl srl sro ug zrt sp z oo und and et y e'
  ).split(' '),
);

/**
 * What two near names have in common. Case, accents, punctuation and blanks do not count, nor the legal form at the end,
 * such as `Inc`, `GmbH & Co. KG` or `Sp. z o.o.`.
 */
function nearKey(name: string): string {
  const folded = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase();
  // "S.A." is one word
  const words = folded
    .replaceAll(/[.'’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const last = words.findLastIndex((word) => !legalForms.has(word));
  return (last === -1 ? words : words.slice(0, last + 1)).join('');
}

/** Answers which of these have a name near to a given one, in the order of their names. */
export function findNearNames<Named extends { name: string; tenantId: string }>(
  all: readonly Named[],
): (name: string) => Named[] {
  const byKey = new Map<string, Named[]>();
  for (const one of all.toSorted(byName)) byKey.set(nearKey(one.name), [...(byKey.get(nearKey(one.name)) ?? []), one]);
  return (name) => (nearKey(name) === '' ? [] : (byKey.get(nearKey(name)) ?? []));
}

function byName(one: { name: string; tenantId: string }, other: { name: string; tenantId: string }): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.tenantId < other.tenantId ? -1 : 1;
}
