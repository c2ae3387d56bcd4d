import { expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const keys = { TENANTRY_CODEC_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
const env = useProcessEnvironment(keys);
const { tenantry } = env;

test('a worker without the key of a run: status and doctor say that it is there and what it lacks, and with the key the run goes on', async () => {
  await env.worker.stop();
  const order = JSON.stringify(anOrder());
  const started = await tenantry(['run', 'provisionCustomer', '--input', '-', '--no-wait', '--json'], {}, order);
  await env.replaceWorker({ TENANTRY_CODEC_KEYS: '' });
  const { id } = JSON.parse(started.stdout) as { id: string };
  const sentence = `fails at them: it was encrypted with the key k1, which TENANTRY_CODEC_KEYS lacks. Give workers and command line the same TENANTRY_CODEC_KEYS, the workers first.`;

  const status = await tenantry(['status', id]);
  const doctor = await tenantry(['doctor']);

  expect(status).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  expect(status.stderr).toMatch(new RegExp(`^${id} is running, but a worker that takes its tasks \\(tenantry@`));
  expect(doctor).toMatchObject({ code: 1 });
  expect(doctor.stdout).toMatch(
    new RegExp(`runs: the worker tenantry@.* fails at ${id}: it was encrypted with the key k1`),
  );

  await env.worker.stop();
  await env.replaceWorker();
  expect(await tenantry(['run', 'provisionCustomer', '--input', '-'], {}, order)).toMatchObject({ code: 0 });
  expect((await tenantry(['doctor'])).stdout).toContain('runs: none is open');
});
