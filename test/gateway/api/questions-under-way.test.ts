import { expect, test } from '@jest/globals';
import { QuestionsUnderWay } from '../../../gateway/api/questions-under-way.js';

/** Questions that nobody answers yet. */
function waiting(questions: QuestionsUnderWay, cloud: string, many: number) {
  const answers: (() => void)[] = [];
  const asked = Array.from(
    { length: many },
    async () => await questions.ask(cloud, async () => await new Promise<void>((answer) => void answers.push(answer))),
  );
  return { asked, answerAll: () => answers.forEach((answer) => answer()) };
}

test('a cloud that does not answer takes ten places, and the other clouds have theirs', async () => {
  const questions = new QuestionsUnderWay();
  const slow = waiting(questions, 'slow', 10);

  await expect(questions.ask('slow', async () => 'answer')).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('about the cloud slow') as unknown,
  });
  expect(await questions.ask('quick', async () => 'answer')).toBe('answer');

  slow.answerAll();
  await Promise.all(slow.asked);
  expect(await questions.ask('slow', async () => 'answer')).toBe('answer');
});

test('all clouds together take forty, whatever they are called', async () => {
  const questions = new QuestionsUnderWay();
  const many = Array.from({ length: 40 }, (_, at) => waiting(questions, `cloud-${at}`, 1));

  await expect(questions.ask('another', async () => 'answer')).rejects.toMatchObject({ status: 503 });

  for (const { asked, answerAll } of many) {
    answerAll();
    await Promise.all(asked);
  }
  expect(await questions.ask('another', async () => 'answer')).toBe('answer');
});
