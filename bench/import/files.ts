import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const refOf = (nth: number) => `I-${nth}`;
export const nameOf = (nth: number) => `Import ${nth}, Inc`;
/** One row of a hundred has the login of another customer, so that the vendor refuses it. */
export const isBad = (nth: number) => nth % 100 === 50;

export const rowsFile = (folder: string) => join(folder, 'customers.csv');

/** Writes the rows and what belongs to them, and gives the settings of a worker that imports them. */
export async function writeImportFiles(folder: string, rows: number): Promise<Record<string, string>> {
  const plan = { offeringItems: ['workstations', 'storage'], quotas: { workstations: { perUnit: 1 } } };
  const lines = Array.from({ length: rows }, (_, nth) => {
    const email = `it${isBad(nth) ? nth - 50 : nth}@import.example`;
    return `${refOf(nth)},"${nameOf(nth)}",${email},standard,${(nth % 9) + 1}`;
  });
  const files = {
    'sources.json': JSON.stringify({ csv: { kind: 'csv' } }),
    'plans.json': JSON.stringify({ plans: { standard: plan } }),
    'customers.csv': ['reference,name,email,plan,quantity', ...lines, ''].join('\n'),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return {
    TENANTRY_SOURCES: join(folder, 'sources.json'),
    TENANTRY_PLANS: join(folder, 'plans.json'),
    TENANTRY_ARTEFACTS_DIR: join(folder, 'store'),
  };
}
