import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const root = new URL('../../../', import.meta.url);
const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', root)), 'utf8');
/** Set to make the images of the documents again. */
const PICTURES = process.env['TENANTRY_TEST_PICTURES'];

interface Findings {
  violations: { id: string; nodes: { target: string[] }[] }[];
}

const looks = [
  ['', { width: 1100, height: 700, colorScheme: 'light' }],
  ['-dark', { width: 1100, height: 700, colorScheme: 'dark' }],
  ['-phone', { width: 360, height: 700, colorScheme: 'light' }],
] as const;

/** What axe finds on this screen, and what is too wide, in light, dark and on a phone. `part`: what a picture shows. */
export async function faultsOf(page: Page, name: string, part?: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [suffix, { colorScheme, ...size }] of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const { violations } = await page.evaluate<Findings>(`${axe};axe.run()`);
    for (const { id, nodes } of violations)
      faults.push(`${name}${suffix}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
      faults.push(`${name}${suffix}: too wide`);
    if (PICTURES !== undefined && !(suffix === '-dark' && name !== 'board')) {
      const path = fileURLToPath(new URL(`docs/images/page-${name}${suffix}.png`, root));
      if (part !== undefined)
        await page.locator(part).evaluate((found: { scrollIntoView(): void }) => found.scrollIntoView());
      await page.screenshot({ path, fullPage: suffix !== '-phone' && part === undefined });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1100, height: 700 });
  return faults;
}

/** Presses Tab until what this selector finds has the focus; a person without a mouse gives up later. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Everything that the policy of the page has blocked. */
export async function reportsOf(page: Page): Promise<string[]> {
  const reports: string[] = [];
  await page.exposeFunction('report', (what: string) => void reports.push(what));
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => report(event.violatedDirective))`);
  page.on('pageerror', ({ message }) => void reports.push(message));
  return reports;
}
