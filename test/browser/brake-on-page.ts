import type { Client } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { ASK_BRAKE_SIGNAL } from '../../contract/brake.js';
import { questionOf, questionsOf } from '../support/brakes.js';
import { faultsOf } from './looks.js';

/** Somebody engages the brake, customers wait, and one is released. All screens say so, without being loaded again. */
export async function engageAndRelease(page: Page, client: Client): Promise<string[]> {
  await page.getByText('Nothing is done for 1 customer').waitFor();
  await page.getByRole('link', { name: 'See who' }).click();
  await page.getByText('Nothing is done for these customers').waitFor();
  await page.getByRole('link', { name: 'The brake' }).click();
  await page.getByText('Engage it now').click();
  await page.locator('#engage-reason').fill('the shop sends nonsense');
  await page.getByRole('button', { name: 'Engage the brake' }).click();
  const banner = page.locator('#banner');
  await banner.getByText('The brake is engaged').waitFor();
  const brake = client.workflow.getHandle('brake:default');
  for (const question of questionsOf(3)) await brake.signal(ASK_BRAKE_SIGNAL, question);
  await banner.getByText('3 wait: look and decide').waitFor();
  const faults = await faultsOf(page, 'brake');
  await page.getByLabel('C-1 Disable').check();
  // what is chosen stays while the screen changes
  await brake.signal(ASK_BRAKE_SIGNAL, questionOf(3));
  await page.getByLabel('C-3 Disable').waitFor();
  await page.locator('#reason').fill('has really left');
  await page.getByRole('button', { name: 'Release the chosen' }).click();
  await banner.getByText('3 wait: look and decide').waitFor();
  await page.getByText('ann chose release for 1: has really left').waitFor();
  return faults;
}
