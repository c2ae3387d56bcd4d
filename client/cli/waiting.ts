import type { Client } from '@temporalio/client';
import { whyNoAnswer } from '../workers.js';
import { stderr } from './output.js';

/** Nobody needs to know of a shorter wait. */
const SOON_MS = 5000;

/** Says on standard error, once, why a workflow has not answered yet. Ends as the answer does. */
export async function awaitAloud<Answer>(
  client: Client,
  { id, taskQueue }: { id: string; taskQueue: string },
  answer: Promise<Answer>,
): Promise<Answer> {
  let isOver = false;
  const say = async () => {
    const { message } = await whyNoAnswer(client, id, taskQueue);
    if (!isOver) stderr(`No answer yet: ${message}`);
  };
  const timer = setTimeout(() => void say().catch(() => undefined), SOON_MS);
  try {
    return await answer;
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
}
